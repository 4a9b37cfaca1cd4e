package cluster

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// withLoadBalancer are options that ask for MetalLB and have its parts.
func withLoadBalancer(t *testing.T) Options {
	t.Helper()
	options := validOptions(t)
	options.Topology.LoadBalancer.Namespace = "metallb-system"
	options.Programs.LoadBalancer, options.Programs.LoadBalancerCRDs = options.Programs.Kwok, t.TempDir()
	return options
}

func TestLoadBalancerIsTheTopologys(t *testing.T) {
	c := &Cluster{opts: withLoadBalancer(t), at: layout(t.TempDir())}
	args := c.loadBalancer().args
	assert.Contains(t, args, "--namespace=metallb-system")
	assert.Contains(t, args, "--kubeconfig="+c.at.kubeconfig())
}

func TestLoadBalancerIsReadyAfterItsFirstWholePass(t *testing.T) {
	const (
		started  = `{"controller":"ServiceReconciler - reprocessAll","start reconcile":"metallbreload/reload"}` + "\n"
		repeats  = `{"controller":"ServiceReconciler - reprocessAll","event":"force service reload","level":"info"}` + "\n"
		ended    = `{"controller":"ServiceReconciler - reprocessAll","end reconcile":"metallbreload/reload"}` + "\n"
		oneEnded = `{"controller":"ServiceReconciler","end reconcile":"default/gateway"}` + "\n"
	)
	for name, tc := range map[string]struct {
		log   string
		ready bool
	}{
		"empty":              {"", false},
		"under way":          {oneEnded + started, false},
		"to be repeated":     {started + repeats + ended, false},
		"repeated":           {started + repeats + ended + started + ended, true},
		"without a repeat":   {started + ended + oneEnded, true},
		"and then once more": {started + ended + started + repeats, false},
	} {
		t.Run(name, func(t *testing.T) {
			log := filepath.Join(t.TempDir(), "log")
			require.NoError(t, os.WriteFile(log, []byte(tc.log), 0o600))
			if err := knowsServices(log); tc.ready {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, "it has not gone through the Services")
			}
		})
	}
	require.ErrorIs(t, knowsServices(filepath.Join(t.TempDir(), "none")), os.ErrNotExist)
}

func TestAwaitTellsWhyNot(t *testing.T) {
	c := claimed(t)
	silent, err := c.launch(shell(t, loadBalancerName, "echo looking; exec sleep 600"))
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	err = await(ctx, silent, func() error { return knowsServices(silent.log) })
	require.ErrorContains(t, err, "metallb-controller is not ready: it has not gone")
	require.ErrorContains(t, err, "looking")

	ended, err := c.launch(shell(t, loadBalancerName, "echo no namespace; exit 1"))
	require.NoError(t, err)
	err = await(t.Context(), ended, func() error { return knowsServices(ended.log) })
	require.ErrorContains(t, err, "metallb-controller: exit status 1 by itself")
	require.ErrorContains(t, err, "no namespace")
}
