//go:build e2e

package bench

import (
	"strings"
	"testing"
)

// goalLines is the most lines that the preview of one change may have, for a
// reader to see it whole.
const goalLines = 60

// measureDiff is a change of the compute ports, of which the gateway's Service
// has a thousand.
func (g *growing) measureDiff(b *testing.B) {
	for b.Loop() {
		g.project.edit(b, roomy, closedPort)
		g.countLines(b, "ports changed", goalLines)
		g.project.edit(b, roomy)
	}
	b.ReportMetric(0, "ns/op")
}

// countLines is what make preview ARGS=--diff prints, beside the engine's own.
// platformctl comes first: it writes the stack file that the engine reads.
func (l *lab) countLines(b *testing.B, what string, goal float64) {
	b.Helper()
	_, ours := l.ran(b, l.platformctl("preview", "--", "--diff"))
	_, plain := l.ran(b, l.bare("--diff"))
	l.add(
		figure{what: "preview --diff, " + what, unit: lines, value: float64(strings.Count(ours, "\n")), goal: goal},
		figure{what: "the same, pulumi alone", unit: lines, value: float64(strings.Count(plain, "\n"))},
	)
}
