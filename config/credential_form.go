package config

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
)

// nowhere is a name that never resolves (RFC 2606), for addresses that a
// source has made up.
const nowhere = "made-up.invalid"

// Formed puts a made-up text into the form that its reader parses. Kubernetes
// itself refuses a pull secret that is not one.
func (f CredentialFormat) Formed(text string) string {
	switch f {
	case FormatURL:
		return "https://" + nowhere + "/" + text
	case FormatDockerConfigJSON:
		return dockerConfigJSON(nowhere, "made-up", text)
	case FormatHex: // two digits for each character, of which there are 32
		return hex.EncodeToString([]byte(text))
	default:
		return text
	}
}

// MadeUp is the text that [CredentialFormat.Formed] has made a value of. Of a
// value that somebody else has made there is none.
func (f CredentialFormat) MadeUp(value string) (text string, is bool) {
	switch f {
	case FormatURL:
		text = strings.TrimPrefix(value, "https://"+nowhere+"/")
	case FormatDockerConfigJSON:
		var file struct {
			Auths map[string]struct{ Password string }
		}
		if err := json.Unmarshal([]byte(value), &file); err != nil {
			return "", false
		}
		text = file.Auths[nowhere].Password
	case FormatHex:
		plain, err := hex.DecodeString(value)
		if err != nil {
			return "", false
		}
		text = string(plain)
	default:
		text = value
	}
	return text, text != "" && f.Formed(text) == value
}

// dockerConfigJSON is what docker login writes for one registry.
func dockerConfigJSON(registry, user, password string) string {
	auth := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	login := map[string]string{"username": user, "password": password, "auth": auth}
	text, err := json.Marshal(map[string]map[string]map[string]string{"auths": {registry: login}})
	if err != nil {
		panic(err) // strings only
	}
	return string(text)
}
