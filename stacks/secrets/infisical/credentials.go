package infisical

import "strings"

// The variables that hold the credentials. No file and no stack does.
const (
	EnvClientID     = "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID"
	EnvClientSecret = "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET"
	EnvToken        = "INFISICAL_TOKEN"
)

// credentials are a pair of universal auth, or an access token.
type credentials struct {
	clientID     string
	clientSecret string
	token        string
	issued       []string // tokens of log-ins
}

// known reports whether a text of the server repeats a credential.
func (c credentials) known(text string) bool {
	for _, credential := range append([]string{c.clientID, c.clientSecret, c.token}, c.issued...) {
		if credential != "" && strings.Contains(text, credential) {
			return true
		}
	}
	return false
}

// credentials are read as they are: nothing is trimmed off. A blank one counts
// as missing, since a variable that is set to nothing is how shells unset it.
func (r *reader) credentials(lookup func(string) (string, bool)) credentials {
	read := func(name string) string {
		value, _ := lookup(name)
		if strings.TrimSpace(value) == "" {
			return ""
		}
		return value
	}
	c := credentials{clientID: read(EnvClientID), clientSecret: read(EnvClientSecret), token: read(EnvToken)}
	switch {
	case c.token != "" && (c.clientID != "" || c.clientSecret != ""):
		r.add(keyAll, "unset "+EnvToken+", or "+EnvClientID+" and "+EnvClientSecret,
			"the environment has both an access token and a client's credentials, and nothing says which to use")
	case c.token != "":
		if strings.ContainsFunc(c.token, func(char rune) bool { return char <= ' ' || char > '~' }) {
			r.add(keyAll, "set "+EnvToken+" to the token alone", "%s holds white space or another character that no token has", EnvToken)
		}
	case c.clientID == "" && c.clientSecret == "":
		r.add(keyAll, "set "+EnvClientID+" and "+EnvClientSecret+", or "+EnvToken,
			"the environment has no credentials to read Infisical with")
	case c.clientID == "":
		r.add(keyAll, "set it to the client ID of the same machine identity", "%s is set and %s is not", EnvClientSecret, EnvClientID)
	case c.clientSecret == "":
		r.add(keyAll, "set it to a client secret of the same machine identity", "%s is set and %s is not", EnvClientID, EnvClientSecret)
	}
	return c
}
