package rules

import (
	"path/filepath"
	"testing"

	"platform/policy/pack"
	"platform/tests/policytest"
)

// BenchmarkJudge is what the rules cost for the stacks of one laptop: each
// object by itself, then all together, as a preview has them checked.
func BenchmarkCheck(b *testing.B) {
	for _, stack := range []string{"local", "k3s-local"} {
		b.Run(stack, func(b *testing.B) {
			cfg, resources, err := policytest.Registered(filepath.Join("..", ".."), stack, b.TempDir())
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				judging, err := For(cfg)
				if err != nil {
					b.Fatal(err)
				}
				all := &pack.Stack{Name: stack}
				for _, one := range resources {
					all.Objects = append(all.Objects, pack.NewObject(one)) // reads nothing twice
				}
				judging.CheckAll(all)
			}
		})
	}
}
