// Package reach tells who can reach whom in a stack, and what a change of the
// program makes of it.
package reach

import (
	"encoding/json"
	"io"

	"platform/policy/pack"
	"platform/policy/reach"
	"platform/policy/reach/objects"
	"platform/policy/reach/stacks"
	"platform/tools/reach/live"
)

// Report is who can reach whom in one stack.
type Report struct {
	Stack     string        `json:"stack"`
	Platform  string        `json:"platform,omitempty"` // whose statements were checked; empty where none are
	Hosts     string        `json:"hostEndpoints"`      // see [reach.HostEndpoints]
	Endpoints []Endpoint    `json:"endpoints"`
	Flows     []Flow        `json:"flows"`
	Findings  []string      `json:"findings"` // what is not as stated
	Base      string        `json:"base,omitempty"`
	Changes   []Change      `json:"changes,omitempty"` // since the base
	Measured  *live.Result  `json:"measured,omitempty"`
	matrix    *reach.Matrix // what the tables are made of
}

// Endpoint is one end of flows.
type Endpoint struct {
	Name    string      `json:"name"`
	Kind    reach.Kind  `json:"kind"`
	Listens reach.Ports `json:"listens,omitempty"` // known of the stack's own pods and of nodes
}

// Flow is what one endpoint reaches of another.
type Flow struct {
	From    string      `json:"from"`
	To      string      `json:"to"`
	Allowed reach.Ports `json:"allowed"`        // whether anything listens there or not
	Open    reach.Ports `json:"open,omitempty"` // those of them that something listens on
	Because []string    `json:"because"`        // the policies of either end
}

// Change is what one endpoint newly reaches of another, or no longer.
type Change struct {
	From    string      `json:"from"`
	To      string      `json:"to"`
	Gained  reach.Ports `json:"gained,omitempty"`
	Lost    reach.Ports `json:"lost,omitempty"`
	Silent  reach.Ports `json:"allowed,omitempty"` // newly allowed, where nothing listens yet
	Because []string    `json:"because,omitempty"` // the policies that let through what is new
}

// New checks a stack, and what it has changed since a base, which may be nil.
func New(stack, base *pack.Stack, opts stacks.Options) (*Report, error) {
	return objects.Safely(func() (*Report, error) {
		checked, err := stacks.Check(stack, base, opts)
		if err != nil {
			return nil, err
		}
		platform := checked.Platform
		r := &Report{Stack: stack.Name, Platform: platform.Name, Hosts: string(platform.Around.Hosts), Findings: []string{}, matrix: checked.Evaluator.NewMatrix()}
		r.fill()
		if checked.Stated {
			for _, finding := range platform.Check(r.matrix) {
				r.Findings = append(r.Findings, finding.String())
			}
		}
		if base == nil {
			return r, nil
		}
		return r, r.compare(base.Name, checked)
	})
}

func (r *Report) fill() {
	if r.Hosts == "" {
		r.Hosts = string(reach.HostsNone)
	}
	for _, e := range r.matrix.Endpoints {
		r.Endpoints = append(r.Endpoints, Endpoint{e.String(), e.Kind, e.Listens})
		for _, to := range r.matrix.Endpoints {
			if allowed := r.matrix.Allowed(e.String(), to.String()); len(allowed) > 0 {
				r.Flows = append(r.Flows, Flow{
					e.String(), to.String(), allowed, r.matrix.Open(e.String(), to.String()), stacks.Texts(r.matrix.Why(e.String(), to.String(), allowed)),
				})
			}
		}
	}
}

func (r *Report) compare(base string, checked *stacks.Checked) error {
	changes, err := checked.Changes()
	if err != nil {
		return err
	}
	r.Base, r.Changes = base, []Change{}
	for _, one := range changes {
		r.Changes = append(r.Changes, Change{one.From, one.To, one.Gained, one.Lost, one.Silent, stacks.Texts(one.Because)})
	}
	return nil
}

// JSON writes the report for other programs.
func (r *Report) JSON(out io.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}
