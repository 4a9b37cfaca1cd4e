package pod

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// Port is one port that a container listens on.
type Port struct {
	Name      string // as probes, services and monitors refer to it
	Container int    // 1 to 65535
	Service   int    // the Service's port that leads here; 0 means none does
	Node      int    // the port of every node that leads to the Service, 30000 to 32767; 0 means none does
	UDP       bool   // else TCP
}

// Container is one process image of a pod. It runs as [Pod.User] on a
// read-only root, with every capability dropped.
type Container struct {
	Name      string
	Image     string // repository:tag; never latest
	Command   []string
	Args      []string
	Env       []EnvVar
	EnvFrom   []string // ConfigMaps; Secrets are named key by key in Env
	Ports     []Port
	Resources config.Resources
	Probes    Probes
	Mounts    []Mount

	// DrainSeconds is how long it goes on serving after it was told to stop:
	// until then edge and Services still send it requests. 0 means that it
	// stops at once. Kubernetes before 1.30 takes no notice of it.
	DrainSeconds int

	// BeforeStop is run inside the container before it is told to stop.
	BeforeStop []string
}

func (c Container) args(exempt Exemption) corev1.ContainerArgs {
	args := corev1.ContainerArgs{
		Name:            pulumi.String(c.Name),
		Image:           pulumi.String(c.Image),
		ImagePullPolicy: pulumi.String("IfNotPresent"), // a pinned version does not move
		Resources:       resourceRequirements(c.Resources),
		SecurityContext: hardened(exempt),
		StartupProbe:    c.Probes.Startup.args(),
		ReadinessProbe:  c.Probes.Readiness.args(),
		LivenessProbe:   c.Probes.Liveness.args(),
	}
	if len(c.Command) > 0 {
		args.Command = pulumi.ToStringArray(c.Command)
	}
	if len(c.Args) > 0 {
		args.Args = pulumi.ToStringArray(c.Args)
	}
	args.Env, args.EnvFrom = c.environment()
	args.Ports = c.ports(exempt.HostNetwork)
	args.VolumeMounts = c.mounts()
	args.Lifecycle = c.lifecycle()
	return args
}

func (c Container) lifecycle() corev1.LifecyclePtrInput {
	switch {
	case len(c.BeforeStop) > 0:
		return corev1.LifecycleArgs{PreStop: corev1.LifecycleHandlerArgs{
			Exec: corev1.ExecActionArgs{Command: pulumi.ToStringArray(c.BeforeStop)},
		}}
	case c.DrainSeconds > 0:
		return corev1.LifecycleArgs{PreStop: corev1.LifecycleHandlerArgs{
			Sleep: corev1.SleepActionArgs{Seconds: pulumi.Int(c.DrainSeconds)},
		}}
	default:
		return nil
	}
}

func (c Container) environment() (corev1.EnvVarArray, corev1.EnvFromSourceArray) {
	var env corev1.EnvVarArray
	for _, e := range c.Env {
		env = append(env, e.args())
	}
	var from corev1.EnvFromSourceArray
	for _, name := range c.EnvFrom {
		from = append(from, corev1.EnvFromSourceArgs{
			ConfigMapRef: corev1.ConfigMapEnvSourceArgs{Name: pulumi.String(name)},
		})
	}
	return env, from
}

// ports of a pod on its node's network are the node's: the scheduler has to
// know, so that it never puts two on one.
func (c Container) ports(hostNetwork bool) corev1.ContainerPortArray {
	var ports corev1.ContainerPortArray
	for _, p := range c.Ports {
		one := corev1.ContainerPortArgs{
			Name: pulumi.String(p.Name), ContainerPort: pulumi.Int(p.Container), Protocol: p.Protocol(),
		}
		if hostNetwork {
			one.HostPort = pulumi.Int(p.Container)
		}
		ports = append(ports, one)
	}
	return ports
}

func (c Container) mounts() corev1.VolumeMountArray {
	var mounts corev1.VolumeMountArray
	for _, m := range c.Mounts {
		mounts = append(mounts, m.args())
	}
	return mounts
}

// Protocol is TCP or UDP, as Kubernetes writes them.
func (p Port) Protocol() pulumi.String {
	if p.UDP {
		return "UDP"
	}
	return "TCP"
}

// hardened is what Pod Security's level restricted asks of a container, and a
// read-only root on top, less what the pod is exempt from.
func hardened(exempt Exemption) corev1.SecurityContextArgs {
	if exempt.Privileged { // every right is every right: the server refuses to take some back
		return corev1.SecurityContextArgs{Privileged: pulumi.Bool(true), ReadOnlyRootFilesystem: pulumi.Bool(true)}
	}
	return corev1.SecurityContextArgs{
		AllowPrivilegeEscalation: pulumi.Bool(false),
		ReadOnlyRootFilesystem:   pulumi.Bool(true),
		RunAsNonRoot:             pulumi.Bool(!exempt.Root),
		Capabilities:             corev1.CapabilitiesArgs{Drop: pulumi.ToStringArray([]string{"ALL"})},
		SeccompProfile:           corev1.SeccompProfileArgs{Type: pulumi.String("RuntimeDefault")},
	}
}
