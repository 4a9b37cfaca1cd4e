package secrets

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"

	"platform/config"
)

// nowhere is a name that never resolves (RFC 2606), for addresses that a
// source has made up.
const nowhere = "made-up.invalid"

// formed puts a made-up text into the form that its reader parses. Kubernetes
// itself refuses a pull secret that is none.
func formed(format config.CredentialFormat, text string) string {
	switch format {
	case config.FormatURL:
		return "https://" + nowhere + "/" + text
	case config.FormatDockerConfigJSON:
		return dockerConfigJSON(nowhere, "made-up", text)
	case config.FormatHex: // two digits for each character, of which there are 32
		return hex.EncodeToString([]byte(text))
	default:
		return text
	}
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
