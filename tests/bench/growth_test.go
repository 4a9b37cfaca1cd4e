//go:build e2e

package bench

import (
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// The goals of growth: what a resource takes of a stack with a thousand
// further services, beside what it takes of one with ten.
const (
	goalEach     = 1.0 // all of the time over all of the resources
	goalMarginal = 1.2 // the same beside a hundred, without what a stack takes that has no further services
)

// sizes are how many further services the stack has.
var sizes = []int{0, 10, 100, 1000}

const (
	// growthRounds of each preview; the largest has one, which takes longer than
	// all of the others.
	growthRounds = 3
	// largestApply is the most services that kubectl deploys, for the same reason.
	largestApply = 100
)

// growing is a stack in several sizes, each in the place of the one before.
type growing struct {
	*lab
	project *project
	at      map[int]*growth
}

// growth is what was measured of one size; the engine counts components too,
// kubectl the objects.
type growth struct {
	services, resources, objects int

	fresh []time.Duration // previews where there is nothing yet
	up    []time.Duration
	same  []time.Duration // previews without changes
	apply []time.Duration
	diff  []time.Duration
}

// BenchmarkGrowth is the stack k3s-local with further services, whose state is
// recorded once, as large stacks may ask for: with hundreds of services, half an
// hour would be that of the records.
func BenchmarkGrowth(b *testing.B) {
	b.Setenv("PULUMI_SKIP_CHECKPOINTS", "true")
	p := copyProject(b, "k3s-local")
	p.edit(b, roomy)
	g := &growing{lab: open(b, "k3s-local", p.root), project: p, at: map[int]*growth{}}
	b.Run("fresh", g.measureFresh)
	for _, size := range sizes {
		b.Run(strconv.Itoa(size), func(b *testing.B) { g.measureDeployed(b, size) })
		if size == 0 {
			b.Run("diff", g.measureDiff)
		}
	}
	grown.note(g.stack, g.at)
}

// resize gives the stack its services.
func (g *growing) resize(b *testing.B, size int) *growth {
	b.Helper()
	g.project.edit(b, roomy, extra(size))
	if g.at[size] == nil {
		g.at[size] = &growth{services: size}
	}
	return g.at[size]
}

// measureFresh previews all sizes before anything is deployed.
func (g *growing) measureFresh(b *testing.B) {
	for b.Loop() {
		g.countLines(b, "first deployment", 0) // warms up, too
		for _, size := range sizes {
			one := g.resize(b, size)
			one.fresh = repeat(g.rounds(size), func() time.Duration {
				took, out := g.ran(b, g.platformctl("preview"))
				one.resources = resourcesOf(b, out)
				return took
			})
		}
	}
	b.ReportMetric(0, "ns/op")
}

// measureDeployed deploys one size on both sides, then looks for changes where
// there are none.
func (g *growing) measureDeployed(b *testing.B, size int) {
	for b.Loop() {
		g.took(b, g.platformctl("down"))
		one := g.resize(b, size)
		if size <= largestApply {
			g.measureKubectl(b, one)
		}
		one.up = []time.Duration{g.took(b, g.platformctl("up"))}
		one.same = repeat(g.rounds(size), func() time.Duration {
			return g.took(b, g.platformctl("preview", "--", noChanges))
		})
	}
	b.ReportMetric(0, "ns/op")
}

func (g *growing) measureKubectl(b *testing.B, one *growth) {
	b.Helper()
	g.delete(b)
	if err := g.render(); err != nil {
		b.Fatal(err)
	}
	objects, err := os.ReadDir(g.manifests)
	if err != nil {
		b.Fatal(err)
	}
	one.objects = len(objects)
	one.apply = []time.Duration{g.apply(b)}
	one.diff = repeat(growthRounds, func() time.Duration { return g.took(b, g.diff()) })
}

func (g *growing) rounds(size int) int {
	if size > largestApply {
		return 1
	}
	return growthRounds
}

// summaryLine is one of those that the engine ends with, such as
// "    + 175 to create".
var summaryLine = regexp.MustCompile(`(?m)^ +(?:[-+~]+ )?(\d+) (?:to create|unchanged)$`)

// resourcesOf adds up what a preview says of its resources.
func resourcesOf(b *testing.B, out string) int {
	b.Helper()
	sum := 0
	for _, found := range summaryLine.FindAllStringSubmatch(out, -1) {
		n, _ := strconv.Atoi(found[1]) // digits
		sum += n
	}
	if sum == 0 {
		b.Fatalf("the preview counts no resources:\n%s", out)
	}
	return sum
}
