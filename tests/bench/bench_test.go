//go:build e2e

// Package bench measures this project beside what stands in its place without
// it: rendered manifests and kubectl. Both sides run in turn in one run, each
// on an embedded cluster of its own, so that a busy machine slows both. It does
// not slow them alike: a deployment by kubectl mostly waits for timers of the
// cluster, so that ratio is to be read from a quiet machine only.
//
// Run it with make bench. It reads the checkout as it is and leaves nothing
// behind: clusters, state and manifests lie in a temporary folder. The program
// with further services is measured in a copy of the project there.
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

var (
	// interrupted ends with an interrupt, and whatever runs ends with it.
	interrupted context.Context
	// scratch holds everything that is written. It stays to the end of the
	// process, whose clients go on looking for the certificates of clusters that
	// have ended.
	scratch string
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	interrupted = ctx
	var err error
	if scratch, err = os.MkdirTemp("", "platform-bench-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	results.print(os.Stdout)
	grown.print(os.Stdout)
	if err := os.RemoveAll(scratch); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// BenchmarkLocal measures EPFL's co2-calculator.
func BenchmarkLocal(b *testing.B) {
	lab := open(b, "local", "")
	b.Run("toolchain", lab.measureToolchain)
	b.Run("cluster", lab.measureCluster)
	b.Run("up", lab.measureUp)
	b.Run("preview", lab.measurePreview)
	b.Run("remote", lab.measureRemote)
	b.Run("memory", lab.measureMemory)
}

// BenchmarkK3sLocal measures Edd Cloud.
func BenchmarkK3sLocal(b *testing.B) {
	lab := open(b, "k3s-local", "")
	b.Run("cluster", lab.measureCluster)
	b.Run("up", lab.measureUp)
	b.Run("preview", lab.measurePreview)
	b.Run("memory", lab.measureMemory)
}

// measureToolchain finds all programs when they are made already, as every
// command does first.
func (l *lab) measureToolchain(b *testing.B) {
	for b.Loop() {
		checks := repeat(previewRounds, func() time.Duration {
			begun := time.Now()
			if _, err := toolchain.Ensure(l.ctx, toolchain.Options{Root: l.root}); err != nil {
				b.Fatal(err)
			}
			return time.Since(begun)
		})
		report(b, "toolchain_s", checks)
		l.add(figure{what: "toolchain check", unit: seconds, measured: checks})
	}
}

// measureCluster is the start of an embedded cluster in an empty folder.
func (l *lab) measureCluster(b *testing.B) {
	for b.Loop() {
		report(b, "ready_s", l.starts)
		l.add(figure{what: "embedded cluster ready", unit: seconds, measured: l.starts})
	}
}

// measureUp deploys the stack from nothing to a running cluster, beside
// kubectl applying the same objects and waiting for the same readiness.
func (l *lab) measureUp(b *testing.B) {
	for b.Loop() {
		var ups, applies []time.Duration
		for range upRounds {
			l.clear(b)
			ups = append(ups, l.took(b, l.platformctl("up")))
			applies = append(applies, l.apply(b))
		}
		l.deployed = true
		compare(b, "up_s", ups, "kubectl_s", applies)
		l.add(figure{
			what: "up from empty", unit: seconds, measured: ups,
			beside: "kubectl apply, wait", other: applies, goal: goalUp,
		})
	}
}

// measurePreview looks for changes where there are none, beside kubectl
// comparing the same objects.
func (l *lab) measurePreview(b *testing.B) {
	l.deploy(b)
	for b.Loop() {
		previews, bares, diffs := l.previews(b, previewRounds)
		compare(b, "preview_s", previews, "kubectl_diff_s", diffs)
		report(b, "pulumi_preview_s", bares)
		l.add(
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

// measureRemote is measurePreview with the network of a VPN before both
// clusters.
func (l *lab) measureRemote(b *testing.B) {
	l.deploy(b)
	for b.Loop() {
		l.remotely(b, remoteDelay, func() {
			previews, _, diffs := l.previews(b, remoteRounds)
			compare(b, "preview_s", previews, "kubectl_diff_s", diffs)
			l.add(figure{
				what: "preview, 20 ms away", unit: seconds, measured: previews,
				beside: "kubectl diff", other: diffs, goal: goalPreview,
			})
		})
	}
}

// measureMemory is the most memory that the program, the process with this
// project's own code, holds during a preview.
func (l *lab) measureMemory(b *testing.B) {
	l.deploy(b)
	for b.Loop() {
		cmd := l.platformctl("preview", "--", noChanges)
		peaks, err := peakMemory(cmd, l.program())
		if err != nil {
			b.Skip(err)
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(peaks.program, "program_MB")
		b.ReportMetric(peaks.all, "all_MB")
		l.add(
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
	took, _ := l.ran(b, cmd)
	return took
}

// ran is took with what the command printed.
func (l *lab) ran(b *testing.B, cmd *exec.Cmd) (time.Duration, string) {
	b.Helper()
	begun := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(begun)
	if err != nil {
		b.Fatalf("%s: %v\n%s", cmd, err, out)
	}
	return took, string(out)
}
