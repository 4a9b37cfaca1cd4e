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

// Masked tells whether a value of the engine's log or state is one that it
// masks, in either of the forms that it has there.
func Masked(value any) bool {
	wrapped, _ := value.(map[string]any)
	return value == Shown || wrapped[sig.Key] == sig.Secret
}

// Marked are the texts and numbers that are marked secret in an object that the
// engine sends, as they are and as they read behind the base64 of a Secret.
func Marked(properties resource.PropertyMap) []string {
	return marked(resource.NewObjectProperty(properties), false)
}

// marked are all texts and numbers of a value where it is a part of a secret.
func marked(value resource.PropertyValue, secret bool) []string {
	var found []string
	switch {
	case value.IsSecret():
		return marked(value.SecretValue().Element, true)
	case value.IsOutput():
		return marked(value.OutputValue().Element, secret || value.OutputValue().Secret)
	case value.IsObject():
		for _, inner := range value.ObjectValue() {
			found = append(found, marked(inner, secret)...)
		}
	case value.IsArray():
		for _, inner := range value.ArrayValue() {
			found = append(found, marked(inner, secret)...)
		}
	case secret && value.IsNumber():
		return []string{number(value.NumberValue())}
	case secret && value.IsString():
		return decoded(value.StringValue())
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

// OfState are the secret values of an exported state that shows them. Secrets
// hold names of hosts and users, too, which stand all over a platform: these are
// left out.
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
		name := ""
		if strings.HasPrefix(one.Type, "random:") {
			name = "password"
		}
		found = append(found, revealed(name, one.Inputs, false)...)
		found = append(found, revealed(name, one.Outputs, false)...)
	}
	return found, nil
}

// revealed are the values in the wraps in which an export shows secrets.
func revealed(name string, value any, secret bool) []string {
	var found []string
	switch v := value.(type) {
	case map[string]any:
		if plain, is := v["plaintext"].(string); is && Masked(v) {
			var inner any
			if json.Unmarshal([]byte(plain), &inner) != nil {
				inner = plain
			}
			return revealed(name, inner, true)
		}
		for key, inner := range v {
			if name == "password" {
				key = name
			}
			found = append(found, revealed(key, inner, secret)...)
		}
	case []any:
		for _, inner := range v {
			found = append(found, revealed(name, inner, secret)...)
		}
	case float64:
		return revealed(name, number(v), secret)
	case string:
		for _, text := range decoded(v) {
			if secret && (Named(name, text) || !ordinary.MatchString(text)) {
				found = append(found, text)
			}
		}
	}
	return found
}

// ordinary is what a Secret may hold that is none: switches and numbers, names
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
		if len(value) >= leastOfEnvironment && (FormOf(value) != "" || contains(name, environmentMarks)) {
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
