// Package calico reads the policies of Calico, as far as they decide who can
// reach whom.
package calico

import (
	"fmt"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/intstr"
)

// KubernetesOrder is the order in which Calico asks NetworkPolicies among its
// own.
const KubernetesOrder = 1000

// Policy is a GlobalNetworkPolicy, or a NetworkPolicy of Calico's where it has
// a namespace.
type Policy struct {
	Name      string
	Namespace string // empty means everywhere, the nodes included
	Spec      Spec
}

// Spec says what a policy is about, and what it decides.
type Spec struct {
	Tier              string   `json:"tier,omitempty"`
	Order             *float64 `json:"order,omitempty"` // lower ones decide first; none decides last
	Selector          string   `json:"selector,omitempty"`
	NamespaceSelector string   `json:"namespaceSelector,omitempty"`
	Types             []string `json:"types,omitempty"` // Ingress, Egress; none means as [Spec.Directions] says
	Ingress           []Rule   `json:"ingress,omitempty"`
	Egress            []Rule   `json:"egress,omitempty"`
	DoNotTrack        bool     `json:"doNotTrack,omitempty"`     // decides at nodes before connections are tracked
	PreDNAT           bool     `json:"preDNAT,omitempty"`        // decides at nodes before addresses are translated
	ApplyOnForward    bool     `json:"applyOnForward,omitempty"` // decides at nodes about what passes through, too
}

// The actions of rules.
const (
	Allow = "Allow"
	Deny  = "Deny"
	Log   = "Log"
	Pass  = "Pass"
)

// Rule is one of a policy; the first that matches decides.
type Rule struct {
	Action      string              `json:"action"`
	Protocol    *intstr.IntOrString `json:"protocol,omitempty"`
	NotProtocol *intstr.IntOrString `json:"notProtocol,omitempty"`
	IPVersion   int                 `json:"ipVersion,omitempty"` // 4 or 6; 0 means both
	Source      Entity              `json:"source,omitzero"`
	Destination Entity              `json:"destination,omitzero"`
	// Narrowed says that the rule has further conditions, which are not
	// checked: ICMP, HTTP, service accounts, domains, Services.
	Narrowed bool `json:"-"`
}

// Entity is what a rule says of one end.
type Entity struct {
	Nets              []string             `json:"nets,omitempty"`
	NotNets           []string             `json:"notNets,omitempty"`
	Selector          string               `json:"selector,omitempty"`
	NotSelector       string               `json:"notSelector,omitempty"`
	NamespaceSelector string               `json:"namespaceSelector,omitempty"`
	Ports             []intstr.IntOrString `json:"ports,omitempty"` // numbers, names, and ranges such as 8000:8999
	NotPorts          []intstr.IntOrString `json:"notPorts,omitempty"`
}

// Directions are those that the policy decides about: those it lists, else
// those that it has rules for, else Ingress.
func (s Spec) Directions() []string {
	switch {
	case len(s.Types) > 0:
		return s.Types
	case len(s.Egress) > 0 && len(s.Ingress) > 0:
		return []string{"Ingress", "Egress"}
	case len(s.Egress) > 0:
		return []string{"Egress"}
	}
	return []string{"Ingress"}
}

// Validate returns the first error that would make the policy mean something
// else than it says.
func (p Policy) Validate() error {
	switch s := p.Spec; {
	case s.Tier != "" && s.Tier != "default":
		return fmt.Errorf("tier: %q is not checked; use default", s.Tier)
	case s.PreDNAT && s.DoNotTrack:
		return fmt.Errorf("preDNAT: goes not with doNotTrack; keep one")
	case (s.PreDNAT || s.DoNotTrack) && !s.ApplyOnForward:
		return fmt.Errorf("applyOnForward: is false, which goes not with preDNAT or doNotTrack; set it to true")
	case s.PreDNAT && len(s.Egress) > 0:
		return fmt.Errorf("egress: a policy before DNAT has none; take it out")
	}
	for _, r := range append(append([]Rule{}, p.Spec.Ingress...), p.Spec.Egress...) {
		switch r.Action {
		case Allow, Deny, Log, Pass:
		default:
			return fmt.Errorf("action: %q is not one of Allow, Deny, Log, Pass; choose one of them", r.Action)
		}
	}
	return nil
}

// ParsePort reads a port: a number or a range; ok is false for a name.
func ParsePort(port intstr.IntOrString) (from, to int, ok bool) {
	if port.Type == intstr.Int {
		return int(port.IntVal), int(port.IntVal), true
	}
	first, last, ranged := strings.Cut(port.StrVal, ":")
	if !ranged {
		last = first
	}
	from, err := strconv.Atoi(first)
	if err != nil {
		return 0, 0, false
	}
	if to, err = strconv.Atoi(last); err != nil {
		return 0, 0, false
	}
	return from, to, true
}
