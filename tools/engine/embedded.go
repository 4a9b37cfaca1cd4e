package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"platform/tools/cluster"
	"platform/tools/toolchain"
)

// ClusterUp starts the embedded cluster of a stack and returns what it tells
// of itself.
func ClusterUp(ctx context.Context, opts Options) (cluster.State, error) {
	s, err := prepareEmbedded(opts)
	if err != nil {
		return cluster.State{}, err
	}
	if err := s.moveIn(ctx); err != nil {
		return cluster.State{}, err
	}
	if err := s.chooseNodes(opts.Nodes); err != nil {
		return cluster.State{}, err
	}
	if s.tools, err = toolchain.Ensure(ctx, toolchain.Options{Root: s.root, Tools: s.clusterTools(), Out: s.unredacted()}); err != nil {
		return cluster.State{}, err
	}
	if err := s.startCluster(ctx); err != nil {
		return cluster.State{}, err
	}
	return cluster.Status(s.clusterDir())
}

// ClusterDown ends the embedded cluster of a stack and deletes it together
// with the stack's state, which describes nothing without it.
func ClusterDown(ctx context.Context, opts Options) error {
	s, err := prepareEmbedded(opts)
	if err != nil {
		return err
	}
	if gone(s.home) {
		return nil
	}
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if s.earlier != nil {
		return s.earlier.remove(ctx)
	}
	return removeEmbedded(ctx, s.home)
}

// removeEmbedded ends an embedded cluster and deletes all of its stack.
func removeEmbedded(ctx context.Context, home string) error {
	if err := cluster.Remove(ctx, filepath.Join(home, clusterFolder)); err != nil {
		return err
	}
	return os.RemoveAll(home)
}

// ClusterRun runs the embedded cluster of a stack until it is interrupted.
func ClusterRun(ctx context.Context, opts Options, dir string) error {
	s, err := prepareEmbedded(opts)
	if err != nil {
		return err
	}
	if dir == "" { // else whoever names it has done so
		if err := s.moveIn(ctx); err != nil {
			return err
		}
	}
	if err := s.chooseNodes(opts.Nodes); err != nil {
		return err
	}
	if s.tools, err = toolchain.Ensure(ctx, toolchain.Options{Root: s.root, Tools: s.clusterTools(), Out: s.unredacted()}); err != nil {
		return err
	}
	if err := s.prepareNodes(ctx); err != nil {
		return err
	}
	return cluster.Run(ctx, cluster.Options{
		Name: EmbeddedContext(s.Stack), Dir: or(dir, s.clusterDir()), Topology: s.Config.Shared().Topology,
		Programs: cluster.ProgramsOf(s.tools), Nodes: s.nodes, Images: s.store, Edge: s.edgeClass(), Out: s.out,
	})
}

// Kubeconfig is the path of the kubeconfig of a stack's embedded cluster.
func Kubeconfig(opts Options) (string, error) {
	s, err := prepareEmbedded(opts)
	if err != nil {
		return "", err
	}
	state, err := cluster.Status(s.clusterDir())
	if err != nil {
		return "", err
	}
	if !state.Running {
		return "", fmt.Errorf("the embedded cluster of stack %s does not run; start it with %s", s.Stack, s.makeLine("cluster-up"))
	}
	return state.Kubeconfig, nil
}

func prepareEmbedded(opts Options) (*Session, error) {
	s, err := prepare(opts)
	if err != nil {
		return nil, err
	}
	if !s.cluster {
		return nil, fmt.Errorf("stack %s lives on the cluster of context %q, not on an embedded one; choose a stack whose cluster.context is %s",
			s.Stack, s.context, EmbeddedContext(s.Stack))
	}
	return s, s.findHome()
}
