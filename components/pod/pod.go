// Package pod describes pods: containers, variables, volumes, probes,
// placement and what they may do beyond others.
package pod

import (
	"cmp"
	"maps"
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/account"
	"platform/components/object"
	"platform/config"
)

// revisionAnnotation carries a hash of the configuration and the secrets that
// a pod reads, so that a change of them rolls the pods.
const revisionAnnotation = "platform/revision"

// Pod describes the pods of one component. The first container is the main
// one; further ones stand beside it.
type Pod struct {
	Init         []Container // run one after the other before the containers
	Containers   []Container
	User         int                 // UID, over 0; the image's own; 0 where [Exemption.Root] says so
	Group        int                 // GID that owns the volumes; 0 means the UID
	NodeSelector map[string]string   // every node satisfies none
	Tolerations  []config.Toleration // of its nodes' taints
	Apart        bool                // never two on one node; else see Spread
	Labels       map[string]string   // beside the component's, where not all of its pods are alike; Apart looks at these alone
	PullSecret   string              // of type kubernetes.io/dockerconfigjson; empty means that the images are public
	Exempt       Exemption           // from the hardening; nothing by default
	GraceSeconds int                 // from SIGTERM to SIGKILL; default 30
	Revision     pulumi.StringInput
	Unreloaded   bool   // the operator never rolls it for a Secret, though it has a revision
	Spread       bool   // over nodes, for components of two or more pods
	Restart      string // Never or OnFailure for Jobs; default Always
}

// Template turns the description into a pod template.
func (p Pod) Template(app object.App, component string, account account.Account) *corev1.PodTemplateSpecArgs {
	template := &corev1.PodTemplateSpecArgs{
		Metadata: &metav1.ObjectMetaArgs{
			Labels:      pulumi.ToStringMap(object.Merged(app.Labels(component), p.Labels)),
			Annotations: p.annotations(),
		},
	}
	spec := &corev1.PodSpecArgs{
		ServiceAccountName:            account.Name.ToStringOutput(),
		AutomountServiceAccountToken:  pulumi.Bool(account.Token),
		EnableServiceLinks:            pulumi.Bool(false), // hundreds of variables nobody reads
		SecurityContext:               p.security(),
		InitContainers:                p.containers(p.Init),
		Containers:                    p.containers(p.Containers),
		Volumes:                       p.volumes(),
		NodeSelector:                  selectorOrNil(p.NodeSelector),
		TerminationGracePeriodSeconds: pulumi.Int(cmp.Or(p.GraceSeconds, 30)),
		TopologySpreadConstraints:     p.spread(app, component),
		Affinity:                      p.affinity(app, component),
		Tolerations:                   p.tolerations(),
		RestartPolicy:                 pulumi.String(cmp.Or(p.Restart, "Always")),
	}
	if p.PullSecret != "" {
		spec.ImagePullSecrets = corev1.LocalObjectReferenceArray{corev1.LocalObjectReferenceArgs{Name: pulumi.String(p.PullSecret)}}
	}
	p.exempt(spec)
	template.Spec = spec
	return template
}

// exempt opens what the exemption names. The cluster's names are not those of
// a node's resolver, so a pod on its node's network is told to ask for them.
func (p Pod) exempt(spec *corev1.PodSpecArgs) {
	if p.Exempt.HostNetwork {
		spec.HostNetwork = pulumi.Bool(true)
		spec.DnsPolicy = pulumi.String("ClusterFirstWithHostNet")
	}
	if p.Exempt.Privileged {
		spec.HostPID = pulumi.Bool(true)
	}
}

func (p Pod) annotations() pulumi.StringMap {
	annotations := pulumi.StringMap{}
	if p.Revision != nil {
		annotations[revisionAnnotation] = p.Revision
	}
	if p.Exempt.Reason != "" {
		annotations[exemptionAnnotation] = pulumi.String(p.Exempt.Reason)
	}
	if len(annotations) == 0 {
		return nil
	}
	return annotations
}

// security runs every container as the image's own user. Volumes are given to
// the group only where they are not its already: a recursive chown of a large
// volume at each start takes minutes, and a NAS that squashes root refuses it.
func (p Pod) security() corev1.PodSecurityContextArgs {
	if p.Exempt.Root {
		return corev1.PodSecurityContextArgs{
			RunAsNonRoot:   pulumi.Bool(false),
			RunAsUser:      pulumi.Int(0),
			SeccompProfile: corev1.SeccompProfileArgs{Type: pulumi.String("RuntimeDefault")},
		}
	}
	group := cmp.Or(p.Group, p.User)
	return corev1.PodSecurityContextArgs{
		Sysctls:             p.sysctls(),
		RunAsNonRoot:        pulumi.Bool(true),
		RunAsUser:           pulumi.Int(p.User),
		RunAsGroup:          pulumi.Int(group),
		FsGroup:             pulumi.Int(group),
		FsGroupChangePolicy: pulumi.String("OnRootMismatch"),
		SeccompProfile:      corev1.SeccompProfileArgs{Type: pulumi.String("RuntimeDefault")},
	}
}

// sysctls lets any user listen below 1024 where a container does. It is one of
// those that Kubernetes counts as safe.
func (p Pod) sysctls() corev1.SysctlArrayInput {
	for _, c := range p.Containers {
		for _, port := range c.Ports {
			if port.Container < 1024 && !p.Exempt.HostNetwork {
				return corev1.SysctlArray{corev1.SysctlArgs{
					Name: pulumi.String("net.ipv4.ip_unprivileged_port_start"), Value: pulumi.String("0"),
				}}
			}
		}
	}
	return nil
}

func (p Pod) containers(from []Container) corev1.ContainerArray {
	var args corev1.ContainerArray
	for _, c := range from {
		args = append(args, c.args(p.Exempt))
	}
	return args
}

// byName is the union of what the containers mount.
func (p Pod) byName() map[string]Volume {
	volumes := map[string]Volume{}
	for _, c := range slices.Concat(p.Init, p.Containers) {
		for _, m := range c.Mounts {
			volumes[m.Volume.name] = m.Volume
		}
	}
	return volumes
}

func (p Pod) volumes() corev1.VolumeArray {
	volumes := p.byName()
	var args corev1.VolumeArray
	for _, name := range slices.Sorted(maps.Keys(volumes)) {
		if !volumes[name].template {
			args = append(args, volumes[name].args())
		}
	}
	return args
}
