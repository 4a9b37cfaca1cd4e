package engine

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"platform/config"
)

// generatedType is the type of a generated value, whose name is SECRET-KEY.
const generatedType = "random:index/randomPassword:RandomPassword"

// generatedValue is a value that the stack has made up, as a Secret has it.
type generatedValue struct {
	config.SecretValue
	text string
}

// generatedIn are the generated values that still stand in the Secrets that were
// found. Made again, they would lock the stack out of its own data: a database
// keeps the password that it knows.
func (s *Session) generatedIn(found map[string]*unstructured.Unstructured) []generatedValue {
	if s.Config.Shared().Secrets.Source != config.SourceGenerated {
		return nil
	}
	data := map[string]map[string]any{}
	for _, object := range found {
		if object.GetKind() == "Secret" {
			data[object.GetName()], _, _ = unstructured.NestedMap(object.Object, "data")
		}
	}
	var values []generatedValue
	for _, value := range config.SourceValues(s.Config) {
		encoded, _ := data[value.Secret][value.Key].(string)
		plain, err := base64.StdEncoding.DecodeString(encoded)
		if text, is := value.Format.MadeUp(string(plain)); err == nil && is {
			s.known.Add(text, string(plain))
			values = append(values, generatedValue{value, text})
		}
	}
	return values
}

// resource is the value as the state has it: of the provider that its URN and ID
// name, with what the provider itself would have written, but for a hash that
// nothing reads.
func (v generatedValue) resource(stack, parent, provider string) map[string]any {
	outputs := map[string]any{
		"id": "none", "length": v.MadeLength(), "special": false, "result": secretly(v.text),
		"lower": true, "upper": true, "number": true, "numeric": true, "minLower": 0, "minUpper": 0, "minNumeric": 0, "minSpecial": 0,
		"__meta": `{"schema_version":"3"}`,
	}
	return map[string]any{
		"urn": generatedURN(stack, v.SecretValue), "custom": true, "id": "none", "type": generatedType, "parent": parent, "provider": provider,
		"inputs": map[string]any{"length": v.MadeLength(), "special": false}, "outputs": outputs,
		"propertyDependencies": map[string]any{"length": []any{}, "special": []any{}}, "additionalSecretOutputs": []any{"bcryptHash", "result"},
	}
}

// generatedURN is the URN of a generated value.
func generatedURN(stack string, value config.SecretValue) string {
	return fmt.Sprintf("urn:pulumi:%s::%s::%s::%s-%s", stack, config.Namespace, generatedType, value.Secret, value.Key)
}

// secretly wraps a text as a secret of a state that is imported, which encrypts it.
func secretly(text string) map[string]any {
	plain, _ := json.Marshal(text) // a string always marshals
	return map[string]any{wrapKey: secretWrap, "plaintext": string(plain)}
}

// withGenerated appends the values that a state lacks to its resources.
func withGenerated(resources []map[string]any, stack string, values []generatedValue) ([]map[string]any, error) {
	known, parent, provider := map[any]bool{}, "", ""
	for _, resource := range resources {
		known[resource["urn"]] = true
		urn, _ := resource["urn"].(string)
		switch kind, _ := resource["type"].(string); kind {
		case "pulumi:pulumi:Stack":
			parent = urn
		case providerTypes + "random":
			provider = fmt.Sprintf("%s::%s", urn, resource["id"])
		}
	}
	for _, value := range values {
		one := value.resource(stack, parent, provider)
		if known[one["urn"]] {
			continue
		}
		if parent == "" || provider == "" {
			return nil, fmt.Errorf("the state lacks the provider of generated values, which %s belongs to", value.SecretValue)
		}
		resources = append(resources, one)
	}
	return resources, nil
}
