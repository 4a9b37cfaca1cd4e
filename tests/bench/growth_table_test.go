//go:build e2e

package bench

import (
	"fmt"
	"io"
	"strconv"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// growths are those of all sizes, in their order.
type growths struct{ all []growth }

var grown growths

// trends say which sizes are compared for what.
var trends = []struct {
	what     string
	measured func(growth) []time.Duration
	sizes    [2]int // the larger, and what it stands beside
	further  bool   // without what a stack takes that has no further services
	goal     float64
}{
	{"preview from nothing", freshOf, [2]int{1000, 10}, false, goalEach},
	{"preview from nothing", freshOf, [2]int{1000, 100}, true, goalMarginal},
	{"preview, no change", sameOf, [2]int{1000, 10}, false, goalEach},
	{"preview, no change", sameOf, [2]int{1000, 100}, true, goalMarginal},
	{"up", upOf, [2]int{100, 10}, false, goalEach},
	{"up", upOf, [2]int{1000, 10}, false, goalEach},
	// Not without the smallest stack: a deployment waits for its Jobs, and what
	// else there is to do in a hundred services goes on in that time.
	{"up", upOf, [2]int{1000, 100}, false, goalMarginal},
}

func freshOf(g growth) []time.Duration { return g.fresh }
func sameOf(g growth) []time.Duration  { return g.same }
func upOf(g growth) []time.Duration    { return g.up }

// note keeps what was measured and adds the trends to the figures, unless a
// size is missing: an interrupt ended it, or it was not asked for.
func (g *growths) note(stack string, at map[int]*growth) {
	var all []growth
	for _, size := range sizes {
		if at[size] == nil || !at[size].complete() {
			return
		}
		all = append(all, *at[size])
	}
	g.all = all
	of := func(size int) growth { return *at[size] }
	for _, one := range trends {
		what, took := ", a resource", func(size int) time.Duration { return each(one.measured(of(size)), of(size).resources) }
		if one.further {
			what, took = ", a further one", func(size int) time.Duration {
				return further(one.measured(of(size)), one.measured(of(0)), of(size).resources-of(0).resources)
			}
		}
		results.add(trend(stack, one.what+what, one.sizes, one.goal, took))
	}
}

func (g growth) complete() bool {
	return len(g.fresh) > 0 && len(g.same) > 0 && len(g.up) > 0
}

func trend(stack, what string, sizes [2]int, goal float64, of func(size int) time.Duration) figure {
	return figure{
		stack: fmt.Sprintf("%s +%d", stack, sizes[0]), what: what, unit: seconds, measured: []time.Duration{of(sizes[0])},
		beside: fmt.Sprintf("+%d", sizes[1]), other: []time.Duration{of(sizes[1])}, goal: goal,
	}
}

// each is the time of one among many.
func each(measured []time.Duration, count int) time.Duration {
	return median(measured) / time.Duration(count)
}

// further is the time of one among those that were added to a base.
func further(measured, base []time.Duration, count int) time.Duration {
	return (median(measured) - median(base)) / time.Duration(count)
}

// print writes the table, unless growth was not measured.
func (g *growths) print(out io.Writer) {
	if len(g.all) == 0 {
		return
	}
	t := table.NewWriter()
	t.SetOutputMirror(out)
	t.SetStyle(table.StyleLight)
	t.SetTitle("Growth: medians, and milliseconds a resource (engine) or an object (kubectl)")
	t.AppendHeader(table.Row{"services", "resources", "preview from nothing", "up", "preview, no change", "objects", "apply, wait", "diff"})
	for _, one := range g.all {
		t.AppendRow(one.row())
	}
	t.Render()
}

func (g growth) row() table.Row {
	return table.Row{
		fmt.Sprintf("+%d", g.services), g.resources, share(g.fresh, g.resources), share(g.up, g.resources),
		share(g.same, g.resources), count(g.objects), share(g.apply, g.objects), share(g.diff, g.objects),
	}
}

// count is a number; empty where nothing was counted.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// share is a time and that of one among many; empty where nothing was measured.
func share(measured []time.Duration, count int) string {
	if len(measured) == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f s, %.1f ms", median(measured).Seconds(), each(measured, count).Seconds()*1000)
}

func TestGrowthsTellWhatOneOfManyTakes(t *testing.T) {
	of := func(services, resources int, seconds time.Duration) *growth {
		all := []time.Duration{seconds * time.Second}
		return &growth{services: services, resources: resources, fresh: all, same: all, up: all}
	}
	before := results
	defer func() { results = before }()
	results = figures{}
	var g growths
	at := map[int]*growth{0: of(0, 100, 2), 10: of(10, 200, 4), 100: of(100, 1000, 20)}
	g.note("s", at)
	assert.Empty(t, results.all, "a size is missing")
	at[1000] = &growth{services: 1000, resources: 4000, fresh: []time.Duration{time.Second}}
	g.note("s", at)
	assert.Empty(t, results.all, "a size was interrupted")
	at[1000] = of(1000, 4000, 120)
	g.note("s", at)
	require.Len(t, results.all, 7)
	assert.Equal(t, 30*time.Millisecond, results.all[0].measured[0], "120 s over 4000")
	assert.Equal(t, 20*time.Millisecond, results.all[0].other[0], "4 s over 200")
	assert.False(t, results.all[0].met())
	assert.Equal(t, 118*time.Second/3900, results.all[1].measured[0], "the base is taken off")
	assert.True(t, results.all[4].met(), "up, 20 s over 1000 beside 4 s over 200")
	assert.Equal(t, "120.00 s, 30.0 ms", g.all[3].row()[2])
	assert.False(t, results.all[6].met(), "up, 120 s over 4000 beside 20 s over 1000 is 1.5")
	assert.Empty(t, g.all[3].row()[6], "kubectl was not measured")
}
