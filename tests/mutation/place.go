package mutation

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// path leads to a field: each step is a key or the index of an item.
type path []any

// gone, as a new value, takes the field away.
var gone = resource.MakeComputed(resource.NewStringProperty("gone"))

// templates are where the kinds have their pods.
var templates = map[string]string{
	"CronJob": "spec jobTemplate spec template", "DaemonSet": "spec template", "Deployment": "spec template",
	"Job": "spec template", "ReplicaSet": "spec template", "StatefulSet": "spec template",
}

func (p path) String() string {
	var text strings.Builder
	for i, step := range p {
		switch step := step.(type) {
		case int:
			fmt.Fprintf(&text, "[%d]", step)
		case string:
			if i > 0 {
				text.WriteByte('.')
			}
			text.WriteString(step)
		}
	}
	return text.String()
}

// places are where a pattern of [Operator.At] leads in an object. All but the
// last step must be there.
func places(whole resource.PropertyValue, kind, pattern string) []path {
	if rest, ofPod := strings.CutPrefix(pattern, "pod "); ofPod {
		pattern = strings.TrimSpace(templates[kind] + " " + rest)
	}
	found := []path{nil}
	for _, step := range strings.Fields(pattern) {
		var next []path
		for _, at := range found {
			for _, one := range steps(at.in(whole), step) {
				next = append(next, append(slices.Clip(at), one))
			}
		}
		found = next
	}
	return found
}

// steps are what a step of a pattern means below a value.
func steps(value resource.PropertyValue, step string) []any {
	value = bare(value)
	var all []any
	switch {
	case value.IsArray() && step == "*":
		for i := range value.ArrayValue() {
			all = append(all, i)
		}
	case value.IsObject() && step == "*":
		for _, key := range slices.Sorted(maps.Keys(value.ObjectValue())) {
			all = append(all, string(key))
		}
	case value.IsObject():
		for one := range strings.SplitSeq(step, "|") {
			all = append(all, one)
		}
	}
	return all
}

// bare is a value without its mark of a secret.
func bare(value resource.PropertyValue) resource.PropertyValue {
	for value.IsSecret() {
		value = value.SecretValue().Element
	}
	return value
}

// in is the value at the place, null where there is none. The mark of a secret
// that is above it is lost.
func (p path) in(value resource.PropertyValue) resource.PropertyValue {
	for _, step := range p {
		value = bare(value)
		switch step := step.(type) {
		case int:
			if !value.IsArray() || step >= len(value.ArrayValue()) {
				return resource.NewNullProperty()
			}
			value = value.ArrayValue()[step]
		case string:
			if !value.IsObject() {
				return resource.NewNullProperty()
			}
			value = value.ObjectValue()[resource.PropertyKey(step)]
		}
	}
	return value
}

// put is a copy of a value with another one at the place. What is above it and
// absent is made.
func (p path) put(value, replacement resource.PropertyValue) resource.PropertyValue {
	if len(p) == 0 {
		return replacement
	}
	if value.IsSecret() {
		return resource.MakeSecret(p.put(value.SecretValue().Element, replacement))
	}
	last := len(p) == 1 && replacement.IsComputed()
	switch step := p[0].(type) {
	case int:
		items := slices.Clone(value.ArrayValue())
		if last {
			return resource.NewArrayProperty(slices.Delete(items, step, step+1))
		}
		items[step] = p[1:].put(items[step], replacement)
		return resource.NewArrayProperty(items)
	default:
		properties := resource.PropertyMap{}
		if value.IsObject() {
			properties = maps.Clone(value.ObjectValue())
		}
		key := resource.PropertyKey(step.(string))
		if last {
			delete(properties, key)
		} else {
			properties[key] = p[1:].put(properties[key], replacement)
		}
		return resource.NewObjectProperty(properties)
	}
}
