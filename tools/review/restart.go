package review

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"k8s.io/apimachinery/pkg/util/intstr"

	"platform/config"
	"platform/policy/pack"
	"platform/policy/reach/objects"
	"platform/policy/secret"
)

// rolled are the kinds whose pods are made again when their template changes.
var rolled = []string{"DaemonSet", "Deployment", "StatefulSet"}

// mostReasons is how many reasons a restart names; the rest are counted.
const mostReasons = 8

// revisionAnnotation has a hash of what the pods of a workload read when they
// start; so have those that begin with checksumPrefix.
const (
	revisionAnnotation = "platform/revision"
	checksumPrefix     = "checksum/"
)

// restarts are the workloads whose pods are made again, and those that are
// stopped: a workload that ran pods and is to run none.
func restarts(all []*planned, after *pack.Stack, topology config.Topology) []Restart {
	altered := map[string]bool{}
	for _, one := range all {
		if kind := one.shortKind(); (kind == "Secret" || kind == "ConfigMap") && one.op != "" {
			altered[one.title()] = true
		}
	}
	var found []Restart
	for _, one := range all {
		if one.op != OpUpdate && one.op != OpReplace || one.old == nil || one.new == nil || !slices.Contains(rolled, one.shortKind()) {
			continue
		}
		r := &rollout{planned: one, altered: altered, topology: topology, stack: after}
		r.old, r.new = only(one, stateBefore), only(one, stateAfter)
		restart, err := objects.Safely(r.restart)
		if err != nil { // what is not known makes new pods all the same
			restart = &Restart{Workload: one.title(), Why: r.reasons(), Gap: one.deletedFirst}
		}
		if restart != nil && len(restart.Why) > 0 {
			found = append(found, *restart)
		}
	}
	return found
}

// only is the object of one resource.
func only(one *planned, state func(*planned) *stateOf) pack.Object {
	return objectsOf("", []*planned{one}, state).Objects[0]
}

// rollout is one workload that changes.
type rollout struct {
	*planned
	old, new pack.Object
	altered  map[string]bool // Secrets and ConfigMaps that change, as Kind/namespace/name
	stack    *pack.Stack     // after the change
	topology config.Topology
}

// restart is what happens to the pods; nil where they stay.
func (r *rollout) restart() (*Restart, error) {
	pod, _ := r.new.Pod()
	nodes := len(nodesFor(pod, r.topology))
	fewest, _ := replicas(r.stack, r.new, nodes)
	made := &Restart{Workload: r.title(), Replicas: fewest}
	switch {
	case r.new.Kind == "DaemonSet":
		made.Replicas = 0
	case r.old.Off():
		return nil, nil // there is none to restart
	case r.new.Off():
		made.Why, made.Gap = []string{fmt.Sprintf("replicas: %d → 0, nothing runs any more", countOf(r.old.At("spec", "replicas")))}, true
		return made, nil
	}
	made.Why = r.reasons()
	if r.op == OpReplace {
		made.Gap = r.deletedFirst
		return made, nil
	}
	if r.new.At("spec", "updateStrategy", "type").Is("OnDelete") {
		return nil, nil // they stay until somebody deletes them
	}
	made.Gap = gap(r.new, fewest, nodes)
	return made, nil
}

// gap reports whether a rollout leaves no pod that answers. An old pod that is
// taken away first is one, where there is no other.
func gap(o pack.Object, pods, nodes int) bool {
	spec := o.At("spec")
	switch o.Kind {
	case "StatefulSet": // one after the other, each before its successor
		return pods <= 1
	case "DaemonSet":
		update := spec.At("updateStrategy", "rollingUpdate")
		surge := scaled(update.At("maxSurge"), "0", nodes, true)
		return nodes > 0 && surge == 0 && nodes <= max(1, scaled(update.At("maxUnavailable"), "1", nodes, true))
	}
	if spec.At("strategy", "type").Is("Recreate") {
		return true
	}
	update := spec.At("strategy", "rollingUpdate")
	surge, unavailable := scaled(update.At("maxSurge"), "25%", pods, true), scaled(update.At("maxUnavailable"), "25%", pods, false)
	if surge == 0 && unavailable == 0 { // as Kubernetes does where both are rounded to nothing
		unavailable = 1
	}
	return pods <= unavailable
}

// scaled is a number of pods, or a share of them.
func scaled(value pack.Value, absent string, of int, up bool) int {
	text := absent
	if value.Set() {
		text = value.Port()
	}
	parsed := intstr.Parse(text)
	number, err := intstr.GetScaledValueFromIntOrPercent(&parsed, of, up)
	if err != nil {
		return 0
	}
	return number
}

// template is where a workload has its pods.
var template = resource.PropertyPath{"spec", "template"}

// reasons are why the pods are made again: images first, then what they read,
// then other properties.
func (r *rollout) reasons() []string {
	var images, read, others []string
	for _, c := range r.leaves {
		if c.Unknown && c.at.Contains(template) {
			others = append(others, "the template is not known yet")
		}
		if len(c.at) < 3 || c.at[0] != "spec" || c.at[1] != "template" {
			continue
		}
		rest := c.at[2:]
		switch {
		case hashes(rest):
			read = append(read, r.reads()...)
			if len(read) == 0 {
				others = append(others, "annotation "+rest[2].(string)+" changes")
			}
		case len(rest) == 4 && rest[3] == "image":
			images = append(images, r.container(rest)+": image "+imageText(c.Diff))
		default:
			others = append(others, r.shortened(rest))
		}
	}
	if r.op == OpReplace && len(images)+len(read)+len(others) == 0 || r.op == OpReplace && r.deletedFirst {
		others = append(others, "the "+r.new.Kind+" is replaced")
	}
	all := slices.Concat(images, distinct(read), others)
	all = distinct(all)
	if len(all) > mostReasons {
		all = append(all[:mostReasons:mostReasons], fmt.Sprintf("and %d more", len(all)-mostReasons))
	}
	return all
}

func distinct(texts []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(texts), func(text string) bool {
		twice := seen[text]
		seen[text] = true
		return twice
	})
}

func imageText(d Diff) string {
	switch {
	case d.Secret:
		return "changes"
	case d.Unknown:
		return d.Old + " → not known yet"
	case d.Old == "":
		return d.New
	case d.New == "":
		return d.Old + " goes"
	}
	return d.Old + " → " + d.New
}

// hashes reports whether a path is that of an annotation that stands for what
// the pods read.
func hashes(path resource.PropertyPath) bool {
	if len(path) != 3 || path[0] != "metadata" || path[1] != "annotations" {
		return false
	}
	key, _ := path[2].(string)
	return key == revisionAnnotation || strings.HasPrefix(key, checksumPrefix)
}

// reads are the Secrets and ConfigMaps that change and that the pods name.
func (r *rollout) reads() []string {
	names, err := objects.Safely(func() ([]string, error) {
		pod, _ := r.new.Pod()
		return references(pod), nil
	})
	if err != nil {
		return nil
	}
	var found []string
	for _, name := range names {
		kind, object, _ := strings.Cut(name, "/")
		if r.altered[kind+"/"+r.new.Namespace()+"/"+object] {
			found = append(found, kind+" "+object+" changes")
		}
	}
	return found
}

// references are the Secrets and ConfigMaps that a pod names, as Kind/name.
func references(pod pack.Pod) []string {
	var found []string
	take := func(kind string, name pack.Value) {
		if text := name.Text(); text != "" {
			found = append(found, kind+"/"+text)
		}
	}
	for _, c := range pod.Containers() {
		for _, from := range c.At("envFrom").Items() {
			take("Secret", from.At("secretRef", "name"))
			take("ConfigMap", from.At("configMapRef", "name"))
		}
		for _, env := range c.At("env").Items() {
			take("Secret", env.At("valueFrom", "secretKeyRef", "name"))
			take("ConfigMap", env.At("valueFrom", "configMapKeyRef", "name"))
		}
	}
	for _, volume := range pod.Spec.At("volumes").Items() {
		take("Secret", volume.At("secret", "secretName"))
		take("ConfigMap", volume.At("configMap", "name"))
		for _, source := range volume.At("projected", "sources").Items() {
			take("Secret", source.At("secret", "name"))
			take("ConfigMap", source.At("configMap", "name"))
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// container is the name of the container that a path of a template is about;
// empty where it is about none.
func (r *rollout) container(path resource.PropertyPath) string {
	if len(path) < 3 || path[0] != "spec" || path[1] != "containers" && path[1] != "initContainers" {
		return ""
	}
	return r.named(path[:3])
}

// named is the name of a list's item in the template after the change, or
// before it where the item goes; else its index.
func (r *rollout) named(path resource.PropertyPath) string {
	whole := append(resource.PropertyPath{"spec", "template"}, path...)
	for _, state := range []*stateOf{r.planned.new, r.planned.old} {
		object, _ := found(inputsOf(state), whole).value.(map[string]any)
		if name, _ := object["name"].(string); name != "" && !secret.Masked(name) && !isUnknown(name) {
			return name
		}
	}
	return path.String()
}

// shortened tells a path of a template in few words: a container by its name,
// and of the rest what a reader needs to find it.
func (r *rollout) shortened(path resource.PropertyPath) string {
	before := ""
	if name := r.container(path); name != "" {
		if len(path) == 3 {
			return name
		}
		if len(path) > 4 && path[3] == "env" {
			return name + ": env " + r.named(path[:5])
		}
		before, path = name+": ", path[3:]
	} else if path[0] == "spec" && len(path) > 1 {
		path = path[1:]
	}
	return before + path[:min(2, len(path))].String()
}
