package network

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// namespaced are the kinds that rules judge and that live in a namespace; of
// other kinds the rule cannot tell whether an absent one is an omission.
var namespaced = append([]string{
	"ConfigMap", "Endpoints", "EndpointSlice", "HorizontalPodAutoscaler", "Ingress", "LimitRange", "NetworkPolicy",
	"PersistentVolumeClaim", "PodDisruptionBudget", "ResourceQuota", "Role", "RoleBinding", "Secret", "Service", "ServiceAccount",
}, pack.PodKinds...)

var namespaceIsNamed = pack.Rule{
	Name: "object-names-its-namespace", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "an object without a namespace lands in default or wherever the provider points, outside the policies and quotas of the platform's own",
	Remedy:    "set metadata.namespace to a namespace of the platform",
	Reference: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#when-to-use-multiple-namespaces",
	Object: func(o pack.Object, r *pack.Report) {
		if o.Kind == "" {
			return
		}
		namespace := o.At("metadata", "namespace")
		switch {
		case slices.Contains(r.List("rights"), namespace.Text()+" "+o.Kind+"/"+o.Name()): // in one that others share
		case slices.Contains(r.List("refused"), namespace.Text()):
			r.Violated(o, namespace, "is the namespace %s", namespace.Text())
		case !namespace.Set() && slices.Contains(namespaced, o.Kind) && !collection(o):
			r.Violated(o, namespace, "names no namespace")
		}
	},
	Parameters: map[string]any{
		"refused": []any{"default", "kube-node-lease", "kube-public", "kube-system"},
		// Rights that a program needs in a namespace of the cluster, as NAMESPACE
		// KIND/NAME. Edd Cloud's gateway keeps its SSH key in default, up to the image
		// 20260215-062053. It is no exception, since newer images need none of it.
		"rights": []any{"default Role/gateway", "default RoleBinding/gateway"},
	},
}

// collection tells whether the object is a component that makes others, such
// as those of a file or a chart.
func collection(o pack.Object) bool { return !o.At("kind").Set() }
