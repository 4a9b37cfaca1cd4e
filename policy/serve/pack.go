// Package serve is the policy pack as the engine sees it: it speaks the
// analyzer protocol over gRPC, decides levels, and words what rules find.
package serve

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// Pack is what is served.
type Pack struct {
	Name        string // such as platform
	Version     string // semantic, such as 1.2.0
	Description string // a sentence
	Rules       []pack.Rule
	Exceptions  pack.Exceptions // all, for the list of them
	// Configured returns the exceptions that hold for a stack with this
	// configuration, and the parameters that follow from it; nil knows none.
	Configured func(stack string, values map[string]string) (pack.Exceptions, map[string]map[string]any, error)
}

// defaultLevel is that of a rule that names none. The protocol's own zero is
// advisory, which would let a forgotten level pass unseen.
const defaultLevel = apitype.Mandatory

// levels are what each rule says of itself.
func (p Pack) levels() map[string]apitype.EnforcementLevel {
	levels := map[string]apitype.EnforcementLevel{}
	for _, rule := range p.Rules {
		levels[rule.Name] = rule.Level
		if rule.Level == "" {
			levels[rule.Name] = defaultLevel
		}
	}
	return levels
}

// check is the pack as it runs: without the rules that are switched off, with
// the stack's parameters in the place of their defaults and the user's in the
// place of those, and with no exception used yet.
func (p Pack) check(levels map[string]apitype.EnforcementLevel, exceptions pack.Exceptions, stack, user map[string]map[string]any) *pack.Pack {
	parameters := map[string]map[string]any{}
	for _, values := range []map[string]map[string]any{stack, user} {
		for rule, given := range values {
			if parameters[rule] == nil {
				parameters[rule] = map[string]any{}
			}
			maps.Copy(parameters[rule], given)
		}
	}
	rules := slices.DeleteFunc(slices.Clone(p.Rules), func(rule pack.Rule) bool { return levels[rule.Name] == apitype.Disabled })
	return &pack.Pack{Rules: rules, Exceptions: exceptions.Fresh(), Parameters: parameters}
}

// rule is the one of a name; false where there is none.
func (p Pack) rule(name string) (pack.Rule, bool) {
	at := slices.IndexFunc(p.Rules, func(rule pack.Rule) bool { return rule.Name == name })
	if at < 0 {
		return pack.Rule{}, false
	}
	return p.Rules[at], true
}
