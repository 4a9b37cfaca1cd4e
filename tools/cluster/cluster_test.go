package cluster

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
)

func validOptions(t *testing.T) Options {
	t.Helper()
	program := filepath.Join(t.TempDir(), "program")
	require.NoError(t, os.WriteFile(program, nil, 0o700))
	return Options{
		Name: "test", Dir: t.TempDir(), Topology: config.Topology{Nodes: []config.Node{{Name: "a"}}},
		Programs: Programs{Etcd: program, APIServer: program, ControllerManager: program, Scheduler: program, Kwok: program},
	}
}

func TestOptions(t *testing.T) {
	for name, tc := range map[string]struct {
		mutate func(*Options)
		want   string // "" means accepted
	}{
		"valid":               {func(*Options) {}, ""},
		"no name":             {func(o *Options) { o.Name = "" }, "name: empty"},
		"no folder":           {func(o *Options) { o.Dir = "" }, "dir: empty"},
		"no nodes":            {func(o *Options) { o.Topology.Nodes = nil }, "topology: no nodes"},
		"no program":          {func(o *Options) { o.Programs.Kwok = "" }, "program kwok: "},
		"pods among Services": {func(o *Options) { o.Topology.PodNetwork = netip.MustParsePrefix("10.96.0.0/16") }, "topology.podNetwork: "},
		"load balancer":       {func(o *Options) { *o = withLoadBalancer(t) }, ""},
		"no load balancer":    {func(o *Options) { o.Topology.LoadBalancer.Namespace = "metallb-system" }, "program metallb-controller: "},
		"no kinds of it":      {func(o *Options) { *o = withLoadBalancer(t); o.Programs.LoadBalancerCRDs = "" }, "program metallb-controller: "},
	} {
		t.Run(name, func(t *testing.T) {
			options := validOptions(t)
			tc.mutate(&options)
			err := options.validate()
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
			_, err = Start(t.Context(), options)
			require.ErrorContains(t, err, tc.want)
		})
	}
}

// Other users of the machine reach loopback, other machines everything else.
func TestEveryServerListensOnLoopbackOnly(t *testing.T) {
	c := &Cluster{opts: validOptions(t), at: layout(t.TempDir())}
	for _, part := range []component{c.apiServer(), c.controllerManager(), c.scheduler()} {
		assert.Contains(t, part.args, "--bind-address=127.0.0.1", part.name)
	}
	assert.Contains(t, strings.Join(c.etcd().args, " "), "--listen-client-urls=https://127.0.0.1:")
	assert.Contains(t, strings.Join(c.kwok().args, " "), "--server-address=127.0.0.1:")
	assert.Contains(t, c.loadBalancer().args, "--port=-1", "it cannot choose the address, so it must not listen")
}

// A node that goes on while its server is gone starts pods again; a server that
// goes on without its store loses what it is told.
func TestProcessesEndInOrder(t *testing.T) {
	c := &Cluster{opts: validOptions(t), at: layout(t.TempDir())}
	order := [][]string{
		{nodePrefix + "s0"},
		{c.kwok().name, c.loadBalancer().name, c.scheduler().name, c.controllerManager().name, c.metricsServer().name},
		{c.apiServer().name},
		{c.etcd().name},
	}
	assert.Len(t, order, stopGroups)
	for group, names := range order {
		for _, name := range names {
			assert.Equal(t, group, stopGroup(name), name)
		}
	}
}
