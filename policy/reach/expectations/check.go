package expectations

import (
	"fmt"
	"slices"

	"platform/policy/reach"
)

// Finding is a connection that must not be and is, or must be and is not.
type Finding struct {
	From, To string
	Ports    reach.Ports
	Missing  bool     // it must be and is not
	Because  []string // what lets it through; of a missing one, what says that it must be
}

// String tells the finding in one line.
func (f Finding) String() string {
	if f.Missing {
		return fmt.Sprintf("%s does not reach %s at %s, as it must: %s", f.From, f.To, f.Ports, list(f.Because))
	}
	return fmt.Sprintf("%s reaches %s at %s, which nothing states; let through by %s", f.From, f.To, f.Ports, list(f.Because))
}

// Check compares who reaches whom with what a platform states, in the order of
// the matrix; the pods of one workload among themselves, too. Only connections that begin or end at what the stack makes, or
// end at a node, are checked.
func (p Platform) Check(m *reach.Matrix) []Finding {
	reached := make([][]bool, len(p.Flows)) // by flow, then by endpoint
	for i, flow := range p.Flows {
		reached[i] = make([]bool, len(m.Endpoints))
		for j, to := range m.Endpoints {
			reached[i][j] = p.covers(flow.To, to)
		}
	}
	var all []Finding
	for _, from := range m.Endpoints {
		var begun []int // flows that begin here
		for i, flow := range p.Flows {
			if p.covers(flow.From, from) {
				begun = append(begun, i)
			}
		}
		for j, to := range m.Endpoints {
			if !m.Checked(from, to) {
				continue
			}
			var flows []Flow
			for _, i := range begun {
				if reached[i][j] {
					flows = append(flows, p.Flows[i])
				}
			}
			all = append(all, check(m, from, to, flows)...)
		}
	}
	return all
}

// check compares what one end reaches of another with the flows between them.
func check(m *reach.Matrix, from, to *reach.Endpoint, flows []Flow) []Finding {
	allowed := m.Allowed(from.String(), to.String())
	if len(allowed) == 0 && !slices.ContainsFunc(flows, func(flow Flow) bool { return flow.Must }) {
		return nil
	}
	var may, must reach.Ports
	var sources []string
	for _, flow := range flows {
		may = may.Union(flow.Ports)
		if flow.Must {
			must, sources = must.Union(flow.Ports), append(sources, flow.Source)
		}
	}
	var all []Finding
	if extra := allowed.Minus(may); len(extra) > 0 {
		one := Finding{From: from.String(), To: to.String(), Ports: extra}
		for _, reason := range m.Why(one.From, one.To, extra) {
			one.Because = append(one.Because, reason.String())
		}
		all = append(all, one)
	}
	if missing := must.Minus(allowed); len(missing) > 0 {
		all = append(all, Finding{from.String(), to.String(), missing, true, sources})
	}
	return all
}

// list joins texts, each once.
func list(texts []string) string {
	seen, joined := map[string]bool{}, ""
	for _, text := range texts {
		if !seen[text] && joined != "" {
			joined += ", "
		}
		if !seen[text] {
			joined += text
		}
		seen[text] = true
	}
	return joined
}
