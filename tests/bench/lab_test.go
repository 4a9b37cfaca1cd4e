//go:build e2e

package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"platform/config"
	"platform/tools/cluster"
	"platform/tools/engine"
	"platform/tools/toolchain"
)

const stack = "local"

// shared is made by the first benchmark and serves all of them: to start it
// takes longer than most measurements.
var shared *lab

// lab is the two sides that are compared. Both clusters run inside this
// process, so they end with it even if it is killed.
type lab struct {
	ctx  context.Context // ends with an interrupt
	once sync.Once
	err  error

	root   string // checkout
	dir    string // everything that is written
	cfg    *config.EPFL
	tools  *toolchain.Toolchain
	engine *engine.Session
	ours   *cluster.Cluster // the engine deploys to it
	theirs *cluster.Cluster // kubectl does

	manifests string          // what kubectl applies
	starts    []time.Duration // of the clusters
	deployed  bool
}

func open(b *testing.B) *lab {
	b.Helper()
	shared.once.Do(func() { shared.err = shared.make() })
	if shared.err != nil {
		b.Fatal(shared.err)
	}
	return shared
}

func (l *lab) make() error {
	var err error
	if l.root, err = toolchain.Root("."); err != nil {
		return err
	}
	if _, err := os.Stat(l.ctl()); err != nil {
		return fmt.Errorf("%w; run make bench, which builds it", err)
	}
	if l.cfg, err = config.ParseFile[config.EPFL](stack, filepath.Join(l.root, "Pulumi."+stack+".yaml")); err != nil {
		return err
	}
	if l.dir, err = os.MkdirTemp("", "platform-bench-"); err != nil {
		return err
	}
	if l.tools, err = toolchain.Ensure(l.ctx, toolchain.Options{Root: l.root, Out: os.Stderr}); err != nil {
		return err
	}
	if l.ours, err = l.start("platform-"+stack, filepath.Join(l.stacks(), stack, "cluster")); err != nil {
		return err
	}
	if l.theirs, err = l.start("kubectl", filepath.Join(l.dir, "kubectl")); err != nil {
		return err
	}
	if at, err := engine.Kubeconfig(l.options()); err != nil || at != l.ours.Kubeconfig() {
		return fmt.Errorf("the engine takes %q for its cluster and not %q: %w", at, l.ours.Kubeconfig(), err)
	}
	if l.engine, err = engine.Open(l.ctx, l.options()); err != nil {
		return err
	}
	return l.render()
}

// start starts a cluster with the stack's topology. The first one lies where
// platformctl looks for the stack's own.
func (l *lab) start(name, dir string) (*cluster.Cluster, error) {
	begun := time.Now()
	started, err := cluster.Start(l.ctx, cluster.Options{
		Name: name, Dir: dir, Topology: l.cfg.Topology, Programs: cluster.ProgramsOf(l.tools), Out: os.Stderr,
	})
	l.starts = append(l.starts, time.Since(begun))
	return started, err
}

// close stops whatever the lab started, however far it came.
func (l *lab) close() error {
	var faults []error
	for _, one := range []*cluster.Cluster{l.ours, l.theirs} {
		if one != nil {
			faults = append(faults, one.Stop())
		}
	}
	if l.dir != "" {
		faults = append(faults, os.RemoveAll(l.dir))
	}
	return errors.Join(faults...)
}

func (l *lab) stacks() string  { return filepath.Join(l.dir, "stacks") }
func (l *lab) ctl() string     { return filepath.Join(l.root, "bin", "platformctl") }
func (l *lab) program() string { return filepath.Join(l.root, "bin", "platform") }

func (l *lab) options() engine.Options {
	return engine.Options{Root: l.root, Stack: stack, Stacks: l.stacks(), Out: os.Stderr}
}

// platformctl is the command that the make target of the same name runs.
func (l *lab) platformctl(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(l.ctx, l.ctl(), append([]string{"--stack", stack}, args...)...)
	cmd.Dir = l.root
	cmd.Env = append(os.Environ(), "PLATFORM_STACKS="+l.stacks())
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // so that it ends its engine
	return cmd
}
