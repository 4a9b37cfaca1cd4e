package pack

import (
	"fmt"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// Group is what a rule is about, for the list of rules.
type Group string

// The groups, in the order of the list.
const (
	PodSecurity  Group = "pod security"
	Images       Group = "images"
	Resources    Group = "resources"
	Probes       Group = "probes"
	Availability Group = "availability"
	Services     Group = "services"
	Network      Group = "network"
	Storage      Group = "storage"
	Access       Group = "access"
	Secrets      Group = "secrets"
	Ingress      Group = "ingress"
	Batch        Group = "jobs"
	Metadata     Group = "metadata"
	Monitoring   Group = "monitoring"
	Plan         Group = "plan"
)

// Rule is one policy. A rule has Object or Stack, not both.
type Rule struct {
	Name     string // unique, of lower-case words and dashes, such as pod-runs-as-non-root
	Group    Group
	Level    apitype.EnforcementLevel // [apitype.Mandatory] or [apitype.Advisory]
	Severity apitype.PolicySeverity

	Reason    string // what happens where the rule is broken, a sentence
	Remedy    string // what to do, an imperative without a full stop
	Reference string // an address or a document: Pod Security Standards, NSA/CISA, the platform's description

	// Kinds are those that Object is called for, such as Deployment; empty
	// means all.
	Kinds []string
	// Object checks one object before it is changed.
	Object func(o Object, r *Report)
	// Stack checks all objects together, while other rules do.
	Stack func(s *Stack, r *Report)
	// Last has Stack check after all others, since it is about what they left.
	Last bool

	// Parameters have a default each, which --policy-pack-config replaces:
	// texts, numbers, booleans, or lists of texts. A list is a []any of strings.
	Parameters map[string]any
}

// Parse returns the value of a parameter that is given as texts, as a stack file
// does.
func (r Rule) Parse(parameter string, texts []string) (any, error) {
	fallback, known := r.Parameters[parameter]
	if !known {
		return nil, fmt.Errorf("it has no parameter %s", parameter)
	}
	if _, several := fallback.([]any); several {
		all := []any{}
		for _, text := range texts {
			all = append(all, text)
		}
		return all, nil
	}
	if len(texts) != 1 {
		return nil, fmt.Errorf("parameter %s takes one text", parameter)
	}
	switch fallback.(type) {
	case bool:
		return strconv.ParseBool(texts[0])
	case int:
		return strconv.Atoi(texts[0])
	case float64:
		return strconv.ParseFloat(texts[0], 64)
	default:
		return texts[0], nil
	}
}

// In returns rules of one group.
func In(group Group, rules []Rule) []Rule {
	for i := range rules {
		rules[i].Group = group
	}
	return rules
}
