//go:build e2e

package bench

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

// goalPolicy is what judging may cost a preview, beside one that nobody judges.
const goalPolicy = 1.15

// policyServices are the further services with which the stack k3s-local has
// 200 resources.
const policyServices = 17

// BenchmarkPolicy is what the policy pack costs a preview: of the engine's own
// command, which is all that the pack is a part of.
func BenchmarkPolicy(b *testing.B) {
	p := copyProject(b, "k3s-local")
	p.edit(b, roomy, extra(policyServices))
	l := open(b, "k3s-local", p.root)
	_, out := l.ran(b, l.platformctl("preview"))
	resources := resourcesOf(b, out)
	l.took(b, l.platformctl("up"))
	pack := []string{noChanges, "--policy-pack", filepath.Join(l.root, "bin", "policy-pack")}
	b.Run("no change", func(b *testing.B) {
		for b.Loop() {
			var judged, bare []time.Duration
			for range previewRounds + 1 { // one to warm up
				judged, bare = append(judged, l.took(b, l.bare(pack...))), append(bare, l.took(b, l.bare(noChanges)))
			}
			judged, bare = judged[1:], bare[1:]
			compare(b, "judged_s", judged, "bare_s", bare)
			l.add(figure{
				what: fmt.Sprintf("preview of %d, judged", resources), unit: seconds, measured: judged,
				beside: "without the policy pack", other: bare, goal: goalPolicy,
			})
		}
	})
}
