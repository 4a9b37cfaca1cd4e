package scan

import (
	"html"
	"regexp"
	"strings"

	"platform/policy/secretlike"
)

// place is a line of a comment and what it belongs to.
type place struct {
	stack, resource, path named
	text                  string // of the line, as bare reads it
	value                 string // of text what follows the path; all of it where there is none
	public                bool   // part of a certificate or a public key
}

// named is a name, on which line it stands, and at which byte of it it ends.
type named struct {
	name      string
	row, ends int
}

// The lines by which a comment is found one's way in, as package page writes
// them.
var (
	summaryLine  = regexp.MustCompile(`^<details><summary>Stack <code>(.*?)</code>`)
	resourceLine = regexp.MustCompile("^(?:\\*\\*[a-z]+\\*\\*|`+[^`]*`+) (?:[0-9,]+ objects alike: )?(`.*)$")
	headingLine  = regexp.MustCompile(`^#+ \W*(\w.*)$`)
	rowLine      = regexp.MustCompile("^\\| (`.*)$")
	diffLine     = regexp.MustCompile(`^[-+!] ( {4}\S.*|\S.*)$`)
	publicBegins = regexp.MustCompile(`-----BEGIN (?:CERTIFICATE|PUBLIC KEY|[A-Z]+ PUBLIC KEY|CERTIFICATE REQUEST|X509 CRL)-----`)
	publicEnds   = regexp.MustCompile(`-----END [A-Z0-9 ]+-----`)
)

// placesOf are the places of all lines.
func placesOf(text string) []place {
	lines := strings.Split(text, "\n")
	all := make([]place, 0, len(lines))
	var now place
	var part, path named
	public := false
	for i, l := range lines {
		row := i + 1
		now.path = named{}
		switch {
		case strings.HasPrefix(l, "<details>"):
			if found := summaryLine.FindStringSubmatch(l); found != nil {
				now = place{stack: named{name: html.UnescapeString(found[1]), row: row, ends: len(l)}}
			}
		case strings.HasPrefix(l, "#"):
			if found := headingLine.FindStringSubmatch(l); found != nil {
				part = named{name: found[1], row: row, ends: len(l)}
				now = place{resource: part}
			}
		case strings.HasPrefix(l, "| "):
			now = place{resource: part}
			if found := rowLine.FindStringSubmatch(l); found != nil {
				now.stack = named{name: codeOf(found[1]), row: row, ends: max(0, strings.Index(l, " | "))}
			}
		default:
			if found := resourceLine.FindStringSubmatch(l); found != nil {
				now.resource = named{name: codeOf(found[1]), row: row, ends: len(l)}
			}
		}
		now.text = strings.TrimSpace(bare(l, false, true).text)
		now.value = now.text
		if now.stack.row == row {
			now.value = strings.TrimSpace(bare(l[now.stack.ends:], false, true).text)
		}
		if found := diffLine.FindStringSubmatch(l); found != nil {
			if name, value, has := strings.Cut(found[1], ": "); has && !strings.HasPrefix(name, " ") {
				path, now.value = named{name: name, row: row, ends: len("+ ") + len(name)}, strings.TrimSpace(bare(value, false, true).text)
			}
			now.path = path
		}
		public = public && !strings.HasPrefix(l, "```") || publicBegins.MatchString(l)
		now.public = public
		public = public && !publicEnds.MatchString(l)
		all = append(all, now)
	}
	return all
}

// codeOf is what stands in the code that a text begins with.
func codeOf(text string) string {
	rest := strings.TrimLeft(text, "`")
	fence := text[:len(text)-len(rest)]
	code, _, _ := strings.Cut(rest, fence)
	return strings.TrimSpace(code)
}

var (
	// publicName is of a path whose value is random and public.
	publicName = regexp.MustCompile(`(?i)(?:checksum|digest|sha-?(?:1|256|384|512)|revision|(?:^|[^a-z])hash|fingerprint|integrity|uid|caBundle|\.crt|certificate|public-?key)`)
	// secretName is of a path that is not taken for public whatever else it says.
	secretName = regexp.MustCompile(`(?i)pass|secret|token|credential|private`)
	hexValue   = regexp.MustCompile(`^["']?(?:[0-9a-f]{32,}|[0-9A-F]{32,})["']?$`)
)

// numbered is why a number may be a secret: by its looks it is a digest.
const numbered = "has a random number under a secret's name"

// endings are names of objects, Kind/name or Kind/namespace/name, that end in
// the digits of a digest or in those that Pulumi chose.
var endings = regexp.MustCompile(`\b[A-Z][A-Za-z]+(?:/[a-z0-9][a-z0-9.-]*){1,2}-[0-9a-f]{8}(?:[0-9a-f]{8})?\b`)

// looks is why a line looks as if it held a secret.
func looks(p place) string {
	if what := secretlike.FormOf(p.text); what != "" {
		return "looks like " + what
	}
	path := p.path.name
	secret := secretName.MatchString(path)
	switch {
	case secret && hexValue.MatchString(p.value):
		return numbered
	case p.public, !secret && publicName.MatchString(path) && !secretlike.HoldsRandom(path):
		return ""
	case secretlike.HoldsRandom(endings.ReplaceAllString(p.text, " ")):
		return "holds a random text, as passwords and keys are"
	}
	return ""
}
