// Package settings has what the policy pack knows of a stack: what is stated for
// every stack or for its platform in settings.yaml, and what follows from the
// stack's own configuration.
package settings

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"platform/config"
	"platform/policy/pack"
)

//go:embed settings.yaml
var text []byte

// parameters are values for parameters, by rule and name.
type parameters map[string]map[string]any

type exception struct {
	Object    string   `json:"object"`    // KIND/NAME; * stands for any kind, and in a name for any letters
	Container string   `json:"container"` // empty covers the whole object
	Rules     []string `json:"rules"`
	Reason    string   `json:"reason"`
}

var stated = func() (all struct {
	Parameters parameters `json:"parameters"`
	Platforms  map[string]struct {
		Trial      []string    `json:"trial"`
		Parameters parameters  `json:"parameters"`
		Exceptions []exception `json:"exceptions"`
	} `json:"platforms"`
},
) {
	if err := yaml.UnmarshalStrict(text, &all); err != nil {
		panic("policy/settings/settings.yaml: " + err.Error())
	}
	return all
}()

// Common returns the parameters of a rule that hold for every platform, as its
// defaults.
func Common(rule string) map[string]any {
	common, found := stated.Parameters[rule]
	if !found {
		panic("policy/settings/settings.yaml states nothing of rule " + rule)
	}
	return common
}

// Exceptions returns those of a platform, or of all where none is named.
func Exceptions(platform string) pack.Exceptions {
	var all pack.Exceptions
	for _, name := range slices.Sorted(maps.Keys(stated.Platforms)) {
		if platform != "" && platform != name {
			continue
		}
		for _, e := range stated.Platforms[name].Exceptions {
			kind, object, _ := strings.Cut(e.Object, "/")
			for _, rule := range e.Rules {
				all = append(all, pack.Exception{
					Rule: rule, Platform: name, Kind: strings.TrimSuffix(kind, "*"), Name: object, Container: e.Container, Reason: e.Reason,
				})
			}
		}
	}
	return all
}

// Of returns the exceptions and the parameters that hold for a stack with this
// configuration. It returns an error if the stack's own settings under
// platform:policy name what no rule has.
func Of(cfg config.Platform, rules []pack.Rule) (pack.Exceptions, map[string]map[string]any, error) {
	platform := platformOf(cfg)
	all := parameters{}
	all.add(stated.Platforms[platform].Parameters)
	all.add(derived(cfg))
	var errs []string
	for _, name := range slices.Sorted(maps.Keys(cfg.Shared().Policy)) {
		at := slices.IndexFunc(rules, func(r pack.Rule) bool { return r.Name == name })
		if at < 0 {
			errs = append(errs, fmt.Sprintf("%s: there is no such rule", name))
			continue
		}
		for parameter, texts := range cfg.Shared().Policy[name].Parameters {
			value, err := rules[at].Parse(parameter, texts)
			if err != nil {
				errs = append(errs, fmt.Sprintf("%s: %v", name, err))
				continue
			}
			all.set(name, parameter, value)
		}
	}
	if len(errs) > 0 {
		slices.Sort(errs)
		return nil, nil, fmt.Errorf("platform:policy: %s; make policy-list lists the rules with their parameters", strings.Join(errs, "; "))
	}
	return Exceptions(platform).Fresh(), all, nil
}

// Network returns what a stack's configuration says of its network: the
// parameters of the rule that compares who reaches whom with what is stated.
func Network(cfg config.Platform) map[string]any { return derived(cfg)[reachability] }

// Configured is [Of] for the configuration as the engine hands it over, with the
// namespace before each key.
func Configured(stack string, values map[string]string, rules []pack.Rule) (pack.Exceptions, map[string]map[string]any, error) {
	own := map[string]string{}
	for key, value := range values {
		if name, ours := strings.CutPrefix(key, config.Namespace+":"); ours {
			own[name] = value
		}
	}
	cfg, err := config.ReadValues(stack, own)
	if err != nil {
		return nil, nil, err
	}
	return Of(cfg, rules)
}

func (p parameters) set(rule, name string, value any) {
	if p[rule] == nil {
		p[rule] = map[string]any{}
	}
	p[rule][name] = value
}

func (p parameters) add(others parameters) {
	for rule, values := range others {
		for name, value := range values {
			p.set(rule, name, value)
		}
	}
}
