package engine

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// providerTypes starts the type of every provider.
const providerTypes = "pulumi:providers:"

// The keys of a wrapped value in a state: of a secret one, the kind of
// wrapping and its cipher.
const (
	wrapKey    = "4dabf18193072939515e22adb298388d"
	secretWrap = "1b47061264138c4ac30d75fd1eb44270"
)

// extended is the state with planned resources added: the objects that were
// found under their live names, and the components that they lie in, with the
// generated values that still stand in them. Other secret values are left out, for
// they are those of another state. Where the state has the resource under an older
// name, that one is left to be deleted, see [deploymentParts.take].
func (s *state) extended(planned *state, found map[string]*unstructured.Unstructured, stack string, generated []generatedValue) ([]byte, error) {
	_, other, err := planned.parts()
	if err != nil {
		return nil, err
	}
	var wanted []map[string]any
	if err := decodeExactly(other["resources"], &wanted); err != nil {
		return nil, err
	}
	return s.rewritten(func(deployment *deploymentParts) error {
		known, providers := map[string]bool{}, map[string]any{}
		for _, resource := range deployment.resources {
			known[urnOf(resource)] = true
			if kind, _ := resource["type"].(string); strings.HasPrefix(kind, providerTypes) {
				providers[urnOf(resource)] = resource["id"]
			}
		}
		for _, resource := range wanted {
			live, component := found[urnOf(resource)], resource["custom"] != true
			switch {
			case live != nil:
				if err := bind(resource, live, providers); err != nil {
					return err
				}
			case known[urnOf(resource)] || !component:
				continue
			}
			at := deployment.take(resource)
			keepKnown(resource, deployment.resources[:at])
		}
		deployment.resources, err = withGenerated(deployment.resources, stack, generated)
		return err
	})
}

// bind makes a planned resource the live object: under its name, and of the
// provider that the state has.
func bind(resource map[string]any, live *unstructured.Unstructured, providers map[string]any) error {
	reference, _ := resource["provider"].(string)
	urn := reference[:max(strings.LastIndex(reference, "::"), 0)]
	id, found := providers[urn]
	if !found {
		return fmt.Errorf("%s has the provider %q, which the state lacks", resource["urn"], reference)
	}
	resource["provider"] = fmt.Sprintf("%s::%s", urn, id)
	resource["id"] = identifier(live)
	resource["outputs"] = map[string]any{}
	inputs, _ := withoutCiphers(resource["inputs"]).(map[string]any)
	resource["inputs"] = inputs
	return unstructured.SetNestedField(inputs, live.GetName(), "metadata", "name")
}

// withoutCiphers leaves secret values out of a value.
func withoutCiphers(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			if wrapped, is := inner.(map[string]any); is && wrapped[wrapKey] == secretWrap {
				delete(v, key)
				continue
			}
			v[key] = withoutCiphers(inner)
		}
	case []any:
		for i, inner := range v {
			v[i] = withoutCiphers(inner)
		}
	}
	return value
}

// keepKnown takes references to resources out that do not stand before it in the
// state: the engine refuses a state with such a dependency.
func keepKnown(resource map[string]any, before []map[string]any) {
	known := map[any]bool{}
	for _, one := range before {
		known[one["urn"]] = true
	}
	resource["dependencies"] = knownOf(resource["dependencies"], known)
	if byProperty, is := resource["propertyDependencies"].(map[string]any); is {
		for property, urns := range byProperty {
			byProperty[property] = knownOf(urns, known)
		}
	}
}

func knownOf(urns any, known map[any]bool) []any {
	kept := []any{}
	list, _ := urns.([]any)
	for _, urn := range list {
		if known[urn] {
			kept = append(kept, urn)
		}
	}
	return kept
}
