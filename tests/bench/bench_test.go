//go:build e2e

// Package bench measures this project beside what stands in its place without
// it: rendered manifests and kubectl. Both sides run in turn in one run, each
// on an embedded cluster of its own, so that a busy machine slows both. It does
// not slow them alike: a deployment by kubectl mostly waits for timers of the
// cluster, so that ratio is to be read from a quiet machine only.
//
// Run it with make bench. It reads the checkout as it is and leaves nothing
// behind: clusters, state and manifests lie in a temporary folder.
package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"platform/tools/toolchain"
)

// The goals that the project has set itself.
const (
	goalPreview  = 1.5 // of the time of kubectl diff
	goalUp       = 1.0 // of the time of kubectl apply and wait
	goalMemoryMB = 300
)

// How often each side is measured; what counts is the median.
const (
	previewRounds = 7
	remoteRounds  = 5
	upRounds      = 3
)

// remoteDelay is each direction's; a VPN from home to the campus has as much.
const remoteDelay = 10 * time.Millisecond

func TestMain(m *testing.M) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	shared = &lab{ctx: ctx}
	code := m.Run()
	if err := shared.close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	stop()
	results.print(os.Stdout)
	os.Exit(code)
}

// BenchmarkToolchain finds all programs when they are made already, as every
// command does first.
func BenchmarkToolchain(b *testing.B) {
	lab := open(b)
	for b.Loop() {
		checks := repeat(previewRounds, func() time.Duration {
			begun := time.Now()
			if _, err := toolchain.Ensure(lab.ctx, toolchain.Options{Root: lab.root}); err != nil {
				b.Fatal(err)
			}
			return time.Since(begun)
		})
		report(b, "toolchain_s", checks)
		results.add(figure{what: "toolchain check", unit: seconds, measured: checks})
	}
}

// BenchmarkCluster starts an embedded cluster in an empty folder.
func BenchmarkCluster(b *testing.B) {
	lab := open(b)
	for b.Loop() {
		report(b, "ready_s", lab.starts)
		results.add(figure{what: "embedded cluster ready", unit: seconds, measured: lab.starts})
	}
}

// BenchmarkUp deploys the stack from nothing to a running cluster, beside
// kubectl applying the same objects and waiting for the same readiness.
func BenchmarkUp(b *testing.B) {
	lab := open(b)
	for b.Loop() {
		var ups, applies []time.Duration
		for range upRounds {
			lab.clear(b)
			ups = append(ups, lab.took(b, lab.platformctl("up")))
			applies = append(applies, lab.apply(b))
		}
		lab.deployed = true
		compare(b, "up_s", ups, "kubectl_s", applies)
		results.add(figure{
			what: "up from empty", unit: seconds, measured: ups,
			beside: "kubectl apply, wait", other: applies, goal: goalUp,
		})
	}
}

// BenchmarkPreview looks for changes where there are none, beside kubectl
// comparing the same objects.
func BenchmarkPreview(b *testing.B) {
	lab := open(b)
	lab.deploy(b)
	for b.Loop() {
		previews, bares, diffs := lab.previews(b, previewRounds)
		compare(b, "preview_s", previews, "kubectl_diff_s", diffs)
		report(b, "pulumi_preview_s", bares)
		results.add(
			figure{
				what: "preview, no change", unit: seconds, measured: previews,
				beside: "kubectl diff", other: diffs, goal: goalPreview,
			},
			figure{
				what: "the same, pulumi alone", unit: seconds, measured: bares,
				beside: "kubectl diff", other: diffs,
			},
		)
	}
}

// BenchmarkPreviewRemote is BenchmarkPreview with the network of a VPN before
// both clusters.
func BenchmarkPreviewRemote(b *testing.B) {
	lab := open(b)
	lab.deploy(b)
	for b.Loop() {
		lab.remotely(b, remoteDelay, func() {
			previews, _, diffs := lab.previews(b, remoteRounds)
			compare(b, "preview_s", previews, "kubectl_diff_s", diffs)
			results.add(figure{
				what: "preview, 20 ms away", unit: seconds, measured: previews,
				beside: "kubectl diff", other: diffs, goal: goalPreview,
			})
		})
	}
}

// BenchmarkMemory is the most memory that the program, the process with this
// project's own code, holds during a preview.
func BenchmarkMemory(b *testing.B) {
	lab := open(b)
	lab.deploy(b)
	for b.Loop() {
		cmd := lab.platformctl("preview", "--", "--expect-no-changes")
		peaks, err := peakMemory(cmd, lab.program())
		if err != nil {
			b.Skip(err)
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(peaks.program, "program_MB")
		b.ReportMetric(peaks.all, "all_MB")
		results.add(
			figure{what: "memory of the program", unit: megabytes, value: peaks.program, goal: goalMemoryMB},
			figure{what: "memory with engine, providers", unit: megabytes, value: peaks.all},
		)
	}
}

// compare reports both medians and their ratio.
func compare(b *testing.B, name string, ours []time.Duration, otherName string, theirs []time.Duration) {
	b.Helper()
	report(b, name, ours)
	report(b, otherName, theirs)
	b.ReportMetric(ratio(ours, theirs), "ratio")
}

// report reports a median in the place of the time that a round of all
// measurements took, which says nothing.
func report(b *testing.B, name string, measured []time.Duration) {
	b.Helper()
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(measured).Seconds(), name)
}

// took runs a command to its successful end and returns how long it was.
func (l *lab) took(b *testing.B, cmd *exec.Cmd) time.Duration {
	b.Helper()
	begun := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(begun)
	if err != nil {
		b.Fatalf("%s: %v\n%s", cmd, err, out)
	}
	return took
}
