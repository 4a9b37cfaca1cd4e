//go:build e2e

package bench

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// goalPolicy is what checking may cost a preview, beside one that nobody checks.
const goalPolicy = 1.15

// policyRounds are more than of other previews: what is compared differs by
// less than two rounds do.
const policyRounds = 15

// BenchmarkPolicy is what the policy pack costs a preview: of the engine's own
// command, which is all that the pack is a part of. Both stacks have so many
// further services that they have 200 resources.
func BenchmarkPolicy(b *testing.B) {
	for _, one := range []struct {
		stack   string
		changes []func(map[string]any)
	}{
		{"local", []func(map[string]any){extraParts(24)}},
		{"k3s-local", []func(map[string]any){roomy, extra(17)}},
	} {
		b.Run(one.stack, func(b *testing.B) {
			p := copyProject(b, one.stack)
			p.edit(b, one.changes...)
			l := openAlone(b, one.stack, p.root)
			_, out := l.ran(b, l.platformctl("preview"))
			resources := resourcesOf(b, out)
			l.took(b, l.platformctl("up"))
			b.Run("no change", func(b *testing.B) {
				for b.Loop() {
					l.checked(b, fmt.Sprintf("preview of %d, checked", resources))
				}
			})
			b.Run("no change, far away", func(b *testing.B) {
				for b.Loop() {
					l.remotely(b, remoteDelay, func() { l.checked(b, "the same, 20 ms away") })
				}
			})
		})
	}
}

// checked compares previews with the policy pack, and with one that has no rule,
// and without any. They take turns, so all meet the same machine.
func (l *lab) checked(b *testing.B, what string) {
	b.Helper()
	empty := filepath.Join(l.dir, "empty-pack")
	if said, err := exec.CommandContext(l.ctx, "go", "build", "-o", empty, "./emptypack").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, said)
	}
	var checked, asked, bare []time.Duration
	for range policyRounds + 1 { // one to warm up
		checked = append(checked, l.took(b, l.bare(noChanges, "--policy-pack", filepath.Join(l.root, "bin", "policy-pack"))))
		asked = append(asked, l.took(b, l.bare(noChanges, "--policy-pack", empty)))
		bare = append(bare, l.took(b, l.bare(noChanges)))
	}
	checked, asked, bare = checked[1:], asked[1:], bare[1:]
	compare(b, "judged_s", checked, "bare_s", bare)
	l.add(
		figure{what: what, unit: seconds, measured: checked, beside: "without the policy pack", other: bare, goal: goalPolicy},
		figure{what: "with a pack without rules", unit: seconds, measured: asked, beside: "without the policy pack", other: bare},
	)
}

// extraParts adds parts to the co2-calculator that have a Deployment, a
// Service, a ServiceAccount and a NetworkPolicy each, and room for them.
func extraParts(count int) func(settings map[string]any) {
	return func(settings map[string]any) {
		parts := map[string]any{}
		for i := range count {
			name := fmt.Sprintf("x%03d", i)
			parts[name] = map[string]any{
				"image": "ghcr.io/epfl-enac/epfl/co2-calculator/docs:v1.0.0", "replicas": 1, "port": 8080, "user": 101, "path": "/" + name,
				"resources": map[string]any{
					"requests": map[string]any{"cpu": "10m", "memory": "32Mi"}, "limits": map[string]any{"cpu": "100m", "memory": "64Mi"},
				},
			}
		}
		settings["platform:services"] = parts
		quota := settings["platform:quota"].(map[string]any)
		quota["pods"] = quota["pods"].(float64) + 2*float64(count) // while they are replaced, both
		quota["limits"] = map[string]any{"cpu": 16, "memory": "24Gi"}
	}
}
