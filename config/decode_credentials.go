package config

import (
	"fmt"
	"regexp"
	"strings"
)

// What no stack file holds: tokens of Infisical wherever they stand. A service
// token is st, an ID and a key; an access token is a JSON web token, whose
// first two parts are JSON objects.
var infisicalToken = regexp.MustCompile(`\bst\.[0-9A-Fa-f-]{16,}\.[0-9A-Za-z]{8,}|\beyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}`)

// tokenStart is how such a token begins, which is enough below secrets.
var tokenStart = regexp.MustCompile(`^\s*(st\.[0-9A-Za-z_-]{8,}|eyJ[0-9A-Za-z_-]{8,})`)

// credentialWords are what the names of credentials have in them, without
// regard to case and separators.
var credentialWords = []string{
	"clientid", "clientsecret", "token", "password", "passwd", "passphrase", "credential", "apikey", "accesskey", "privatekey",
	"secretkey", "secretid", "universalauth",
}

// infisicalPrefix begins the variables that Infisical's clients read.
const infisicalPrefix = "INFISICAL_"

// hidden stands in a key for what no message repeats.
const hidden = "…"

// private tells the keys whose values no message repeats.
func private(key string) bool { return within("secrets", key) || within(stackSecrets, key) }

// isToken reports whether the text under a key looks like a token of Infisical.
func isToken(key, text string) bool {
	return infisicalToken.MatchString(text) || private(key) && tokenStart.MatchString(text)
}

// namesCredential reports whether a name is that of a credential.
func namesCredential(name string) bool {
	plain := strings.NewReplacer("_", "", "-", "", ".", "").Replace(strings.ToLower(name))
	for _, word := range credentialWords {
		if strings.Contains(plain, word) {
			return true
		}
	}
	return false
}

// ofInfisical reports whether a name is that of a variable for Infisical.
func ofInfisical(name string) bool { return strings.HasPrefix(strings.ToUpper(name), infisicalPrefix) }

// entryOfCredential reports whether an entry of a map would hold a credential
// for Infisical. The variables that a service reads from Secrets do not: they
// hold the names of those.
func entryOfCredential(parent, name string) bool {
	return ofInfisical(name) && namesCredential(name) && !strings.HasSuffix(parent, ".secrets")
}

// token reports a value, or a name, that looks like a token. It is never quoted.
func (c *collector) token(key string) {
	c.settle(Error{
		Key: key, Why: "it looks like a token of Infisical, and a stack file holds no credentials",
		Remedy: "revoke it there; " + c.environmentRemedy(),
	})
}

// misplaced reports a key whose name is that of a credential.
func (c *collector) misplaced(key, remedy string) {
	c.settle(Error{Key: key, Why: "its name is that of a credential, and a stack file holds no credentials", Remedy: remedy})
}

// environmentRemedy says where credentials for Infisical come from.
func (c *collector) environmentRemedy() string {
	return fmt.Sprintf("remove it from %s and set %s and %s, or %s, in the environment of the command",
		stackFile(c.stack), InfisicalClientID, InfisicalClientSecret, InfisicalToken)
}

// sourceRemedy says where other credentials come from.
func (c *collector) sourceRemedy() string {
	return fmt.Sprintf("keep credentials in the source that %s:secrets.source names and remove the key from %s", Namespace, stackFile(c.stack))
}
