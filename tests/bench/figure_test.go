//go:build e2e

package bench

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/stretchr/testify/assert"
)

// figure is one line of the closing table.
type figure struct {
	stack    string
	what     string
	unit     unit
	measured []time.Duration
	value    float64 // in the place of measured, where the unit is no time
	beside   string  // what a user would run instead
	other    []time.Duration
	goal     float64 // the most that the ratio, or else the value, may be; 0 means none
}

type unit string

const (
	seconds   unit = "s"
	megabytes unit = "MB"
	lines     unit = "lines"
)

// figures are those of all benchmarks, in their order.
type figures struct{ all []figure }

var results figures

// loadAtStart is the machine's load before this process adds to it.
var loadAtStart = load()

// load is the run queue of the last minute; empty where the system does not tell.
func load() string {
	text, _ := os.ReadFile("/proc/loadavg") // Linux only
	first, _, _ := strings.Cut(string(text), " ")
	return first
}

func (f *figures) add(more ...figure) { f.all = append(f.all, more...) }

// print writes the table, unless there was nothing to measure.
func (f *figures) print(out io.Writer) {
	if len(f.all) == 0 {
		return
	}
	t := table.NewWriter()
	t.SetOutputMirror(out)
	t.SetStyle(table.StyleLight)
	t.SetTitle("Medians (least to most) on %d processors, load before %s", runtime.NumCPU(), loadAtStart)
	t.AppendHeader(table.Row{"stack", "figure", "measured", "beside it", "measured", "ratio", "goal", "met"})
	for _, one := range f.all {
		t.AppendRow(one.row())
	}
	t.Render()
}

func (f figure) row() table.Row {
	row := table.Row{f.stack, f.what, f.own(), f.beside, spread(f.other), "", "", ""}
	if len(f.other) > 0 {
		row[5] = fmt.Sprintf("%.2f", ratio(f.measured, f.other))
	}
	if f.goal > 0 {
		row[6] = fmt.Sprintf("≤ %g", f.goal)
		row[7] = map[bool]string{true: "yes", false: "NO"}[f.met()]
	}
	return row
}

func (f figure) own() string {
	if f.unit == seconds {
		return spread(f.measured)
	}
	return fmt.Sprintf("%.0f %s", f.value, f.unit)
}

func (f figure) met() bool {
	if len(f.other) > 0 {
		return ratio(f.measured, f.other) <= f.goal
	}
	return f.value <= f.goal
}

func spread(measured []time.Duration) string {
	if len(measured) == 0 {
		return ""
	}
	digits := 2
	if median(measured) < 100*time.Millisecond {
		digits = 4
	}
	return fmt.Sprintf("%.*f %s (%.*f–%.*f)", digits, median(measured).Seconds(), seconds,
		digits, slices.Min(measured).Seconds(), digits, slices.Max(measured).Seconds())
}

func ratio(ours, theirs []time.Duration) float64 {
	return median(ours).Seconds() / median(theirs).Seconds()
}

// median of an even number is the mean of the two in the middle.
func median(measured []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(measured))
	half := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[half-1] + sorted[half]) / 2
	}
	return sorted[half]
}

func repeat(rounds int, measure func() time.Duration) []time.Duration {
	measured := make([]time.Duration, rounds)
	for i := range measured {
		measured[i] = measure()
	}
	return measured
}

func TestFigureTellsWhetherItsGoalIsMet(t *testing.T) {
	second := []time.Duration{3 * time.Second, time.Second, 2 * time.Second}
	assert.Equal(t, 2*time.Second, median(second))
	assert.Equal(t, 1500*time.Millisecond, median(second[1:]))
	assert.Equal(t, "2.00 s (1.00–3.00)", spread(second))
	for name, tc := range map[string]struct {
		figure figure
		want   string
	}{
		"ratio kept":   {figure{unit: seconds, measured: second, other: second, goal: 1}, "yes"},
		"ratio broken": {figure{unit: seconds, measured: second, other: second[1:2], goal: 1.5}, "NO"},
		"value kept":   {figure{unit: megabytes, value: 300, goal: 300}, "yes"},
		"value broken": {figure{unit: megabytes, value: 301, goal: 300}, "NO"},
		"no goal":      {figure{unit: seconds, measured: second}, ""},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tc.want, tc.figure.row()[7]) })
	}
}
