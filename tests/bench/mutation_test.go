//go:build e2e

package bench

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/stretchr/testify/assert"

	"platform/config"
	"platform/tests/mutation"
	"platform/tests/policytest"
)

// goalKilled is the least of the mutants that has to be found, in percent.
const goalKilled = 100.0

// kills counts the mutants of one group of operators.
type kills struct{ mutants, rules, tests int }

// mutations are the verdicts of all stacks.
type mutations struct {
	groups    []string // in the order of the operators
	of        map[string]*kills
	survivors []mutation.Verdict
	took      time.Duration
}

// mutated are those of the benchmark.
var mutated mutations

// BenchmarkMutation weakens each field of all six stacks that matters to
// security, one at a time, and counts what the policy pack finds. It needs no
// cluster.
func BenchmarkMutation(b *testing.B) {
	for b.Loop() {
		mutated = mutations{of: map[string]*kills{}}
		began := time.Now()
		for _, name := range config.Stacks() {
			cfg, resources, err := policytest.Registered(filepath.Join("..", ".."), name, b.TempDir())
			if err != nil {
				b.Fatal(err)
			}
			stack := mutation.NewStack(name, cfg, resources)
			verdicts, err := mutation.Check(stack, mutation.Of(stack))
			if err != nil {
				b.Fatal(err)
			}
			mutated.note(verdicts)
		}
		mutated.took = time.Since(began)
	}
	total := mutated.total()
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(total.mutants), "mutants")
	b.ReportMetric(total.rate(), "%killed")
	mutated.print(os.Stdout)
}

func (m *mutations) note(verdicts []mutation.Verdict) {
	for _, verdict := range verdicts {
		if m.of[verdict.Group] == nil {
			m.groups = append(m.groups, verdict.Group)
			m.of[verdict.Group] = &kills{}
		}
		group := m.of[verdict.Group]
		group.mutants++
		switch {
		case verdict.Rule != "":
			group.rules++
		case verdict.Test != "":
			group.tests++
		default:
			m.survivors = append(m.survivors, verdict)
		}
	}
}

func (m *mutations) total() kills {
	var total kills
	for _, one := range m.of {
		total.mutants, total.rules, total.tests = total.mutants+one.mutants, total.rules+one.rules, total.tests+one.tests
	}
	return total
}

// rate is the share of mutants that were killed, in percent.
func (k kills) rate() float64 { return 100 * float64(k.rules+k.tests) / float64(max(k.mutants, 1)) }

// print writes the table and each survivor.
func (m *mutations) print(out io.Writer) {
	t := table.NewWriter()
	t.SetOutputMirror(out)
	t.SetStyle(table.StyleLight)
	t.SetTitle("Mutants of %d stacks that the policy pack finds, in %.0f s", len(config.Stacks()), m.took.Seconds())
	t.AppendHeader(table.Row{"fields", "mutants", "killed by rules", "by tests", "killed", "goal", "met"})
	for _, group := range m.groups {
		t.AppendRow(m.of[group].row(group))
	}
	t.AppendFooter(m.total().row("all"))
	t.Render()
	for _, one := range m.survivors {
		fmt.Fprintf(out, "survived: %s\n", one.Mutant)
	}
}

func (k kills) row(of string) table.Row {
	met := map[bool]string{true: "yes", false: "NO"}[k.rate() >= goalKilled]
	return table.Row{of, k.mutants, k.rules, k.tests, fmt.Sprintf("%.2f %%", k.rate()), fmt.Sprintf("≥ %g %%", goalKilled), met}
}

func TestKillsAreCounted(t *testing.T) {
	m := mutations{of: map[string]*kills{}}
	a, b := mutation.Mutant{Group: "a"}, mutation.Mutant{Group: "b"}
	m.note([]mutation.Verdict{{Mutant: b, Rule: "r"}, {Mutant: a, Test: "t"}, {Mutant: a}, {Mutant: b, Rule: "r"}})
	assert.Equal(t, []string{"b", "a"}, m.groups)
	assert.Equal(t, kills{mutants: 4, rules: 2, tests: 1}, m.total())
	assert.InDelta(t, 75, m.total().rate(), 0.001)
	assert.Len(t, m.survivors, 1)
	assert.Equal(t, "yes", m.of["b"].row("b")[6])
	assert.Equal(t, "NO", m.of["a"].row("a")[6])
	assert.Zero(t, kills{}.rate(), "nothing was checked")
}
