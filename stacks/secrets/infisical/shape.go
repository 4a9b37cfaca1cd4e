package infisical

import "encoding/json"

// isLogin reports whether a body is the answer to a log-in.
func isLogin(body []byte) bool {
	var answer struct {
		AccessToken string `json:"accessToken"`
	}
	return json.Unmarshal(body, &answer) == nil && answer.AccessToken != ""
}

// listed is what is looked at in a list: pointers tell what is absent.
type listed struct {
	Secrets *[]listedSecret `json:"secrets"`
	Imports []struct {
		Secrets []listedSecret `json:"secrets"`
	} `json:"imports"`
}

type listedSecret struct {
	Key    string  `json:"secretKey"`
	Value  *string `json:"secretValue"`
	Hidden bool    `json:"secretValueHidden"` // a field that the SDK does not have
}

// isList reports whether a body is a list of secrets, each with a name and a
// value, the empty one included.
func isList(body []byte) bool {
	var answer listed
	if json.Unmarshal(body, &answer) != nil || answer.Secrets == nil {
		return false
	}
	for _, secret := range answer.all() {
		if secret.Key == "" || secret.Value == nil && !secret.Hidden {
			return false
		}
	}
	return true
}

func (l listed) all() []listedSecret {
	var all []listedSecret
	if l.Secrets != nil {
		all = append(all, *l.Secrets...)
	}
	for _, from := range l.Imports {
		all = append(all, from.Secrets...)
	}
	return all
}

// hidden is the names whose values a list masks. A folder's own secret wins
// over one of the same name that is imported.
func hidden(body []byte) map[string]bool {
	var answer listed
	if json.Unmarshal(body, &answer) != nil || answer.Secrets == nil {
		return nil
	}
	names := make(map[string]bool)
	for _, from := range answer.Imports {
		for _, secret := range from.Secrets {
			names[secret.Key] = names[secret.Key] || secret.Hidden
		}
	}
	for _, secret := range *answer.Secrets {
		names[secret.Key] = secret.Hidden
	}
	return names
}
