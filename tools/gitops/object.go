package gitops

import (
	"bytes"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// object is one manifest.
type object struct {
	unstructured.Unstructured

	file string // its name
	head []byte // the comment that it begins with
}

func parse(file string, text []byte) (*object, error) {
	o := &object{file: file}
	o.head, _, _ = bytes.Cut(text, []byte("\n"))
	return o, yaml.Unmarshal(text, &o.Object)
}

func (o *object) text() ([]byte, error) {
	body, err := yaml.Marshal(o.Object)
	return append(append(bytes.Clone(o.head), '\n'), body...), err
}

// id is Kind/namespace/name, or Kind/name where the kind has no namespaces.
func (o *object) id() string {
	if o.GetNamespace() == "" {
		return o.GetKind() + "/" + o.GetName()
	}
	return o.GetKind() + "/" + o.GetNamespace() + "/" + o.GetName()
}

// at is the map or the list at a path; nil where there is none.
func (o *object) at(path ...string) any {
	found, _, _ := unstructured.NestedFieldNoCopy(o.Object, path...) // nothing is there where it is no map
	return found
}

// note sets an annotation.
func (o *object) note(key, value string) {
	annotations := o.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[key] = value
	o.SetAnnotations(annotations)
}

// pods are what the object makes pods of; nil where it makes none.
func (o *object) pods() map[string]any {
	path := []string{"spec", "template"}
	switch o.GetKind() {
	case "CronJob":
		path = []string{"spec", "jobTemplate", "spec", "template"}
	case "Deployment", "StatefulSet", "DaemonSet", "Job":
	default:
		return nil
	}
	template, _ := o.at(path...).(map[string]any)
	return template
}

// selects reports whether a selector matches the pods of a workload.
func selects(selector any, pods map[string]any) (bool, error) {
	var read metav1.LabelSelector
	content, _ := selector.(map[string]any)
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(content, &read); err != nil {
		return false, err
	}
	matcher, err := metav1.LabelSelectorAsSelector(&read)
	if err != nil {
		return false, err
	}
	template := unstructured.Unstructured{Object: pods}
	return matcher.Matches(labels.Set(template.GetLabels())), nil
}

// The fields by which pods name other objects, each with the kind of those and
// with the field that the name is in.
var references = map[string]struct{ kind, name string }{
	"configMap":             {"ConfigMap", "name"},
	"configMapRef":          {"ConfigMap", "name"},
	"configMapKeyRef":       {"ConfigMap", "name"},
	"secretRef":             {"Secret", "name"},
	"secretKeyRef":          {"Secret", "name"},
	"persistentVolumeClaim": {"PersistentVolumeClaim", "claimName"},
}

// needs are the objects that pods do not start without, as Kind/name: those of
// a volume, of a variable, and their ServiceAccount.
func needs(pods any) map[string]bool {
	found := map[string]bool{}
	var walk func(value any)
	walk = func(value any) {
		switch value := value.(type) {
		case []any:
			for _, one := range value {
				walk(one)
			}
		case map[string]any:
			for key, one := range value {
				walk(one)
				if name, is := one.(string); is && key == "serviceAccountName" {
					found["ServiceAccount/"+name] = true
				}
				named, _ := one.(map[string]any)
				if named["optional"] == true {
					continue
				}
				if key == "secret" { // a volume, or a part of a projected one
					for _, field := range []string{"secretName", "name"} {
						if name, is := named[field].(string); is {
							found["Secret/"+name] = true
						}
					}
				}
				if reference, is := references[key]; is {
					if name, is := named[reference.name].(string); is {
						found[reference.kind+"/"+name] = true
					}
				}
			}
		}
	}
	walk(pods)
	return found
}
