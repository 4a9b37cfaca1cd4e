package pack

// Pod is the pod that a workload runs.
type Pod struct {
	Owner    Object
	Spec     Value // such as spec.template.spec
	Metadata Value // of its template
}

// Labels are those of the pod's template.
func (p Pod) Labels() map[string]string { return p.Owner.remembered().labels() }

// PodPaths is where each kind has the template of its pods, a key each.
var PodPaths = map[string][]any{
	"Pod":         {},
	"Deployment":  {"spec", "template"},
	"StatefulSet": {"spec", "template"},
	"DaemonSet":   {"spec", "template"},
	"ReplicaSet":  {"spec", "template"},
	"Job":         {"spec", "template"},
	"CronJob":     {"spec", "jobTemplate", "spec", "template"},
}

// PodKinds are the kinds that run pods.
var PodKinds = []string{"CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "StatefulSet"}

// Pod is the pod that the object runs; false where it runs none.
func (o Object) Pod() (Pod, bool) {
	if _, runs := PodPaths[o.Kind]; !runs {
		return Pod{}, false
	}
	return o.remembered().pod(), true
}

func (o Object) readPod() Pod {
	path, runs := PodPaths[o.Kind]
	if !runs {
		return Pod{}
	}
	template := o.At(path...)
	return Pod{o, template.At("spec"), template.At("metadata")}
}

// Container is one container of a pod.
type Container struct {
	Value
	Pod  Pod
	Init bool // runs before the others; one that restarts always runs beside them
}

// Name is the container's own.
func (c Container) Name() string { return c.At("name").Text() }

// Containers are all of a pod: those that prepare it first. The list is
// remembered: it is not the caller's to change.
func (p Pod) Containers() []Container { return p.Owner.remembered().parts() }

func (p Pod) readContainers() []Container {
	var all []Container
	for _, one := range p.Spec.At("initContainers").Items() {
		all = append(all, Container{one, p, true})
	}
	for _, one := range p.Spec.At("containers").Items() {
		all = append(all, Container{one, p, false})
	}
	return all
}

// Security is a setting of the container's security context, or of the pod's
// where the container says nothing.
func (c Container) Security(key string) Value {
	if own := c.At("securityContext", key); own.Set() {
		return own
	}
	return c.Pod.Spec.At("securityContext", key)
}
