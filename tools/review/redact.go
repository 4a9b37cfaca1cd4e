package review

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"platform/policy/secret"
)

// RuleShown is the rule of the findings that say where something was taken out.
const RuleShown = "secret-is-not-shown"

// Redact is the last scan of sections, before they are written, posted or
// printed: it takes out each text that has a known value or looks like a secret,
// and nothing beside it. A finding says where that was and why, without any of
// it.
func Redact(sections []Section, known *secret.Known) {
	for i := range sections {
		sections[i].redact(known)
	}
}

func (s *Section) redact(known *secret.Known) {
	r := &redaction{known: known}
	r.each(reflect.ValueOf(s).Elem(), "")
	s.Findings = append(s.Findings, r.found...)
}

// redaction takes secrets out of a section, whatever its fields are.
type redaction struct {
	known  *secret.Known
	found  []Finding
	of     string // path of the text whose lines come
	public secret.Certificate
}

// each goes through all texts of a value, of which where says what part of the
// section it is.
func (r *redaction) each(v reflect.Value, where string) {
	switch v.Kind() {
	case reflect.Struct:
		switch one := v.Addr().Interface().(type) {
		case *time.Time:
			return
		case *Change:
			r.change(one)
		case *Diff: // of a change
			return
		}
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			if where != "" {
				name = where
			}
			r.each(v.Field(i), name)
		}
	case reflect.Slice:
		for i := range v.Len() {
			r.each(v.Index(i), where)
		}
	case reflect.Map:
		for entries := v.MapRange(); entries.Next(); {
			if text, is := entries.Value().Interface().(string); is {
				v.SetMapIndex(entries.Key(), reflect.ValueOf(r.text(text, where)))
			}
		}
	case reflect.String:
		v.SetString(r.text(v.String(), where))
	default: // numbers and switches
	}
}

// text is a text without secrets.
func (r *redaction) text(text, where string) string {
	hidden := r.known.Hide(text)
	if hidden != text {
		r.note("", where, secret.HasKnown)
	}
	lines := strings.Split(hidden, "\n")
	for i, line := range lines {
		if what := secret.Suspect("", line); what != "" {
			r.note("", where, what)
			lines[i] = secret.Shown
		}
	}
	return strings.Join(lines, "\n")
}

// change hides both sides of each value of a resource that has a secret.
func (r *redaction) change(c *Change) {
	object := r.known.Clean(c.Kind + "/" + c.Object)
	for i, d := range c.Diffs {
		path := d.Path
		if r.known.Holds(path) || secret.Suspect("", path) != "" {
			path = secret.Shown
		}
		switch what := r.why(d); {
		case what != "":
			r.note(object, path, what)
			c.Diffs[i] = Diff{Path: path, Secret: true, Unknown: d.Unknown}
		case path != d.Path:
			r.note(object, "the name of a value", secret.HasKnown)
			c.Diffs[i].Path = path
		}
	}
	r.of = ""
}

var lineNumber = regexp.MustCompile(`:\d+$`)

// why is why a difference must not be shown.
func (r *redaction) why(d Diff) string {
	if r.known.Holds(d.Old) || r.known.Holds(d.New) {
		return secret.HasKnown
	}
	of := lineNumber.ReplaceAllString(d.Path, "")
	if of != r.of {
		r.of, r.public = of, false
	}
	public := r.public.Line(d.Old+"\n"+d.New) && of != d.Path
	for _, side := range []string{d.Old, d.New} {
		if what := secret.FormOf(side); what != "" {
			return "looks like " + what
		}
		if what := secret.Suspect(of, side); what != "" && !public {
			return what
		}
	}
	return ""
}

func (r *redaction) note(object, where, what string) {
	if one := withheld(object, where, what); !slices.Contains(r.found, one) {
		r.found = append(r.found, one)
	}
}

// withheld says what was taken out.
func withheld(object, where, what string) Finding {
	return Finding{
		Rule: RuleShown, Severity: "high", Object: object, New: true,
		Text: where + ": " + what + ", so it is not shown; keep the value in a Secret, and change it where somebody may have read it",
	}
}
