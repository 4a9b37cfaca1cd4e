package live

import (
	"cmp"
	"slices"

	"platform/policy/reach"
)

// Result is what was measured, compared with what was computed.
type Result struct {
	Connections int          `json:"connections"` // that were tried
	Cells       int          `json:"cells"`
	Differences []Difference `json:"differences"`
	Unmeasured  []Unmeasured `json:"unmeasured"`
}

// Difference is a cell that is not as computed.
type Difference struct {
	From     string `json:"from"`
	To       string `json:"to"`
	Port     int    `json:"port"`
	By       string `json:"by,omitempty"` // the way there; empty means the address of the target itself
	Computed bool   `json:"computed"`     // that it is open
	Measured string `json:"measured"`     // yes, no, or some where attempts differ
	Mark     string `json:"-"`            // what differs, for a table
	Text     string `json:"text"`         // all of it, with the attempts
}

// Unmeasured is an endpoint of which nothing was measured.
type Unmeasured struct {
	Endpoint string `json:"endpoint"`
	Why      string `json:"why"`
}

// Compare tells which cells are not as computed.
func Compare(cells []Cell, m *reach.Matrix, s *Scene) *Result {
	r := &Result{Cells: len(cells), Differences: []Difference{}, Unmeasured: []Unmeasured{}}
	for _, c := range cells {
		r.Connections += len(c.Attempts)
		if !c.Agrees() {
			r.Differences = append(r.Differences, Difference{c.From, c.To, c.Port, c.By, c.Computed, c.measured(), c.Mark(), c.String()})
		}
	}
	slices.SortStableFunc(r.Differences, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Port, b.Port))
	})
	for _, e := range m.Endpoints {
		if len(s.Places[e.String()]) == 0 {
			r.Unmeasured = append(r.Unmeasured, Unmeasured{e.String(), cmp.Or(s.Missing[e.String()], "nothing of it runs")})
		}
	}
	return r
}
