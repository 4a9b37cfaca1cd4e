package pack

import (
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
)

// Finding is one thing that a rule says.
type Finding struct {
	Rule    string
	URN     string // of the object that it is about; empty for the stack as a whole
	Subject string // Kind/Name, or Kind/Name container NAME
	Path    string // of the value
	Why     string
	Kind    FindingKind
	Except  string // reason of the exception that covers it; empty means that none does
}

// FindingKind tells a violation from what could not be checked.
type FindingKind int

// The kinds of findings.
const (
	Violation   FindingKind = iota
	Undecidable             // a value is not known in this preview; always advisory
	Broken                  // the rule itself failed; always mandatory
)

// Report takes what one rule finds.
type Report struct {
	rule       *Rule
	exceptions Exceptions
	rules      []Rule         // all that run
	parameters map[string]any // in the place of the rule's own
	findings   []Finding
}

// Parameter is a text, number or boolean of the rule's parameters.
func Parameter[T any](r *Report, name string) T {
	given, set := r.parameters[name]
	if !set {
		given = r.rule.Parameters[name]
	}
	value, ok := given.(T)
	if !ok {
		panic(fmt.Sprintf("rule %s has no parameter %s of type %T", r.rule.Name, name, value))
	}
	return value
}

// Parameters are those of the rule, by name.
func (r *Report) Parameters() map[string]any {
	all := maps.Clone(r.rule.Parameters)
	maps.Copy(all, r.parameters)
	return all
}

// List is a list of texts of the rule's parameters.
func (r *Report) List(name string) []string {
	var texts []string
	for _, item := range Parameter[[]any](r, name) {
		texts = append(texts, fmt.Sprint(item))
	}
	return texts
}

// Trial reports whether the stack is one whose outage and whose data nobody
// misses, by the parameter trial. Then the rule does not apply, and its
// exceptions count as used.
func (r *Report) Trial() bool {
	trial := Parameter[bool](r, "trial")
	if trial {
		r.exceptions.spare(r.rule.Name, nil)
	}
	return trial
}

// Violated reports an object that breaks the rule. The subject is an [Object],
// a [Pod] or a [Container], or nil for the stack as a whole; at is the value
// that does it.
func (r *Report) Violated(subject any, at Value, why string, args ...any) {
	r.add(subject, at.Path(), Violation, fmt.Sprintf(why, args...))
}

// Each checks one item after the other: what cannot be checked of one does not
// keep the others from it.
func Each[T any](r *Report, subject any, items []T, check func(T)) {
	for _, item := range items {
		about := subject
		switch any(item).(type) {
		case Object, Pod, Container:
			about = item
		}
		r.guard(about, func() { check(item) })
	}
}

// guard checks something, and turns what ends the check into a finding.
func (r *Report) guard(subject any, check func()) {
	defer func() {
		switch ended := recover().(type) {
		case nil:
		case undecided:
			r.add(subject, ended.path, Undecidable, "is not known before the deployment")
		case mistyped:
			r.add(subject, ended.path, Violation, ended.why)
		default:
			r.add(subject, "", Broken, fmt.Sprintf("the rule itself failed: %v at %s", ended, origin()))
		}
	}()
	check()
}

// origin is the line that panicked, without the values of a stack trace.
func origin() string {
	lines := strings.Split(string(debug.Stack()), "\n")
	at := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "panic(") })
	for _, line := range lines[max(at, 0):] {
		_, place, found := strings.Cut(line, "/policy/rules/")
		if found && strings.HasPrefix(line, "\t") { // of a file: those of functions have values in them
			place, _, _ = strings.Cut(place, " ")
			return "policy/rules/" + place
		}
	}
	return "an unknown place"
}

func (r *Report) add(subject any, path string, kind FindingKind, why string) {
	finding := Finding{Rule: r.rule.Name, Path: path, Why: why, Kind: kind}
	var object *Object
	container := ""
	switch s := subject.(type) {
	case Object:
		object = &s
	case Pod:
		object = &s.Owner
	case Container:
		object, container = &s.Pod.Owner, s.plainName()
	}
	if object != nil {
		finding.URN, finding.Subject = string(object.URN), object.String()
		if container != "" {
			finding.Subject += " container " + container
		}
	}
	switch {
	case kind != Violation:
		r.exceptions.spare(r.rule.Name, object)
	case object != nil:
		finding.Except = r.exceptions.cover(r.rule.Name, *object, container)
	}
	if !slices.Contains(r.findings, finding) {
		r.findings = append(r.findings, finding)
	}
}

// plainName is the container's name where it is known.
func (c Container) plainName() string {
	if name := c.plain("name"); name != "" {
		return name
	}
	return "?"
}
