package images

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var architecture = pack.Rule{
	Name: "image-runs-on-its-nodes", Group: pack.Images, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "on a node of another architecture the program does not start: exec format error",
	Remedy:    "select kubernetes.io/arch, or list the repository as built for every architecture of the cluster",
	Reference: "https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-arch",
	Parameters: map[string]any{
		// The stacks whose nodes are of several architectures: no object says so.
		"stacks":            []any{"k3s", "k3s-local"},
		"multiArchitecture": []any{"docker.io/eddisonso", "docker.io/library", "docker.io/rancher"},
	},
	Stack: pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
		if !slices.Contains(r.List("stacks"), s.Name) {
			return
		}
		pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
			of, err := parse(c)
			if err == nil && !of.of(r.List("multiArchitecture")) && !selectsArchitecture(pod) {
				r.Violated(c, c.At("image"), "%s may not be built for every node that the pod may run on", of.name)
			}
		})
	}),
}

// architectureLabels each leave nodes of one architecture.
var architectureLabels = []string{"kubernetes.io/arch", "kubernetes.io/hostname"}

// selectsArchitecture tells whether the pod runs on nodes of an architecture
// that it names: by its selector, or in every term of its affinity.
func selectsArchitecture(pod pack.Pod) bool {
	selector := pod.Spec.At("nodeSelector")
	if slices.ContainsFunc(architectureLabels, func(label string) bool { return selector.At(label).Text() != "" }) {
		return true
	}
	terms := pod.Spec.At("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms").Items()
	for _, term := range terms {
		if !slices.ContainsFunc(term.At("matchExpressions").Items(), func(one pack.Value) bool {
			return one.At("key").Is(architectureLabels...) && one.At("operator").Is("In") && len(one.At("values").Texts()) > 0
		}) {
			return false
		}
	}
	return len(terms) > 0
}
