package secret

import (
	"regexp"
	"strings"
)

// HasKnown is why a text must not be shown that has a known value in it.
const HasKnown = "has the value of a known secret"

// Clean is a text without known values, and without the lines that look as if
// they held a secret: the last that is done to what a terminal or a log shows.
func (k *Known) Clean(text string) string {
	lines := strings.SplitAfter(k.Hide(text), "\n")
	var public Certificate
	for i, line := range lines {
		read := Bare(line)
		name, value, named := strings.Cut(read, ": ")
		if !named {
			name, value = "", read
		}
		what := FormOf(read)
		if !public.Line(read) && what == "" {
			what = Suspect("", name) + Suspect(name, value)
		}
		if what != "" {
			body := strings.TrimRight(line, "\r\n")
			lines[i] = Shown + line[len(body):]
		}
	}
	return strings.Join(lines, "")
}

// Certificate tells which lines of a text are those of a certificate or a public
// key: they look random, and are public.
type Certificate bool

// Line takes the next line.
func (c *Certificate) Line(line string) bool {
	public := bool(*c) || publicBegins.MatchString(line)
	*c = Certificate(public && !publicEnds.MatchString(line))
	return public
}

var (
	publicBegins = regexp.MustCompile(`-----BEGIN (?:CERTIFICATE|PUBLIC KEY|[A-Z]+ PUBLIC KEY|CERTIFICATE REQUEST|X509 CRL)-----`)
	publicEnds   = regexp.MustCompile(`-----END [A-Z0-9 ]+-----`)
)

var (
	// publicName is of a path whose value is random and public.
	publicName = regexp.MustCompile(`(?i)(?:checksum|digest|sha-?(?:1|256|384|512)|revision|(?:^|[^a-z])hash|fingerprint|integrity|uid|caBundle|\.crt|certificate|public-?key)`)
	// secretPath is of a path that is not taken for public whatever else it says.
	secretPath = regexp.MustCompile(`(?i)pass|secret|token|credential|private`)
	hexValue   = regexp.MustCompile(`^["']?(?:[0-9a-f]{32,}|[0-9A-F]{32,})["']?$`)
	// endings are names of objects, Kind/name or Kind/namespace/name, that end in
	// the digits of a digest or in those that Pulumi chose.
	endings = regexp.MustCompile(`\b[A-Z][A-Za-z]+(?:/[a-z0-9][a-z0-9.-]*){1,2}-[0-9a-f]{8}(?:[0-9a-f]{8})?\b`)
)

// Numbered is why a number may be a secret: by its looks it is a digest.
const Numbered = "has a random number under a secret's name"

// Suspect is why a text looks as if it held a secret that nobody knows; empty
// where it does not. Public things that are random, such as digests of images,
// revisions, UIDs and checksums, do not. The path is that of the value in its
// object; empty where the text is none.
func Suspect(path, text string) string {
	if what := FormOf(text); what != "" {
		return "looks like " + what
	}
	if hexValue.MatchString(text) && secretPath.MatchString(path) {
		return Numbered
	}
	switch {
	case !HoldsRandom(text): // most texts
	case !secretPath.MatchString(path) && publicName.MatchString(path) && !HoldsRandom(path):
	case HoldsRandom(endings.ReplaceAllString(text, " ")):
		return "holds a random text, as passwords and keys are"
	}
	return ""
}
