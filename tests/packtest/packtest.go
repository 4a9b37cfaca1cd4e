// Package packtest tests rules: tables of objects as YAML, and what a rule has
// to say of them.
package packtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/policy/pack"
)

// Unknown, as a value in the YAML of a case, is one that is not known before
// the deployment; what begins with SecretPrefix is marked secret.
const (
	Unknown      = "<unknown>"
	SecretPrefix = "<secret>"
)

// Case is objects and what the rule says of them.
type Case struct {
	Objects string // YAML documents, divided by ---
	// Change, where given, alters the objects: options, providers, parents.
	Change func(objects []pack.Object)
	// Want are the violations, each as "Kind/Name: path" or "Kind/Name container
	// NAME: path"; the path is left out where the whole object is meant.
	Want []string
	// Undecided are those that cannot be checked, in the same form.
	Undecided []string
	// Parameters replace the rule's own.
	Parameters map[string]any
}

// Run runs a rule over cases.
func Run(t *testing.T, rule pack.Rule, cases map[string]Case) {
	t.Helper()
	Complete(t, rule)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			objects := Objects(t, c.Objects)
			if c.Change != nil {
				c.Change(objects)
			}
			p := pack.Pack{Rules: []pack.Rule{rule}, Parameters: map[string]map[string]any{rule.Name: c.Parameters}}
			want, undecided := []string{}, []string{}
			for _, finding := range p.CheckAll(&pack.Stack{Name: "test", Objects: objects}) {
				said := finding.Subject
				if finding.Path != "" {
					said = strings.TrimPrefix(said+": "+finding.Path, ": ")
				}
				switch finding.Kind {
				case pack.Violation:
					want = append(want, said)
					assert.NotEmpty(t, finding.Why)
				case pack.Undecidable:
					undecided = append(undecided, said)
				case pack.Broken:
					t.Errorf("%s: %s", said, finding.Why)
				}
			}
			assert.ElementsMatch(t, append([]string{}, c.Want...), want, "violations")
			assert.ElementsMatch(t, append([]string{}, c.Undecided...), undecided, "not decidable")
		})
	}
}

// Named is the rule of a name. It panics where there is none.
func Named(rules []pack.Rule, name string) pack.Rule {
	at := slices.IndexFunc(rules, func(r pack.Rule) bool { return r.Name == name })
	return rules[at]
}

// With is a rule with other defaults for some of its parameters, as a stack's
// configuration would give them.
func With(rule pack.Rule, parameters map[string]any) pack.Rule {
	all := maps.Clone(rule.Parameters)
	maps.Copy(all, parameters)
	rule.Parameters = all
	return rule
}

// Complete fails for a rule that lacks what every rule has.
func Complete(t *testing.T, rule pack.Rule) {
	t.Helper()
	assert.Regexp(t, `^[a-z0-9]+(-[a-z0-9]+)*$`, rule.Name)
	for what, text := range map[string]string{
		"group": string(rule.Group), "level": string(rule.Level), "severity": string(rule.Severity),
		"reason": rule.Reason, "remedy": rule.Remedy, "reference": rule.Reference,
	} {
		assert.NotEmpty(t, text, "%s of rule %s", what, rule.Name)
	}
	assert.NotEqual(t, rule.Object == nil, rule.Stack == nil, "rule %s checks either objects or stacks", rule.Name)
}

// Objects reads YAML documents.
func Objects(t *testing.T, documents string) []pack.Object {
	t.Helper()
	var objects []pack.Object
	for _, document := range strings.Split("\n"+documents, "\n---") {
		if strings.TrimSpace(document) == "" {
			continue
		}
		var content map[string]any
		require.NoError(t, yaml.UnmarshalStrict([]byte(document), &content), document)
		objects = append(objects, object(content))
	}
	return objects
}

func object(content map[string]any) pack.Object {
	version, kind := fmt.Sprint(content["apiVersion"]), fmt.Sprint(content["kind"])
	if !strings.Contains(version, "/") {
		version = "core/" + version
	}
	metadata, _ := content["metadata"].(map[string]any)
	name := fmt.Sprint(metadata["name"])
	kindOf := tokens.Type("kubernetes:" + version + ":" + kind)
	return pack.NewObject(pack.Resource{
		URN:  resource.NewURN("test", "platform", "", kindOf, name),
		Type: kindOf, Name: name, Properties: property(content).ObjectValue(),
	})
}

// Properties are values of YAML as the engine hands them to a policy.
func Properties(values map[string]any) resource.PropertyMap { return property(values).ObjectValue() }

// property is a value of YAML as the engine hands it to a policy.
func property(value any) resource.PropertyValue {
	switch v := value.(type) {
	case map[string]any:
		properties := resource.PropertyMap{}
		for key, inner := range v {
			properties[resource.PropertyKey(key)] = property(inner)
		}
		return resource.NewObjectProperty(properties)
	case []any:
		items := make([]resource.PropertyValue, 0, len(v))
		for _, inner := range v {
			items = append(items, property(inner))
		}
		return resource.NewArrayProperty(slices.Clip(items))
	case string:
		if v == Unknown {
			return resource.MakeComputed(resource.NewStringProperty(""))
		}
		if rest, secret := strings.CutPrefix(v, SecretPrefix); secret {
			return resource.MakeSecret(resource.NewStringProperty(rest))
		}
		return resource.NewStringProperty(v)
	default:
		return resource.NewPropertyValue(v)
	}
}
