package config

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// machine is a node of two processors and 2 GiB that takes ten pods.
func machine(name string, labels map[string]string, taints ...Taint) Node {
	a := amounts("2", "2Gi")
	return Node{Name: name, Architecture: "amd64", CPU: a.CPU, Memory: a.Memory, Pods: 10, Labels: labels, Taints: taints}
}

// pods is a set of equal pods.
func pods(key string, count int, cpu, memory string) podSet {
	return podSet{key: key, count: count, resources: Resources{Requests: amounts(cpu, memory)}}
}

// placed checks sets of pods on some nodes.
func placed(nodes []Node, sets ...podSet) Errors {
	found := &collector{stack: testStack}
	topology := Topology{Nodes: nodes}
	topology.validatePlaces(found, sets)
	topology.validateRoom(found, sets)
	return found.problems.sorted()
}

func TestRoom(t *testing.T) {
	two := []Node{machine("a", map[string]string{"disk": "fast"}), machine("b", nil, Taint{Key: "soft", Effect: "PreferNoSchedule"})}
	three := slices.Concat(two, []Node{machine("c", nil, Taint{Key: "gpu", Effect: "NoSchedule"})})
	fast := func(set podSet) podSet { set.selector = map[string]string{"disk": "fast"}; return set }
	spread := func(set podSet, how spreading) podSet { set.spread = how; return set }
	all := spread(pods("all", 0, "500m", "100Mi"), everywhere)
	all.everyTaint = true
	for name, tc := range map[string]struct {
		nodes []Node
		sets  []podSet
		want  string // of the one error; "" means that all find room
	}{
		"exactly":          {two, []podSet{pods("x", 4, "1", "1Gi")}, ""},
		"cpu":              {two, []podSet{pods("x", 5, "1", "100Mi")}, "1 of the 5 pods that it has at most find no room beside the others: each wants cpu 1 and memory 100Mi, and left are a (cpu 0, memory 1848Mi, pods 8), b (cpu 0, memory 1848Mi, pods 8)"},
		"memory":           {two, []podSet{pods("x", 5, "100m", "1Gi")}, "1 of the 5 pods that it has at most find no room beside the others: each wants cpu 100m and memory 1Gi, and left are a (cpu 1800m, memory 0, pods 8), b (cpu 1800m, memory 0, pods 8)"},
		"pods":             {two, []podSet{pods("x", 21, "1m", "1Mi")}, "1 of the 21 pods that it has at most find no room beside the others: each wants cpu 1m and memory 1Mi, and left are a (cpu 1990m, memory 2038Mi, pods 0), b (cpu 1990m, memory 2038Mi, pods 0)"},
		"fragments":        {two, []podSet{pods("x", 3, "1500m", "1Mi")}, "1 of the 3 pods that it has at most find no room beside the others: each wants cpu 1500m and memory 1Mi, and left are a (cpu 500m, memory 2047Mi, pods 9), b (cpu 500m, memory 2047Mi, pods 9)"},
		"largest first":    {two, []podSet{pods("small", 2, "1", "1Mi"), pods("large", 1, "2", "1Mi")}, ""},
		"bound first":      {two, []podSet{pods("large", 1, "2", "1Mi"), fast(pods("bound", 2, "1", "1Mi"))}, ""},
		"evenly":           {two, []podSet{pods("x", 2, "1500m", "1Mi"), pods("y", 2, "500m", "1Mi")}, ""},
		"on tainted nodes": {three, []podSet{pods("x", 5, "1", "1Mi")}, "1 of the 5 pods that it has at most find no room beside the others: each wants cpu 1 and memory 1Mi, and left are a (cpu 0, memory 2046Mi, pods 8), b (cpu 0, memory 2046Mi, pods 8)"},
		"one everywhere":   {three, []podSet{all, pods("x", 2, "1500m", "1Mi")}, ""},
		"beside it":        {three, []podSet{all, pods("x", 2, "1501m", "1Mi")}, "2 of the 2 pods that it has at most find no room beside the others: each wants cpu 1501m and memory 1Mi, and left are a (cpu 1500m, memory 1948Mi, pods 9), b (cpu 1500m, memory 1948Mi, pods 9)"},
		"everywhere large": {two, []podSet{spread(pods("x", 0, "3", "1Mi"), everywhere)}, "2 of the 2 pods that it has at most find no room beside the others: each wants cpu 3 and memory 1Mi, and left are a (cpu 2, memory 2Gi, pods 10), b (cpu 2, memory 2Gi, pods 10)"},
		"apart":            {two, []podSet{spread(pods("x", 2, "1m", "1Mi"), apart)}, ""},
		"too many apart":   {two, []podSet{spread(pods("x", 3, "1m", "1Mi"), apart)}, "1 of the 3 pods that it has at most find no room beside the others: each wants cpu 1m and memory 1Mi, and left are a (cpu 1999m, memory 2047Mi, pods 9), b (cpu 1999m, memory 2047Mi, pods 9)"},
		"the first alone":  {two, []podSet{pods("x", 9, "1", "1Mi"), pods("y", 9, "500m", "1Mi")}, "5 of the 9 pods that it has at most find no room beside the others: each wants cpu 1 and memory 1Mi, and left are a (cpu 0, memory 2046Mi, pods 8), b (cpu 0, memory 2046Mi, pods 8)"},
	} {
		t.Run(name, func(t *testing.T) {
			problems := placed(tc.nodes, tc.sets...)
			if tc.want == "" {
				require.Empty(t, problems)
				return
			}
			require.Len(t, problems, 1)
			assert.Equal(t, tc.want, problems[0].Why)
			assert.Equal(t, "lower its replicas or its requests, or add a node, in Pulumi.prod.yaml", problems[0].Remedy)
		})
	}
}

// Nobody waits for a count that only a slip of the keyboard writes.
func TestRoomOfAnySize(t *testing.T) {
	huge := machine("a", nil)
	a := amounts("1e30", "1e30")
	huge.CPU, huge.Memory, huge.Pods = a.CPU, a.Memory, 1<<62
	assert.Empty(t, placed([]Node{huge}, pods("x", 1000, "1", "1Mi")))
	assert.Len(t, placed([]Node{huge, huge}, pods("x", 1<<62, "1e20", "1Mi")), 1)
}

func TestTolerations(t *testing.T) {
	control := Taint{Key: "control-plane", Value: "true", Effect: "NoSchedule"}
	etcd := Taint{Key: "etcd", Effect: "NoExecute"}
	for name, tc := range map[string]struct {
		taints      []Taint
		tolerations []Toleration
		takes       bool
	}{
		"no taint":       {nil, nil, true},
		"none tolerated": {[]Taint{control}, nil, false},
		"whatever value": {[]Taint{control}, []Toleration{{"control-plane", "NoSchedule"}}, true},
		"every effect":   {[]Taint{control}, []Toleration{{Key: "control-plane"}}, true},
		"other effect":   {[]Taint{control}, []Toleration{{"control-plane", "NoExecute"}}, false},
		"one of two":     {[]Taint{control, etcd}, []Toleration{{"control-plane", "NoSchedule"}}, false},
		"both":           {[]Taint{control, etcd}, []Toleration{{"etcd", "NoExecute"}, {"control-plane", "NoSchedule"}}, true},
		"soft":           {[]Taint{{Key: "x", Effect: "PreferNoSchedule"}}, nil, true},
	} {
		set := podSet{tolerations: tc.tolerations}
		assert.Equal(t, tc.takes, machine("a", nil, tc.taints...).takes(set), name)
		set.everyTaint = true
		assert.True(t, machine("a", nil, tc.taints...).takes(set), name)
	}
}

func TestCorePlacementRejects(t *testing.T) {
	const label = "correct it, or label a node in platform:topology.nodes,"
	const nodes = "; the nodes are big (amd64, disk=big), arm-1 (arm64, backend=true, bus=true), arm-2 (arm64, backend=true, db=true), tainted (amd64, role=chunkserver, taint control-plane:NoSchedule)"
	none := func(of, shown string) bad {
		return bad{on(of+".nodeSelector", map[string]any{"size": "mini"}), of + ".nodeSelector", "size=mini matches no node " + shown + nodes, label}
	}
	rejectCore(t, map[string]bad{
		"gateway":      none("gateway", "without taints"),
		"master":       none("gfs.master", "without taints"),
		"chunkservers": none("gfs.chunkserver", "whose taints are all tolerated"),
		"server":       none("postgres.servers[postgres-replica]", "without taints"),
		"haproxy":      none("haproxy", "without taints"),
		"nats":         none("nats", "without taints"),
		"service":      none("services[blog]", "without taints"),
		"tainted alone": {
			on("services[blog].nodeSelector", map[string]any{"role": "chunkserver"}), "services[blog].nodeSelector",
			"role=chunkserver matches no node without taints" + nodes, label,
		},
		"other taint": {
			on("topology.nodes[3].taints[0].key", "gpu"), "gfs.chunkserver.nodeSelector",
			"role=chunkserver matches no node whose taints are all tolerated; the nodes are big (amd64, disk=big), arm-1 (arm64, backend=true, bus=true), arm-2 (arm64, backend=true, db=true), tainted (amd64, role=chunkserver, taint gpu:NoSchedule)", label,
		},
		"larger than its node": {
			[]change{{"haproxy.resources.requests.cpu", 3}, {"haproxy.resources.limits.cpu", 3}},
			"haproxy.resources.requests",
			"a pod wants cpu 3 and memory 32Mi, and no matching node has that; they are arm-2 (cpu 2, memory 4Gi)", "lower them or add a larger node",
		},
		"too many replicas": {
			[]change{{"services[log-service].replicas", 120}},
			"services[log-service]",
			"1 of the 120 pods that it has at most find no room beside the others: each wants cpu 25m and memory 64Mi, and left are arm-1 (cpu 400m, memory 32Mi, pods 49), arm-2 (cpu 25m, memory 32Mi, pods 46)",
			"lower its replicas or its requests, or add a node,",
		},
	})
	acceptCore(t, map[string][]change{
		"an idle server's selector": {{"postgres.servers[postgres].enabled", false}, {"postgres.servers[postgres].nodeSelector", map[string]any{"size": "mini"}}},
		"the most":                  on("services[log-service].replicas", 119),
	})
}

// A pod that replaces another before it goes takes room, and so does a server
// that runs. One that does not run takes none.
func TestCorePodsAtMost(t *testing.T) {
	for name, tc := range map[string]struct {
		changes []change
		key     string
		want    int
	}{
		"one gateway surges":       {nil, "gateway", 2},
		"two gateways do not":      {on("gateway.replicas", 2), "gateway", 2},
		"one service surges":       {nil, "services[log-service]", 2},
		"three services do not":    {on("services[log-service].replicas", 3), "services[log-service]", 3},
		"haproxy surges":           {nil, "haproxy", 2},
		"the master cannot":        {nil, "gfs.master", 1},
		"nor can the bus":          {nil, "nats", 1},
		"two servers":              {nil, "postgres", 2},
		"a server that is not run": {on("postgres.servers[postgres].enabled", false), "postgres", 1},
	} {
		c, err := parseCore(t, tc.changes...)
		require.NoError(t, err)
		count := 0
		for _, set := range c.podSets() {
			if set.key == tc.key {
				count += set.count
			}
		}
		assert.Equal(t, tc.want, count, name)
	}
}

// Two servers of the bus never share a node, even where there is room.
func TestBusNeedsRoomOnEachNode(t *testing.T) {
	_, err := parseCore(t, change{"nats.replicas", 3}, change{"nats.nodeSelector", absent}, change{"nats.platforms", []any{"linux/amd64", "linux/arm64"}},
		change{"topology.nodes[1].memory", "200Mi"}, change{"services[log-service].nodeSelector", absent})
	assert.Equal(t, []string{"nats"}, keysOf(t, err))
	assert.ErrorContains(t, err, "1 of the 3 pods that it has at most find no room beside the others: each wants cpu 100m and memory 256Mi")
}

// Users' containers ask for a label that is nowhere in the stack file but on
// nodes.
func TestUsersContainersFindANode(t *testing.T) {
	c := loadCore(t, "k3s")
	for i := range c.Topology.Nodes {
		if c.Topology.Nodes[i].Labels["role"] != "chunkserver" { // those have taints that users' pods do not tolerate
			delete(c.Topology.Nodes[i].Labels, ComputeLabel)
			continue
		}
		c.Topology.Nodes[i].Labels[ComputeLabel] = "true"
	}
	assert.Equal(t, Errors{{
		Key: "topology.nodes", Stack: "k3s",
		Why:    "no node without taints has the label compute-schedulable=true, and edd-compute runs users' containers nowhere else: each would stay Pending",
		Remedy: "give it to those that users' containers may run on, here and with kubectl label node NAME compute-schedulable=true, in Pulumi.k3s.yaml",
	}}, c.Validate("k3s"))
	delete(c.Services, "edd-compute")
	assert.Empty(t, c.Validate("k3s"))
}
