package secret

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
)

// Masked reports whether a value of the engine's log or state is one that it
// masks, in either of the forms that it has there.
func Masked(value any) bool {
	wrapped, _ := value.(map[string]any)
	return value == Shown || wrapped[sig.Key] == sig.Secret
}

// leaf is a text or a number that is marked secret, and the name next above it.
type leaf struct{ name, text string }

// Marked are the texts and numbers that are marked secret in an object that the
// engine sends, as they are and as they read behind the base64 of a Secret.
func Marked(properties resource.PropertyMap) []string {
	var all []string
	for _, one := range marked("", resource.NewObjectProperty(properties), false) {
		all = append(all, one.text)
	}
	return all
}

// Distinctive are those of them that are worth looking for wherever text is shown.
// Secrets hold names of hosts and users, too, which stand all over a platform:
// these are left out.
func Distinctive(properties resource.PropertyMap) []string {
	return distinctive(marked("", resource.NewObjectProperty(properties), false))
}

func distinctive(all []leaf) []string {
	var found []string
	for _, one := range all {
		if Named(one.name, one.text) || !ordinary.MatchString(one.text) {
			found = append(found, one.text)
		}
	}
	return found
}

// marked are all leaves of a value where it is a part of a secret.
func marked(name string, value resource.PropertyValue, secret bool) []leaf {
	var found []leaf
	switch {
	case value.IsSecret():
		return marked(name, value.SecretValue().Element, true)
	case value.IsOutput():
		return marked(name, value.OutputValue().Element, secret || value.OutputValue().Secret)
	case value.IsObject():
		for key, inner := range value.ObjectValue() {
			found = append(found, marked(string(key), inner, secret)...)
		}
	case value.IsArray():
		for _, inner := range value.ArrayValue() {
			found = append(found, marked(name, inner, secret)...)
		}
	case secret && value.IsNumber():
		return []leaf{{name, number(value.NumberValue())}}
	case secret && value.IsString():
		for _, text := range decoded(value.StringValue()) {
			found = append(found, leaf{name, text})
		}
	}
	return found
}

// decoded is a text, and what it reads as behind the base64 of a Secret.
func decoded(text string) []string {
	if plain, err := base64.StdEncoding.DecodeString(text); err == nil && len(plain) > 0 && utf8.Valid(plain) {
		return []string{text, string(plain)}
	}
	return []string{text}
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// OfState are the values of an exported state, with its secrets in clear, that
// are worth looking for.
func OfState(export []byte) ([]string, error) {
	var state struct {
		Deployment struct {
			Resources []struct {
				Type            string
				Inputs, Outputs map[string]any
			} `json:"resources"`
		} `json:"deployment"`
	}
	if err := json.Unmarshal(export, &state); err != nil {
		return nil, err
	}
	var found []string
	for _, one := range state.Deployment.Resources {
		all := append(revealed("", one.Inputs), revealed("", one.Outputs)...)
		if strings.HasPrefix(one.Type, "random:") { // which makes nothing but passwords
			for i := range all {
				all[i].name = "password"
			}
		}
		found = append(found, distinctive(all)...)
	}
	return found, nil
}

// revealed are the leaves in the wraps in which an export shows secrets.
func revealed(name string, value any) []leaf {
	var found []leaf
	switch v := value.(type) {
	case map[string]any:
		if plain, is := v["plaintext"].(string); is && Masked(v) {
			var inner any
			if json.Unmarshal([]byte(plain), &inner) != nil {
				inner = plain
			}
			return marked(name, resource.NewPropertyValue(inner), true)
		}
		for key, inner := range v {
			found = append(found, revealed(key, inner)...)
		}
	case []any:
		for _, inner := range v {
			found = append(found, revealed(name, inner)...)
		}
	}
	return found
}

// ordinary is what a Secret may hold that is not one: switches and numbers, names
// of users, databases and hosts, addresses, folders, certificates.
var ordinary = regexp.MustCompile(`(?s)^(?:` + strings.Join([]string{
	`(?i:true|false|yes|no|on|off|none|null)|\d{1,5}(?:\.\d+)?[A-Za-z]{0,2}`,
	`[a-z][a-z0-9._:/-]{0,23}`,
	`[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?`,
	`[a-z][a-z0-9+.-]*://[^@\s?#]*`,
	`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`,
	`(?:/[a-z0-9._-]+)+/?`,
	`\s*-----BEGIN CERTIFICATE-----.*-----END CERTIFICATE-----\s*`,
}, "|") + `)$`)

// environmentMarks are the parts of a variable's name that say that its value is
// secret.
var environmentMarks = []string{"SECRET", "TOKEN", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "CLIENT_ID", "_KEY"}

// leastOfEnvironment is the length below which a value of the environment is
// taken for a word.
const leastOfEnvironment = 8

// namingVariables match the variables of make that name a Secret or a source of
// secrets: make hands them to what it runs.
var namingVariables = regexp.MustCompile(`^SECRETS?=[a-z0-9-]+(/[A-Z0-9_]+)?$`)

// OfEnvironment are the values of those variables, as [os.Environ] has them,
// that are secret by their names or by the form of their values.
func OfEnvironment(variables []string) []string {
	var found []string
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		name = strings.ToUpper(name)
		for _, login := range userinfo.FindAllStringSubmatch(value, -1) {
			found = append(found, login[1])
		}
		if len(value) >= leastOfEnvironment && (FormOf(value) != "" || contains(name, environmentMarks)) && !namingVariables.MatchString(variable) {
			found = append(found, value)
		}
	}
	return found
}

func contains(text string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}
