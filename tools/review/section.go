// Package review says what a change of the program would do to the stacks: it
// reads the events that the engine logs of a preview and makes of each stack a
// section, which is all that a comment on a pull request, a page or a terminal
// needs to tell of it. A section holds no secret value.
package review

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Format is the version of the form in which sections are written. A reader
// refuses another one: jobs of two revisions must not mix theirs.
const Format = 1

// View tells what the program is compared with.
type View string

// The views. A cluster's own drift is in one of them alone, and both are shown
// apart.
const (
	ViewChange  View = "change"  // with the program of a base revision; no cluster is asked
	ViewCluster View = "cluster" // with the cluster, through the stack's state
	ViewDrift   View = "drift"   // the cluster with the stack's state; the program changed nothing
)

// Section is what is going to happen to one stack.
type Section struct {
	Format   int               `json:"format"`
	Stack    string            `json:"stack"`
	View     View              `json:"view"`
	Commit   string            `json:"commit"`          // of the program that was planned, in full; a dirty checkout ends in "+changes"
	Base     string            `json:"base,omitempty"`  // commit compared with, in full; empty but in ViewChange
	Time     time.Time         `json:"time"`            // when the plan was made, UTC
	Took     time.Duration     `json:"took"`            // of the preview, nanoseconds
	Versions map[string]string `json:"versions"`        // of pulumi, kubernetes (provider), policy
	Error    string            `json:"error,omitempty"` // why there is no whole plan, without secrets; the rest is what is known all the same
	// Stopped says that the engine refused midway what one of the risks says:
	// of what else changes not everything is known.
	Stopped bool `json:"stopped,omitempty"`

	Changes  []Change   `json:"changes,omitempty"` // in the engine's order, without components and providers that only hold others
	Same     int        `json:"same"`              // resources that stay as they are, components and providers not among them
	Risks    []Risk     `json:"risks,omitempty"`
	Restarts []Restart  `json:"restarts,omitempty"`
	Reach    []Reach    `json:"reach,omitempty"`
	Capacity []Capacity `json:"capacity,omitempty"`
	Findings []Finding  `json:"findings,omitempty"`
}

// Op is what happens to a resource.
type Op string

// The operations. A resource that the program gives up and that stays in the
// cluster is forgotten.
const (
	OpCreate  Op = "create"
	OpUpdate  Op = "update"
	OpReplace Op = "replace"
	OpDelete  Op = "delete"
	OpForget  Op = "forget"
)

// Ops are all operations, in the order of a table.
var Ops = []Op{OpCreate, OpUpdate, OpReplace, OpDelete, OpForget}

// Change is what happens to one resource.
type Change struct {
	Op     Op       `json:"op"`
	URN    string   `json:"urn"`
	Kind   string   `json:"kind"`             // such as Deployment; of what is no object of Kubernetes its type, such as random:index/randomPassword:RandomPassword
	Object string   `json:"object"`           // namespace/name in the cluster, name alone where the kind has no namespaces, else the name in the program
	Forces []string `json:"forces,omitempty"` // paths of the properties that force a replacement
	Diffs  []Diff   `json:"diffs,omitempty"`  // of leaves, sorted as a reader counts: [2] before [10]; none for what is deleted
}

// Diff is one value of a resource that changes. Both sides of a value are
// hidden where either is secret, or a part of it is, or what it is a part of;
// in a list, where it is in any item. A value over [Longest] bytes is cut.
//
// Of a text of several lines each line that changes is a Diff: its path ends in
// a colon and the number of the line after the change, or where the line goes,
// before it, such as data["nginx.conf"]:12. Old and New are then the lines as
// they are, and an empty one is "". JSON of one line and 120 bytes or more is
// taken as if it were indented. A text that comes or goes whole is one Diff.
type Diff struct {
	Path    string `json:"path"`              // such as spec.template.spec.containers[0].image
	Old     string `json:"old,omitempty"`     // as YAML writes a scalar; empty where it is added
	New     string `json:"new,omitempty"`     // the same; empty where it is removed
	Secret  bool   `json:"secret,omitempty"`  // Old and New are empty for it
	Unknown bool   `json:"unknown,omitempty"` // the new value is not known before the deployment
}

// Risk is something that holds data or an address, and would end.
type Risk struct {
	Object string `json:"object"`           // Kind/namespace/name
	Op     Op     `json:"op"`               // delete or replace
	Why    string `json:"why,omitempty"`    // properties that force it
	Loses  string `json:"loses"`            // what goes with it
	Waived string `json:"waived,omitempty"` // reason of the waiver; empty where none names it
	// Refused says that up does not do it as things stand: it wants a waiver,
	// or an alias. What serves data that stay is not refused.
	Refused bool `json:"refused,omitempty"`
	// Until is what has to be done before a refused one is let through; empty
	// where a waiver that names it is enough.
	Until string `json:"until,omitempty"`
}

// Restart is a workload whose pods are made again, or all stopped.
type Restart struct {
	Workload string   `json:"workload"`      // Kind/namespace/name
	Why      []string `json:"why"`           // such as "backend: image a:1 → a:2", or "Secret backend-secrets changes"
	Replicas int      `json:"replicas"`      // pods it runs after the change, the fewest that an autoscaler may make; 0 for a DaemonSet
	Gap      bool     `json:"gap,omitempty"` // nobody answers in between: Recreate, or one pod that is replaced first
}

// Reach is who newly reaches whom, or no longer.
type Reach struct {
	From    string   `json:"from"`
	To      string   `json:"to"`
	Gained  string   `json:"gained,omitempty"` // ports, such as TCP 80, 8000-8999, UDP 53; or all
	Lost    string   `json:"lost,omitempty"`
	Silent  string   `json:"silent,omitempty"`  // newly allowed, where nothing listens yet
	Because []string `json:"because,omitempty"` // policies that let through what is new
}

// Capacity is what the pods of a stack ask of the nodes of one architecture, at
// the most replicas that an autoscaler may make, and with all Jobs running. A
// DaemonSet asks of each node that it may use. There is none where the plan is
// not whole.
type Capacity struct {
	Arch   string `json:"arch"` // such as amd64; "any" where pods may run on more than one; empty for storage
	What   string `json:"what"` // cpu, memory, storage
	Unit   string `json:"unit"` // of the figures: millicores, bytes
	Before int64  `json:"before"`
	After  int64  `json:"after"`
	Has    int64  `json:"has,omitempty"` // of the nodes of the topology; 0 where it names none
}

// Finding is what the policy pack says of the stack.
type Finding struct {
	Rule      string `json:"rule"`
	Mandatory bool   `json:"mandatory,omitempty"`
	Severity  string `json:"severity,omitempty"`
	Object    string `json:"object,omitempty"`
	Text      string `json:"text"`
	New       bool   `json:"new,omitempty"` // not there before the change
}

// Refusals are why a deployment of this plan is refused, each in a line: an
// end of data or an address that nothing lets through, or a mandatory policy.
func (s Section) Refusals() []string {
	var all []string
	for _, r := range s.Risks {
		if r.Refused {
			until := r.Until
			if until == "" {
				until = "a waiver names it"
			}
			all = append(all, fmt.Sprintf("%s of %s is refused until %s: %s", r.Op, r.Object, until, r.Loses))
		}
	}
	for _, f := range s.Findings {
		if f.Mandatory {
			all = append(all, strings.TrimSpace(fmt.Sprintf("policy %s refuses %s", f.Rule, f.Object))+": "+f.Text)
		}
	}
	return all
}

// Write writes sections, one document.
func Write(out io.Writer, sections []Section) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(sections)
}

// Read reads what Write wrote. Jobs hand it over, so whatever is not of this
// form is refused, and so is a list of none, which would say nothing of any
// stack.
func Read(in io.Reader) ([]Section, error) {
	decoder := json.NewDecoder(in)
	decoder.DisallowUnknownFields()
	var sections []Section
	var problems []error
	if err := decoder.Decode(&sections); err != nil {
		return nil, fmt.Errorf("sections: %w", err)
	}
	if decoder.More() {
		return nil, errors.New("sections: something follows after their end")
	}
	if len(sections) == 0 {
		problems = append(problems, errors.New("sections: there is none, so nobody knows of any stack; plan it again with platformctl review"))
	}
	for _, s := range sections {
		if s.Format != Format {
			problems = append(problems, fmt.Errorf("section of stack %q: has format %d where this revision writes and reads %d; run both jobs at one revision", s.Stack, s.Format, Format))
		}
	}
	return sections, errors.Join(problems...)
}
