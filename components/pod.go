package components

import (
	"errors"
	"fmt"
	"sort"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// revisionAnnotation carries a hash of the configuration and the secrets that
// a pod reads, so that a change of them rolls the pods.
const revisionAnnotation = "platform/revision"

// Pod describes the pods of one component. The first container is the main
// one; further ones stand beside it.
type Pod struct {
	Init         []Container // run one after the other before the containers
	Containers   []Container
	User         int               // UID, over 0; the image's own
	Group        int               // GID that owns the volumes; 0 means the UID
	NodeSelector map[string]string // every node satisfies none
	GraceSeconds int               // from SIGTERM to SIGKILL; default 30
	Revision     pulumi.StringInput
	Spread       bool   // over nodes, for components of two or more pods
	Restart      string // Never or OnFailure for Jobs; default Always
}

// Validate returns every fault at once.
func (p Pod) Validate() error {
	var faults []error
	if len(p.Containers) == 0 {
		faults = append(faults, errors.New("containers: there is none; give one"))
	}
	if p.User <= 0 {
		faults = append(faults, fmt.Errorf("user: %d is root or none; name the image's own UID", p.User))
	}
	for _, c := range append(append([]Container{}, p.Init...), p.Containers...) {
		if err := c.Validate(); err != nil {
			faults = append(faults, fmt.Errorf("container %q: %w", c.Name, err))
		}
	}
	return errors.Join(faults...)
}

// template turns the description into a pod template. Nothing here calls the
// API server, so no token is mounted.
func (p Pod) template(app App, component string, account pulumi.StringInput) *corev1.PodTemplateSpecArgs {
	return &corev1.PodTemplateSpecArgs{
		Metadata: &metav1.ObjectMetaArgs{
			Labels:      pulumi.ToStringMap(app.Labels(component)),
			Annotations: p.annotations(),
		},
		Spec: &corev1.PodSpecArgs{
			ServiceAccountName:            account.ToStringOutput(),
			AutomountServiceAccountToken:  pulumi.Bool(false),
			EnableServiceLinks:            pulumi.Bool(false), // hundreds of variables nobody reads
			SecurityContext:               p.security(),
			InitContainers:                containers(p.Init),
			Containers:                    containers(p.Containers),
			Volumes:                       p.volumes(),
			NodeSelector:                  selectorOrNil(p.NodeSelector),
			TerminationGracePeriodSeconds: pulumi.Int(or(p.GraceSeconds, 30)),
			TopologySpreadConstraints:     p.spread(app, component),
			RestartPolicy:                 pulumi.String(or(p.Restart, "Always")),
		},
	}
}

func (p Pod) annotations() pulumi.StringMap {
	if p.Revision == nil {
		return nil
	}
	return pulumi.StringMap{revisionAnnotation: p.Revision}
}

// security runs every container as the image's own user. Volumes are given to
// the group only where they are not its already: a recursive chown of a large
// volume at each start takes minutes, and a NAS that squashes root refuses it.
func (p Pod) security() corev1.PodSecurityContextArgs {
	group := or(p.Group, p.User)
	return corev1.PodSecurityContextArgs{
		RunAsNonRoot:        pulumi.Bool(true),
		RunAsUser:           pulumi.Int(p.User),
		RunAsGroup:          pulumi.Int(group),
		FsGroup:             pulumi.Int(group),
		FsGroupChangePolicy: pulumi.String("OnRootMismatch"),
		SeccompProfile:      corev1.SeccompProfileArgs{Type: pulumi.String("RuntimeDefault")},
	}
}

func containers(from []Container) corev1.ContainerArray {
	var args corev1.ContainerArray
	for _, c := range from {
		args = append(args, c.args())
	}
	return args
}

// volumes is the union of what the containers mount, sorted by name.
func (p Pod) volumes() corev1.VolumeArray {
	byName := map[string]Volume{}
	for _, c := range append(append([]Container{}, p.Init...), p.Containers...) {
		for _, m := range c.Mounts {
			byName[m.Volume.name] = m.Volume
		}
	}
	names := make([]string, 0, len(byName))
	for name := range byName {
		names = append(names, name)
	}
	sort.Strings(names)
	var args corev1.VolumeArray
	for _, name := range names {
		args = append(args, byName[name].args())
	}
	return args
}

// spread keeps pods of one revision on different nodes while there are any;
// a node that is down must not keep the others from starting.
func (p Pod) spread(app App, component string) corev1.TopologySpreadConstraintArray {
	if !p.Spread {
		return nil
	}
	return corev1.TopologySpreadConstraintArray{corev1.TopologySpreadConstraintArgs{
		MaxSkew:           pulumi.Int(1),
		TopologyKey:       pulumi.String("kubernetes.io/hostname"),
		WhenUnsatisfiable: pulumi.String("ScheduleAnyway"),
		LabelSelector:     selector(app.Selector(component)),
	}}
}

func selector(labels map[string]string) *metav1.LabelSelectorArgs {
	return &metav1.LabelSelectorArgs{MatchLabels: pulumi.ToStringMap(labels)}
}

func selectorOrNil(labels map[string]string) pulumi.StringMapInput {
	if len(labels) == 0 {
		return nil
	}
	return pulumi.ToStringMap(labels)
}
