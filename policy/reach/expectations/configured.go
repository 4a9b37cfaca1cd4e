package expectations

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"platform/policy/reach"
)

// Parameters are what a stack's configuration says of its network, with what
// holds where it says nothing: where its pods are, who stands for the pods that
// another stack makes (a namespace, and labels where not all of its pods are
// meant), ways out as NAME CIDR PORT, and the ports of nodes.
var Parameters = map[string]any{
	"namespaces": "", "ingress-controller": "", "prometheus": "", "cluster-dns": "", "dns-port": 53.0,
	"egress": []any{}, "node-ports": []any{}, "node-network": "", "pod-network": "",
}

// Configured is the platform as a stack's configuration has it, given by some or
// all of the [Parameters].
func (p Platform) Configured(parameters map[string]any) (Platform, error) {
	values := reader{parameters: parameters}
	with := Configuration{Namespaces: values.text("namespaces"), DNSPort: values.number("dns-port"), Peers: map[string]reach.Outsider{}}
	for parameter, name := range map[string]string{
		"ingress-controller": IngressController, "prometheus": Prometheus, "cluster-dns": ClusterDNS,
	} {
		namespace, labels, _ := strings.Cut(values.text(parameter), " ")
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
	for _, text := range values.list("egress") {
		var way Way
		var cidr string
		_, err := fmt.Sscan(text, &way.From, &cidr, &way.Port)
		values.note(err)
		way.To = values.network(cidr)
		with.Egress = append(with.Egress, way)
	}
	for _, text := range values.list("node-ports") {
		port, err := strconv.Atoi(text)
		values.note(err)
		with.NodePorts = append(with.NodePorts, port)
	}
	if text := values.text("node-network"); text != "" {
		with.Nodes = []netip.Prefix{values.network(text)}
	}
	if text := values.text("pod-network"); text != "" {
		with.Pods = []netip.Prefix{values.network(text)}
	}
	return p.With(with), errors.Join(values.errs...)
}

// reader reads parameters and keeps what is wrong with them.
type reader struct {
	parameters map[string]any
	errs       []error
}

func (r *reader) note(err error) { r.errs = append(r.errs, err) }

// value is a parameter of a type; the default where it is not given.
func value[T any](r *reader, name string) T {
	given, set := r.parameters[name]
	if !set {
		given = Parameters[name]
	}
	typed, is := given.(T)
	if !is {
		r.note(fmt.Errorf("parameter %s: %v is no %T", name, given, typed))
	}
	return typed
}

func (r *reader) text(name string) string { return value[string](r, name) }

func (r *reader) number(name string) int { return int(value[float64](r, name)) }

func (r *reader) list(name string) []string {
	var texts []string
	for _, item := range value[[]any](r, name) {
		texts = append(texts, fmt.Sprint(item))
	}
	return texts
}

func (r *reader) network(text string) netip.Prefix {
	network, err := netip.ParsePrefix(text)
	r.note(err)
	return network
}
