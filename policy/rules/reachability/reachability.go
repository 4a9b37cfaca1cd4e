// Package reachability holds the rule that compares who can reach whom with
// what is stated of the platform.
package reachability

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
	"platform/policy/reach"
	"platform/policy/reach/expectations"
	"platform/policy/reach/objects"
)

// Rules are all of this group, in the order of the list.
var Rules = pack.In(pack.Network, []pack.Rule{
	{
		Name: "reachability-is-as-stated", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "whoever reaches more than is stated is one break-in away from it, and whoever reaches less does not work",
		Remedy:    "correct the policy that is named, or state the connection in the stack file (egress, reaches) or in policy/reach/expectations",
		Reference: "the platform's description",
		Stack:     judge,
		// What the stack's configuration says: where its pods are, who stands for the
		// pods that another stack makes (a namespace, and labels where not all of its
		// pods are meant), ways out as NAME CIDR PORT, and the ports of nodes.
		Parameters: map[string]any{
			"namespaces": "", "ingress-controller": "", "prometheus": "", "cluster-dns": "", "dns-port": 53.0,
			"egress": []any{}, "node-ports": []any{}, "node-network": "", "pod-network": "",
		},
	},
})

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
	platform, err := configured(platform, r)
	if err != nil {
		r.Violated(nil, pack.Value{}, "%s", err)
		return
	}
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

// configured is a platform as the stack's configuration has it.
func configured(platform expectations.Platform, r *pack.Report) (expectations.Platform, error) {
	with := expectations.Configuration{
		Namespaces: pack.Parameter[string](r, "namespaces"), DNSPort: int(pack.Parameter[float64](r, "dns-port")), Peers: map[string]reach.Outsider{},
	}
	for parameter, name := range map[string]string{
		"ingress-controller": expectations.IngressController, "prometheus": expectations.Prometheus, "cluster-dns": expectations.ClusterDNS,
	} {
		namespace, labels, _ := strings.Cut(pack.Parameter[string](r, parameter), " ")
		if namespace == "" {
			continue
		}
		one := reach.Outsider{Name: name, Namespace: namespace, Labels: map[string]string{}}
		for _, label := range strings.FieldsFunc(labels, func(c rune) bool { return c == ',' || c == ' ' }) {
			key, value, _ := strings.Cut(label, "=")
			one.Labels[key] = value
		}
		with.Peers[name] = one
	}
	var errs []error
	network := func(text string) netip.Prefix {
		prefix, err := netip.ParsePrefix(text)
		errs = append(errs, err)
		return prefix
	}
	port := func(text string) int {
		number, err := strconv.Atoi(text)
		errs = append(errs, err)
		return number
	}
	for _, text := range r.List("egress") {
		var way expectations.Way
		var cidr string
		_, err := fmt.Sscan(text, &way.From, &cidr, &way.Port)
		errs = append(errs, err)
		way.To = network(cidr)
		with.Egress = append(with.Egress, way)
	}
	for _, text := range r.List("node-ports") {
		with.NodePorts = append(with.NodePorts, port(text))
	}
	if text := pack.Parameter[string](r, "node-network"); text != "" {
		with.Nodes = []netip.Prefix{network(text)}
	}
	if text := pack.Parameter[string](r, "pod-network"); text != "" {
		with.Pods = []netip.Prefix{network(text)}
	}
	return platform.With(with), errors.Join(errs...)
}
