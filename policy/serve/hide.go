package serve

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// secretShown stands in the place of a secret value.
const secretShown = "[secret]"

// shortestBare is the length from which on a secret value is hidden wherever it
// stands; a shorter one only in quotes, for it may be part of any word.
const shortestBare = 6

// hiding takes out of a message what is marked secret in the objects that it is
// about, as it is and as it reads behind the base64 of a Secret. Rules do not
// print values; one that fails may. What holds another goes before it.
func hiding(judged []resource.PropertyMap) *strings.Replacer {
	var values []string
	for _, properties := range judged {
		values = append(values, secretTexts(resource.NewObjectProperty(properties), false)...)
	}
	slices.SortFunc(values, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, value := range values {
		pairs = append(pairs, strconv.Quote(value), strconv.Quote(secretShown))
		if len(value) >= shortestBare {
			pairs = append(pairs, value, secretShown)
		}
	}
	return strings.NewReplacer(pairs...)
}

// secretTexts are the texts and numbers that are marked secret in a value, or
// all of them where it is a part of what is.
func secretTexts(value resource.PropertyValue, secret bool) []string {
	var found []string
	switch {
	case value.IsSecret():
		return secretTexts(value.SecretValue().Element, true)
	case value.IsOutput():
		return secretTexts(value.OutputValue().Element, secret || value.OutputValue().Secret)
	case value.IsObject():
		for _, inner := range value.ObjectValue() {
			found = append(found, secretTexts(inner, secret)...)
		}
	case value.IsArray():
		for _, inner := range value.ArrayValue() {
			found = append(found, secretTexts(inner, secret)...)
		}
	case secret && value.IsNumber():
		return []string{strconv.FormatFloat(value.NumberValue(), 'f', -1, 64)}
	case secret && value.IsString() && value.StringValue() != "":
		found = append(found, value.StringValue())
		if text, err := base64.StdEncoding.DecodeString(value.StringValue()); err == nil {
			found = append(found, string(text))
		}
	}
	return found
}
