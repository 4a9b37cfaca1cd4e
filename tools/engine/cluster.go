package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"platform/tools/cluster"
)

// clusterDir is where the embedded cluster of the stack is kept, beside the
// stack's state: the two belong together and go together.
func (s *Session) clusterDir() string { return filepath.Join(s.home, clusterFolder) }

// clusterFolder holds the embedded cluster in the folder of its stack.
const clusterFolder = "cluster"

// startCluster starts the embedded cluster, unless it runs, as a process that
// stays when this one ends.
func (s *Session) startCluster(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("cluster of stack %s: %w", s.Stack, err)
	}
	if s.nodes == cluster.Real {
		if err := cluster.SetHosts(s.clusterDir(), pageHosts(s.Config)); err != nil {
			return fmt.Errorf("cluster of stack %s: %w", s.Stack, err)
		}
	}
	if err := s.followTopology(ctx); err != nil {
		return fmt.Errorf("cluster of stack %s: %w", s.Stack, err)
	}
	start := time.Now()
	if state, err := cluster.Status(s.clusterDir()); err == nil && !state.Ready {
		if s.reason != "" {
			fmt.Fprintf(s.out, "%s nodes: %s\n", s.nodes, s.reason)
		}
		if err := s.prepareNodes(ctx); err != nil {
			return fmt.Errorf("cluster of stack %s: %w", s.Stack, err)
		}
		fmt.Fprintf(s.out, "starting the embedded cluster of stack %s …\n", s.Stack)
		defer func() { fmt.Fprintf(s.out, "it took %.1fs\n", time.Since(start).Seconds()) }()
	}
	state, err := cluster.Spawn(ctx, cluster.SpawnOptions{
		Command: []string{self, "cluster", "run", "--root", s.root, "--stack", s.Stack, "--dir", s.clusterDir(), "--nodes", string(s.nodes)},
		Dir:     s.clusterDir(),
	})
	if err != nil {
		return fmt.Errorf("cluster of stack %s: %w", s.Stack, err)
	}
	if err := s.supplyImages(ctx); err != nil {
		return fmt.Errorf("cluster of stack %s: %w", s.Stack, err)
	}
	s.kubeconfig = state.Kubeconfig
	s.env = append(s.env, "KUBECONFIG="+state.Kubeconfig)
	return nil
}

// followTopology looks whether the cluster that runs is of the topology that the
// stack file has now. Its nodes are made at its start alone: pods for a node that
// was added meanwhile would wait forever.
func (s *Session) followTopology(ctx context.Context) error {
	state, err := cluster.Status(s.clusterDir())
	if err != nil || !state.Ready || state.Topology == "" || state.Topology == cluster.Fingerprint(s.Config.Shared().Topology) {
		return err
	}
	const changed = "platform:topology has changed since the embedded cluster of stack %s was started"
	switch {
	case s.nodes == cluster.Real:
		fmt.Fprintf(s.out, changed+", whose nodes stay as they are; for others, delete it with its data first: %s\n", s.Stack, s.makeLine("cluster-down"))
	case !s.renew:
		fmt.Fprintf(s.out, changed+"; %s starts it again, with its objects\n", s.Stack, s.makeLine("up"))
	default:
		fmt.Fprintf(s.out, changed+": starting it again, with its objects\n", s.Stack)
		return cluster.Down(ctx, s.clusterDir())
	}
	return nil
}
