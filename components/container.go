package components

import (
	"errors"
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Port is one port that a container listens on.
type Port struct {
	Name      string // as probes, services and monitors refer to it
	Container int    // 1 to 65535
	Service   int    // the Service's port that leads here; 0 means none does
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
	Resources Resources
	Probes    Probes
	Mounts    []Mount

	// DrainSeconds is how long it goes on serving after it was told to stop:
	// until then edge and Services still send it requests. Its image needs a
	// shell. 0 means that it stops at once.
	DrainSeconds int
}

// Validate returns every fault at once.
func (c Container) Validate() error {
	faults := []error{required("name", c.Name), CheckImage(c.Image), c.Resources.Validate()}
	names := map[string]bool{}
	for _, p := range c.Ports {
		if p.Container < 1 || p.Container > 65535 {
			faults = append(faults, fmt.Errorf("port %q: %d is no port; use 1 to 65535", p.Name, p.Container))
		}
		if names[p.Name] {
			faults = append(faults, fmt.Errorf("port %q: is named twice; name each port once", p.Name))
		}
		names[p.Name] = true
	}
	for _, probe := range []*Probe{c.Probes.Startup, c.Probes.Readiness, c.Probes.Liveness} {
		if probe != nil && len(probe.Command) == 0 && !names[probe.Port] {
			faults = append(faults, fmt.Errorf("probe: port %q is not among the container's; name one of them", probe.Port))
		}
	}
	return errors.Join(faults...)
}

func (c Container) args() corev1.ContainerArgs {
	args := corev1.ContainerArgs{
		Name:            pulumi.String(c.Name),
		Image:           pulumi.String(c.Image),
		ImagePullPolicy: pulumi.String("IfNotPresent"), // a pinned version does not move
		Resources:       c.Resources.args(),
		SecurityContext: hardened(),
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
	args.Ports = c.ports()
	args.VolumeMounts = c.mounts()
	if c.DrainSeconds > 0 {
		args.Lifecycle = corev1.LifecycleArgs{PreStop: corev1.LifecycleHandlerArgs{Exec: corev1.ExecActionArgs{
			Command: pulumi.ToStringArray([]string{"sh", "-c", fmt.Sprintf("sleep %d", c.DrainSeconds)}),
		}}}
	}
	return args
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

func (c Container) ports() corev1.ContainerPortArray {
	var ports corev1.ContainerPortArray
	for _, p := range c.Ports {
		ports = append(ports, corev1.ContainerPortArgs{
			Name: pulumi.String(p.Name), ContainerPort: pulumi.Int(p.Container), Protocol: p.protocol(),
		})
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

func (p Port) protocol() pulumi.String {
	if p.UDP {
		return "UDP"
	}
	return "TCP"
}

// hardened is what Pod Security's level restricted asks of a container, and a
// read-only root on top.
func hardened() corev1.SecurityContextArgs {
	return corev1.SecurityContextArgs{
		AllowPrivilegeEscalation: pulumi.Bool(false),
		ReadOnlyRootFilesystem:   pulumi.Bool(true),
		RunAsNonRoot:             pulumi.Bool(true),
		Capabilities:             corev1.CapabilitiesArgs{Drop: pulumi.ToStringArray([]string{"ALL"})},
		SeccompProfile:           corev1.SeccompProfileArgs{Type: pulumi.String("RuntimeDefault")},
	}
}
