package scan

import (
	"html"
	"regexp"
	"strings"

	"platform/policy/secret"
)

// place is a line of a comment and what it belongs to.
type place struct {
	stack, resource, path named
	text                  string // of the line, as secret.Bare reads it
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
)

// placesOf are the places of all lines.
func placesOf(text string) []place {
	lines := strings.Split(text, "\n")
	all := make([]place, 0, len(lines))
	var now place
	var part, path named
	var public secret.Certificate
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
		now.text = secret.Bare(l)
		now.value = now.text
		if now.stack.row == row {
			now.value = secret.Bare(l[now.stack.ends:])
		}
		if found := diffLine.FindStringSubmatch(l); found != nil {
			if name, value, has := strings.Cut(found[1], ": "); has && !strings.HasPrefix(name, " ") {
				path, now.value = named{name: name, row: row, ends: len("+ ") + len(name)}, secret.Bare(value)
			}
			now.path = path
		}
		if strings.HasPrefix(l, "```") {
			public = false
		}
		now.public = public.Line(l)
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

// looks is why a line looks as if it held a secret.
func looks(p place) string {
	if what := secret.FormOf(p.text); what != "" {
		return "looks like " + what
	}
	if what := secret.Suspect(p.path.name, p.value); what == secret.Numbered {
		return what
	}
	if p.public {
		return ""
	}
	return secret.Suspect(p.path.name, p.text)
}
