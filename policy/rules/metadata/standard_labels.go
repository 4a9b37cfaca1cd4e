package metadata

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// labelsPage is where Kubernetes recommends its common labels.
const labelsPage = "https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/"

// The labels that tell whose an object is. A namespace belongs to no component.
var (
	ofAll     = []any{"app.kubernetes.io/part-of", "app.kubernetes.io/managed-by", "platform/environment"}
	ofObjects = append([]any{"app.kubernetes.io/name", "app.kubernetes.io/component", "app.kubernetes.io/instance"}, ofAll...)
)

var standardLabels = pack.Rule{
	Name: "object-has-standard-labels", Group: pack.Metadata, Level: apitype.Mandatory, Severity: apitype.PolicySeverityLow,
	Reason:    "without them nobody can tell whose an object is, and dashboards, costs and clean-ups pass it over",
	Remedy:    "take the object's metadata from the App, which sets all of them",
	Reference: labelsPage,
	Object: func(o pack.Object, r *pack.Report) {
		if !whole(o) {
			return
		}
		wanted := r.List("labels")
		if o.Kind == "Namespace" {
			wanted = r.List("namespaceLabels")
		}
		lacks(r, o, o.At("metadata", "labels"), wanted)
	},
	Parameters: map[string]any{"labels": ofObjects, "namespaceLabels": ofAll},
}

// whole tells whether a resource is one object of Kubernetes, and neither a
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
