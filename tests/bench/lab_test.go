//go:build e2e

package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"platform/config"
	"platform/tools/cluster"
	"platform/tools/engine"
	"platform/tools/toolchain"
)

// lab is the two sides that are compared for one stack. Both clusters run
// inside this process, so they end with it even if it is killed. A lab that
// compares nothing with kubectl has the first alone.
type lab struct {
	ctx   context.Context
	stack string

	checkout string
	root     string // what is measured: the checkout, or a copy of it
	dir      string // everything that is written
	cfg      config.Platform
	tools    *toolchain.Toolchain
	engine   *engine.Session
	ours     *cluster.Cluster // the engine deploys to it
	theirs   *cluster.Cluster // kubectl does
	beside   string           // the kubeconfig of kubectl's side

	manifests string          // what kubectl applies
	starts    []time.Duration // of the clusters
	deployed  bool
}

// open makes a lab, which takes longer than most measurements and so serves all
// of one benchmark. Root is the project that is measured; empty means the
// checkout.
func open(b *testing.B, stack, root string) *lab {
	b.Helper()
	l := openAlone(b, stack, root)
	if err := errors.Join(l.startTheirs(), l.render()); err != nil {
		b.Fatal(err)
	}
	return l
}

// openAlone makes a lab without kubectl's side, whose cluster would take
// processor time from the other even while nobody asks it.
func openAlone(b *testing.B, stack, root string) *lab {
	b.Helper()
	l := &lab{ctx: interrupted, stack: stack, root: root}
	b.Cleanup(func() {
		if err := l.close(); err != nil {
			b.Error(err)
		}
	})
	if err := l.make(); err != nil {
		b.Fatal(err)
	}
	return l
}

func (l *lab) make() error {
	if err := l.prepareFolder(); err != nil {
		return err
	}
	if err := l.startOurs(); err != nil {
		return err
	}
	var err error
	l.engine, err = engine.Open(l.ctx, l.options())
	return err
}

// prepareFolder finds or makes everything but clusters.
func (l *lab) prepareFolder() error {
	var err error
	if l.checkout, err = toolchain.Root("."); err != nil {
		return err
	}
	if l.root == "" {
		l.root = l.checkout
	}
	if _, err := os.Stat(l.ctl()); err != nil {
		return fmt.Errorf("%w; run make bench, which builds it", err)
	}
	if l.cfg, err = config.ReadFile(l.stack, filepath.Join(l.root, "Pulumi."+l.stack+".yaml")); err != nil {
		return err
	}
	if l.dir, err = os.MkdirTemp(scratch, l.stack+"-"); err != nil {
		return err
	}
	l.tools, err = toolchain.Ensure(l.ctx, toolchain.Options{Root: l.root, Out: os.Stderr})
	return err
}

// startOurs starts the cluster that the engine deploys to. It lies where
// platformctl looks for the stack's own.
func (l *lab) startOurs() error {
	folder, err := engine.Folder(l.options())
	if err != nil {
		return err
	}
	if l.ours, err = l.start(engine.EmbeddedContext(l.stack), filepath.Join(folder, "cluster")); err != nil {
		return err
	}
	if at, err := engine.Kubeconfig(l.options()); err != nil || at != l.ours.Kubeconfig() {
		return fmt.Errorf("the engine takes %q for its cluster and not %q: %w", at, l.ours.Kubeconfig(), err)
	}
	return nil
}

// startTheirs starts the cluster that kubectl deploys to.
func (l *lab) startTheirs() error {
	var err error
	if l.theirs, err = l.start("kubectl", filepath.Join(l.dir, "kubectl")); err != nil {
		return err
	}
	l.beside = l.theirs.Kubeconfig()
	return nil
}

// clusters are those that were started.
func (l *lab) clusters() []*cluster.Cluster {
	return slices.DeleteFunc([]*cluster.Cluster{l.ours, l.theirs}, func(one *cluster.Cluster) bool { return one == nil })
}

// start starts a cluster with the stack's topology.
func (l *lab) start(name, dir string) (*cluster.Cluster, error) {
	begun := time.Now()
	started, err := cluster.Start(l.ctx, cluster.Options{
		Name: name, Dir: dir, Topology: l.cfg.Shared().Topology, Programs: cluster.ProgramsOf(l.tools), Out: os.Stderr,
	})
	l.starts = append(l.starts, time.Since(begun))
	return started, err
}

// close stops whatever the lab started, however far it came.
func (l *lab) close() error {
	var problems []error
	for _, one := range l.clusters() {
		problems = append(problems, one.Stop())
	}
	return errors.Join(problems...)
}

func (l *lab) stacks() string  { return filepath.Join(l.dir, "stacks") }
func (l *lab) ctl() string     { return filepath.Join(l.checkout, "bin", "platformctl") }
func (l *lab) program() string { return filepath.Join(l.root, "bin", "platform") }

func (l *lab) options() engine.Options {
	return engine.Options{Root: l.root, Stack: l.stack, Stacks: l.stacks(), Nodes: string(cluster.Simulated), Out: os.Stderr}
}

// add notes figures of the lab's stack.
func (l *lab) add(more ...figure) {
	for _, one := range more {
		one.stack = l.stack
		results.add(one)
	}
}

// platformctl is the command that the make target of the same name runs.
func (l *lab) platformctl(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(l.ctx, l.ctl(), append([]string{"--stack", l.stack}, args...)...)
	cmd.Dir = l.root
	cmd.Env = append(os.Environ(), "PLATFORM_STACKS="+l.stacks())
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // so that it ends its engine
	return cmd
}
