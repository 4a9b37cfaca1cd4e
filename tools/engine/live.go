package engine

import (
	"fmt"

	"platform/tools/cluster"
)

// RealCluster is the folder of a stack's embedded cluster and what it tells of
// itself. It is an error if it does not run, or its nodes are simulated.
func RealCluster(opts Options) (string, cluster.State, error) {
	s, err := prepareEmbedded(opts)
	if err != nil {
		return "", cluster.State{}, err
	}
	state, err := cluster.Status(s.clusterDir())
	switch {
	case err != nil:
		return "", state, err
	case state.Nodes == cluster.Simulated:
		return "", state, fmt.Errorf("stack %s: its embedded cluster has simulated nodes, which send no packet; delete it with %s, then %s",
			s.Stack, s.makeLine("cluster-down"), s.makeLine("up", "NODES=real"))
	case !state.Ready:
		return "", state, fmt.Errorf("stack %s: its embedded cluster does not run; deploy the stack with %s", s.Stack, s.makeLine("up", "NODES=real"))
	}
	return s.clusterDir(), state, nil
}
