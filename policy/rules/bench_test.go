package rules

import (
	"path/filepath"
	"testing"

	"platform/policy/exceptions"
	"platform/policy/pack"
	"platform/policy/policytest"
)

// BenchmarkJudge is what the rules cost for the stacks of one laptop: each
// object by itself, then all together, as a preview has them judged.
func BenchmarkJudge(b *testing.B) {
	for _, stack := range []string{"local", "k3s-local"} {
		b.Run(stack, func(b *testing.B) {
			resources, err := policytest.Registered(filepath.Join("..", ".."), stack, b.TempDir())
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				judging := &pack.Pack{Rules: All(), Exceptions: exceptions.All.Fresh()}
				all := &pack.Stack{Name: stack}
				for _, one := range resources {
					all.Objects = append(all.Objects, pack.NewObject(one)) // reads nothing twice
				}
				judging.JudgeAll(all)
			}
		})
	}
}
