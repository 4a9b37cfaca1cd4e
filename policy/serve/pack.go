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
	Exceptions  pack.Exceptions
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

// judge is the pack as it runs: without the rules that are switched off, with
// parameters in the place of their defaults, and with no exception used yet.
func (p Pack) judge(levels map[string]apitype.EnforcementLevel, parameters map[string]map[string]any) *pack.Pack {
	rules := slices.DeleteFunc(slices.Clone(p.Rules), func(rule pack.Rule) bool { return levels[rule.Name] == apitype.Disabled })
	return &pack.Pack{Rules: rules, Exceptions: p.Exceptions.Fresh(), Parameters: maps.Clone(parameters)}
}

// rule is the one of a name; false where there is none.
func (p Pack) rule(name string) (pack.Rule, bool) {
	at := slices.IndexFunc(p.Rules, func(rule pack.Rule) bool { return rule.Name == name })
	if at < 0 {
		return pack.Rule{}, false
	}
	return p.Rules[at], true
}
