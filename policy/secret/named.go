package secret

import (
	"regexp"
	"slices"
	"strings"
)

// secretName matches names of what is secret: DB_PASSWORD, apiKey, jwt-secret.
// What says something about one goes on: TOKEN_TTL, PASSWORD_FILE, secretName.
var secretName = regexp.MustCompile(`(?i)(?:password|passwd|passphrase|(?:^|[_.-])pass|secret|token|credentials?|(?:access|api|encryption|master|private|secret|signing)[_.-]?key)$`)

// secretParts are texts of which one is in whatever secretName matches.
var secretParts = []string{"pass", "secret", "token", "credential", "key"}

// setting matches what holds no secret in spite of its name: a switch, a small
// number, a duration, a file.
var setting = regexp.MustCompile(`(?i)^(?:true|false|yes|no|on|off|none|null|optional|required|disabled?|enabled?|\d{1,5}(?:\.\d+)?(?:ms|s|m|h|d)?|/.*|file:.*)$`)

// placeholder matches what stands for a value: $(VAR), ${VAR}, $VAR,
// {{ template }}, <password>, %s, psql's :'variable'. A password may have such
// characters, too.
var placeholder = regexp.MustCompile(`\$[({]|\{\{|^\$\w+$|^<.*>$|^%[a-z]$|^:`)

// literal reports whether a text is a value itself, and neither the place of one
// nor made of asterisks.
func literal(text string) bool {
	return strings.Trim(text, "*x.") != "" && !placeholder.MatchString(text)
}

// Named reports whether a value is a secret by its name.
func Named(name, value string) bool {
	value = strings.TrimSpace(value)
	return namesSecret(name) && literal(value) && !setting.MatchString(value)
}

// namesSecret is secretName, which is tried only of names that have a part of
// it: every key of every object is asked about.
func namesSecret(name string) bool { return mentions(name) && secretName.MatchString(name) }

// mentions reports whether a text has what every secret's name has.
func mentions(text string) bool {
	lower := strings.ToLower(text)
	return slices.ContainsFunc(secretParts, func(part string) bool { return strings.Contains(lower, part) })
}

// assignment finds names and values within a text, such as a file of settings
// or a script. A value that is not in quotes ends at a blank.
var assignment = regexp.MustCompile(`([A-Za-z][\w.-]*)["']?\s*[=:]\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"',;]+))`)

// The least that is taken for a password within a text; what is shorter is
// more often a word of the language that the text is in.
const shortest = 6

// assigned reports whether a text gives a value to a secret's name. A value that
// is a secret's name itself is a variable. Outside quotes one without a digit
// is taken for one, too.
func assigned(text string) bool {
	if !mentions(text) {
		return false
	}
	for _, found := range assignment.FindAllStringSubmatch(text, -1) {
		name, quoted, bare := found[1], found[2]+found[3], found[4]
		value := quoted + bare
		if len(value) < shortest || !Named(name, value) || namesSecret(value) {
			continue
		}
		if quoted != "" || strings.ContainsAny(bare, "0123456789") && !strings.ContainsAny(bare, "([.") {
			return true
		}
	}
	return false
}
