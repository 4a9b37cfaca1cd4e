// Package metadata holds the rules about what objects say of themselves: their
// labels and the version of their API.
package metadata

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// environmentLabel says what a stack is for; rules tell production by it.
const environmentLabel = "platform/environment"

// labelsPage is where Kubernetes recommends its common labels.
const labelsPage = "https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/"

// The labels that tell whose an object is. A namespace belongs to no component.
var (
	ofAll     = []any{"app.kubernetes.io/part-of", "app.kubernetes.io/managed-by", "platform/environment"}
	ofObjects = append([]any{"app.kubernetes.io/name", "app.kubernetes.io/component", "app.kubernetes.io/instance"}, ofAll...)
)

// Rules are all of this group, in the order of the list.
var Rules = pack.In(pack.Metadata, []pack.Rule{
	{
		Name: "object-has-standard-labels", Level: apitype.Advisory, Severity: apitype.PolicySeverityLow,
		Reason:    "without them nobody can tell whose an object is, and dashboards, costs and clean-ups pass it over",
		Remedy:    "take the object's metadata from the App, which sets all of them",
		Reference: labelsPage,
		Object: func(o pack.Object, r *pack.Report) {
			if !whole(o) {
				return
			}
			wanted := r.List("labels")
			switch o.Kind {
			case "Namespace":
				wanted = r.List("namespaceLabels")
			case "IPAddressPool", "L2Advertisement": // they serve whatever asks for an address, and so are no application's
				wanted = []string{"app.kubernetes.io/managed-by"}
			}
			lacks(r, o, o.At("metadata", "labels"), wanted)
		},
		Parameters: map[string]any{"labels": ofObjects, "namespaceLabels": ofAll},
	},
	{
		Name: "stack-is-of-one-environment", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "an object of another environment is one that was copied: alerts go to the wrong people, and rules for production pass it over",
		Remedy:    "set platform/environment to that of the stack's namespace",
		Reference: labelsPage,
		Stack: func(s *pack.Stack, r *pack.Report) {
			made := map[string]bool{} // an object elsewhere, as in default, is the stack's all the same
			for _, namespace := range s.Kinds("Namespace") {
				made[namespace.At("metadata", "name").Text()] = true
			}
			pack.Each(r, nil, s.Kinds("Namespace"), func(namespace pack.Object) {
				ours := namespace.At("metadata", "labels", environmentLabel)
				name := namespace.At("metadata", "name").Text()
				if !ours.Set() {
					return
				}
				pack.Each(r, nil, s.Objects, func(o pack.Object) {
					if home := o.At("metadata", "namespace"); o.Kind == "" || o.Kind == "Namespace" || home.Set() && !home.Is(name) && made[home.Text()] {
						return
					}
					if own := o.At("metadata", "labels", environmentLabel); own.Set() && own.Text() != ours.Text() {
						r.Violated(o, own, "is %s in a stack of %s", own.Text(), ours.Text())
					}
				})
			})
		},
	},
	{
		Name: "pod-has-the-labels-of-its-workload", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "policies, budgets and monitors select pods by what their workload is called: one with other labels escapes them",
		Remedy:    "give the template each label of the workload",
		Reference: labelsPage,
		Kinds:     []string{"CronJob", "DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet"},
		Object: func(o pack.Object, r *pack.Report) {
			pod, _ := o.Pod()
			own, template := o.At("metadata", "labels"), pod.Metadata.At("labels")
			pack.Each(r, o, own.Keys(), func(key string) {
				if label := template.At(key); own.At(key).Text() != label.Text() {
					r.Violated(o, label, "is not that of the workload, %s", own.At(key).Text())
				}
			})
		},
	},
})

// whole reports whether a resource is one object of Kubernetes, and neither a
// patch of somebody else's nor a file or a chart of many.
func whole(o pack.Object) bool {
	return o.Kind != "" && !strings.HasSuffix(o.Kind, "Patch") && o.At("kind").Set()
}

// lacks reports each label that is missing or empty.
func lacks(r *pack.Report, o pack.Object, labels pack.Value, wanted []string) {
	pack.Each(r, o, wanted, func(key string) {
		if label := labels.At(key); label.Text() == "" {
			r.Violated(o, label, "is missing")
		}
	})
}
