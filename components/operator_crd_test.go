package components_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// misfits are the places where a value does not fit a schema: a wrong type, a
// missing or an unknown field, a text that is not one of the listed ones.
func misfits(schema any, value any, at string) []string {
	var found []string
	if dig(schema, "x-kubernetes-preserve-unknown-fields") == true {
		return nil
	}
	if allowed := list(schema, "enum"); allowed != nil && !slices.Contains(allowed, value) {
		found = append(found, fmt.Sprintf("%s: %v is none of %v", at, value, allowed))
	}
	switch dig(schema, "type") {
	case "object":
		fields, ok := value.(map[string]any)
		if !ok {
			return append(found, fmt.Sprintf("%s: %T is no object", at, value))
		}
		for _, name := range list(schema, "required") {
			if _, given := fields[name.(string)]; !given {
				found = append(found, fmt.Sprintf("%s.%s: is missing", at, name))
			}
		}
		for name, field := range fields {
			inner := dig(schema, "properties", name)
			if inner == nil {
				inner = dig(schema, "additionalProperties")
			}
			if inner == nil {
				found = append(found, fmt.Sprintf("%s.%s: is unknown", at, name))
				continue
			}
			found = append(found, misfits(inner, field, at+"."+name)...)
		}
	case "array":
		items, ok := value.([]any)
		if !ok {
			return append(found, fmt.Sprintf("%s: %T is no list", at, value))
		}
		for i, item := range items {
			found = append(found, misfits(dig(schema, "items"), item, fmt.Sprintf("%s[%d]", at, i))...)
		}
	case "string":
		if _, ok := value.(string); !ok {
			found = append(found, fmt.Sprintf("%s: %T is no text", at, value))
		}
	}
	return found
}

// What is written fits the definition of the operator's resource.
func TestOperatorSecretsFitTheirDefinition(t *testing.T) {
	text, err := os.ReadFile("../tools/cluster/crds/infisicalstaticsecrets.yaml")
	require.NoError(t, err)
	var definition map[string]any
	require.NoError(t, yaml.Unmarshal(text, &definition))
	spec := dig(definition, "spec", "versions", 0, "schema", "openAPIV3Schema", "properties", "spec")
	require.NotNil(t, spec)
	require.NotEmpty(t, misfits(spec, map[string]any{"targets": []any{map[string]any{"kind": "Pod", "namespaces": 1}}}, "spec"))

	for name, program := range writers(operated(), byToken) {
		for _, resource := range run(t, program).of(staticSecret) {
			assert.Equal(t, "kubernetes:secrets.infisical.com/v1beta1:InfisicalStaticSecret", resource.Type)
			assert.Empty(t, misfits(spec, resource.Inputs["spec"], "spec"), "%s: %s", name, resource.Name)
		}
	}
}
