package reachability

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
	"platform/policy/reach"
	"platform/policy/reach/expectations"
	"platform/policy/reach/objects"
)

var asStated = pack.Rule{
	Name: "reachability-is-as-stated", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "whoever reaches more than is stated is one break-in away from it, and whoever reaches less does not work",
	Remedy:    "correct the policy that is named, or state the connection in policy/reach/expectations",
	Reference: "the platform's description",
	Stack:     judge,
	// Who stands for the pods that the description names and another stack
	// makes: a namespace, and labels where not all of its pods are meant.
	Parameters: map[string]any{
		"ingress-controller": "ingress-nginx app.kubernetes.io/name=ingress-nginx",
		"prometheus":         "monitoring app.kubernetes.io/name=prometheus",
		"cluster-dns":        "kube-system k8s-app=kube-dns",
		"dns-port":           53.0,
	},
}

// judge compares a stack of a platform that is stated. A stack with a value
// that is not known is not judged: half of the policies say nothing about who
// reaches whom.
func judge(s *pack.Stack, r *pack.Report) {
	var reader objects.Reader
	read := 0
	pack.Each(r, nil, s.Objects, func(o pack.Object) {
		if err := reader.Add(o); err != nil {
			r.Violated(o, pack.Value{}, "%s", err)
			return
		}
		read++
	})
	platform, stated := expectations.For(reader.Cluster())
	if read < len(s.Objects) || !stated {
		return
	}
	platform = platform.With(peers(r), int(pack.Parameter[float64](r, "dns-port")))
	evaluator, err := reach.NewEvaluator(reader.Cluster(), platform.Around)
	if err != nil {
		r.Violated(nil, pack.Value{}, "%s", err)
		return
	}
	for _, finding := range platform.Check(evaluator.NewMatrix()) {
		owner, made := reader.Owner(finding.To)
		if !made {
			owner, made = reader.Owner(finding.From)
		}
		if !made {
			r.Violated(nil, pack.Value{}, "%s", finding)
			continue
		}
		r.Violated(owner, pack.Value{}, "%s", finding)
	}
}

// peers are the outsiders of the rule's parameters, by the names that the
// expectations have for them.
func peers(r *pack.Report) map[string]reach.Outsider {
	all := map[string]reach.Outsider{}
	for parameter, name := range map[string]string{
		"ingress-controller": expectations.IngressController, "prometheus": expectations.Prometheus, "cluster-dns": expectations.ClusterDNS,
	} {
		namespace, labels, _ := strings.Cut(pack.Parameter[string](r, parameter), " ")
		one := reach.Outsider{Name: name, Namespace: namespace, Labels: map[string]string{}}
		for _, label := range strings.FieldsFunc(labels, func(c rune) bool { return c == ',' || c == ' ' }) {
			key, value, _ := strings.Cut(label, "=")
			one.Labels[key] = value
		}
		all[name] = one
	}
	return all
}
