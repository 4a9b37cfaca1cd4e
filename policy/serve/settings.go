package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// Setting is what a user's configuration says of one rule.
type Setting struct {
	Level      apitype.EnforcementLevel // empty leaves it as it is
	Parameters map[string]any           // those named replace their defaults
}

// Settings are by rule. One for [everyRule] has a level alone, which holds for
// every rule that has none of its own.
type Settings map[string]Setting

// The names with a meaning of their own in a configuration, as the engine has
// them.
const (
	everyRule    = "all"
	levelKey     = "enforcementLevel"
	environments = "environments" // of Pulumi ESC, which the engine resolves
)

// ReadSettings reads the JSON that --policy-pack-config names: an object with a
// level, or an object of a level and parameters, for each rule. An empty text
// says nothing.
func ReadSettings(text []byte) (Settings, error) {
	if strings.TrimSpace(string(text)) == "" {
		return nil, nil
	}
	var content map[string]any
	if err := json.Unmarshal(text, &content); err != nil {
		return nil, fmt.Errorf("is no JSON object of rules: %w", err)
	}
	settings := Settings{}
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(content)) {
		switch said := content[name].(type) {
		case string:
			settings[name] = Setting{Level: apitype.EnforcementLevel(said)}
		case map[string]any:
			level, isText := said[levelKey].(string)
			if said[levelKey] != nil && !isText {
				problems = append(problems, fmt.Errorf("rule %s: %s is a text: %s", name, levelKey, levelNames))
			}
			delete(said, levelKey)
			settings[name] = Setting{apitype.EnforcementLevel(level), said}
		default:
			if name != environments {
				problems = append(problems, fmt.Errorf("rule %s: name a level, or an object of %s and parameters", name, levelKey))
			}
		}
	}
	return settings, errors.Join(problems...)
}

// levelNames are the levels that this pack knows.
const levelNames = "advisory, mandatory or disabled"

// Check is one error for all that is wrong with the settings.
func (p Pack) Check(settings Settings) error {
	_, _, err := p.apply(settings)
	return err
}

// apply decides each rule's level and parameters: what the settings say of the
// rule, else what they say of all, else what the rule says itself.
func (p Pack) apply(settings Settings) (map[string]apitype.EnforcementLevel, map[string]map[string]any, error) {
	levels, parameters := p.levels(), map[string]map[string]any{}
	if all := settings[everyRule]; all.Level != "" {
		for name := range levels {
			levels[name] = all.Level
		}
	}
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		setting := settings[name]
		problems = append(problems, levelError(name, setting.Level)...)
		if name == everyRule && len(setting.Parameters) == 0 {
			continue
		}
		rule, known := p.rule(name)
		if !known {
			problems = append(problems, fmt.Sprintf("rule %s: there is none of this name", name))
			continue
		}
		if setting.Level != "" {
			levels[name] = setting.Level
		}
		values, wrong := conform(rule.Parameters, setting.Parameters)
		parameters[name] = values
		for _, problem := range wrong {
			problems = append(problems, fmt.Sprintf("rule %s: %s", name, problem))
		}
	}
	if len(problems) > 0 {
		return nil, nil, fmt.Errorf("%d errors in the configuration of the policy pack; make policy-list lists the rules\n  %s",
			len(problems), strings.Join(problems, "\n  "))
	}
	return levels, parameters, nil
}

func levelError(rule string, level apitype.EnforcementLevel) []string {
	switch level {
	case "", apitype.Advisory, apitype.Mandatory, apitype.Disabled:
		return nil
	case apitype.Remediate:
		return []string{fmt.Sprintf("rule %s: this pack changes no resource, so it knows no level %q; it is %s", rule, level, levelNames)}
	default:
		return []string{fmt.Sprintf("rule %s: level %q is not one of %s", rule, level, levelNames)}
	}
}

// conform gives parameters the types of their defaults, which JSON has lost.
func conform(defaults, given map[string]any) (map[string]any, []string) {
	values, problems := map[string]any{}, []string(nil)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		fallback, known := defaults[name]
		if !known {
			problems = append(problems, fmt.Sprintf("it has no parameter %s; %s", name, listed(defaults)))
			continue
		}
		value, ok := typed(fallback, given[name])
		if !ok {
			problems = append(problems, fmt.Sprintf("parameter %s is %s", name, kindOf(fallback)))
			continue
		}
		values[name] = value
	}
	return values, problems
}

func listed(parameters map[string]any) string {
	if len(parameters) == 0 {
		return "it has none at all"
	}
	return "it has " + strings.Join(slices.Sorted(maps.Keys(parameters)), ", ")
}

// typed is a value as the type of its default; false where it is none.
func typed(fallback, value any) (any, bool) {
	switch fallback.(type) {
	case int:
		number, ok := value.(float64)
		return int(number), ok && number == math.Trunc(number)
	case float64:
		number, ok := value.(float64)
		return number, ok
	case bool:
		truth, ok := value.(bool)
		return truth, ok
	case string:
		text, ok := value.(string)
		return text, ok
	case []any:
		items, ok := value.([]any)
		for _, item := range items {
			_, isText := item.(string)
			ok = ok && isText
		}
		return items, ok
	default:
		return nil, false
	}
}

// kindOf tells what values a parameter takes.
func kindOf(fallback any) string {
	switch fallback.(type) {
	case int:
		return "a whole number"
	case float64:
		return "a number"
	case bool:
		return "true or false"
	case string:
		return "a text"
	default:
		return "a list of texts"
	}
}
