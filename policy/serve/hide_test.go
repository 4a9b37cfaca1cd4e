package serve

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/pack"
	"platform/policy/secret"
)

// Even a rule that fails over a secret value does not show it.
func TestMessagesShowNoSecret(t *testing.T) {
	const long, short = "correct horse battery", "a7"
	encoded := base64.StdEncoding.EncodeToString([]byte(long))
	object := resource.NewObjectProperty
	for name, properties := range map[string]resource.PropertyMap{
		"a value":          {"spec": object(resource.PropertyMap{"at": resource.MakeSecret(text(long)), "pin": resource.MakeSecret(text(short))})},
		"all of an object": {"spec": resource.MakeSecret(object(resource.PropertyMap{"at": text(long), "pin": text(short)}))},
		"in a list":        {"spec": object(resource.PropertyMap{"at": resource.MakeSecret(resource.NewArrayProperty([]resource.PropertyValue{text(long), text(short)}))})},
		"of an output": {"spec": resource.NewOutputProperty(resource.Output{Known: true, Secret: true, Element: object(resource.PropertyMap{
			"at": text(long), "pin": text(short),
		})})},
		"encoded":            {"data": object(resource.PropertyMap{"at": resource.MakeSecret(text(encoded)), "pin": resource.MakeSecret(text("YTc="))})},
		"with another in it": {"spec": resource.MakeSecret(resource.NewArrayProperty([]resource.PropertyValue{text(long[:7]), text(long), text(short)}))},
		"a number": {"spec": object(resource.PropertyMap{
			"at": resource.MakeSecret(text(long)), "pin": resource.MakeSecret(text(short)), "number": resource.MakeSecret(resource.NewNumberProperty(12345678)),
		})},
	} {
		t.Run(name, func(t *testing.T) {
			rule, stack := at("at"), counting("count")
			rule.Object = func(o pack.Object, r *pack.Report) {
				r.Violated(o, pack.Value{}, "is %s and %q and 12345678", long, short)
				panic(encoded + long)
			}
			stack.Stack = func(*pack.Stack, *pack.Report) { panic(long) }
			e := serving(t, packOf(rule, stack)).of("test")
			said := strings.Join(append(e.says(properties), e.saysOfStack(thing("web", properties), thing("other", nil))...), "\n")
			require.Contains(t, said, secret.Shown)
			assert.NotContains(t, said, long)
			assert.NotContains(t, said, long[8:])
			assert.NotContains(t, said, `"`+short+`"`)
			if name == "encoded" {
				assert.NotContains(t, said, encoded)
			}
			if name == "a number" {
				assert.NotContains(t, said, "12345678")
			}
		})
	}
}

func TestMessagesShowTheRest(t *testing.T) {
	rule := at("at")
	rule.Object = func(o pack.Object, r *pack.Report) { r.Violated(o, pack.Value{}, "is open, and a is a word") }
	e := serving(t, packOf(rule))
	assert.Contains(t, e.says(resource.PropertyMap{"data": resource.MakeSecret(text("a")), "none": resource.MakeSecret(text(""))})[0], "is open, and a is a word")
}
