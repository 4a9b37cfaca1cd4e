package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const k3sFile = "../Pulumi.k3s.yaml"

func loadCore(t *testing.T, stack string) *EddCloud {
	t.Helper()
	c, err := ParseFile[EddCloud](stack, "../"+stackFile(stack))
	require.NoError(t, err)
	return c
}

// The cluster on one machine has the nodes and the pods of the real one.
func TestK3sStacksDifferInFourKeys(t *testing.T) {
	real, local := loadCore(t, "k3s"), loadCore(t, "k3s-local")
	assert.Equal(t, []any{"prod", true, "edd-k3s", SourceInfisical}, []any{real.Environment, real.Protect, real.Cluster.Context, real.Secrets.Source})
	assert.Equal(t, []any{"local", false, "platform-k3s-local", SourceGenerated}, []any{local.Environment, local.Protect, local.Cluster.Context, local.Secrets.Source})
	assert.Empty(t, local.Secrets.Infisical)
	local.Base, local.Environment, local.Protect, local.Cluster, local.Secrets = "", real.Environment, true, real.Cluster, real.Secrets
	assert.Equal(t, real, local)
}

// What follows is the page "Kubernetes Infrastructure" of Edd Cloud, table by
// table.
func TestK3sHasTheNodesOfItsDescription(t *testing.T) {
	type node struct {
		name, architecture, labels string
		controlPlane               bool
	}
	var got []node
	for _, n := range loadCore(t, "k3s").Topology.Nodes {
		labels := maps.Clone(n.Labels)
		if n.Name == "rp3" {
			delete(labels, "size") // the one label that the description uses and shows on no node
		}
		_, schedulable := labels[ComputeLabel] // edd-compute asks for it, and the description does not know it
		assert.Equal(t, len(n.Taints) == 0 && labels["db-role"] == "", schedulable, n.Name)
		delete(labels, ComputeLabel)
		taints := []string{}
		for _, taint := range n.Taints {
			taints = append(taints, taint.Key+":"+taint.Effect)
		}
		if len(taints) > 0 {
			assert.Equal(t, []string{"node-role.kubernetes.io/control-plane:NoSchedule", "node-role.kubernetes.io/etcd:NoExecute"}, taints)
		}
		got = append(got, node{n.Name, n.Architecture, selectorText(labels), len(taints) > 0})
	}
	assert.Equal(t, []node{
		{"s0", "amd64", "core-services=true,gfs-master=true", false},
		{"rp1", "arm64", "db-role=replica", false},
		{"rp2", "arm64", "backend=true,core-services=true", false},
		{"rp3", "arm64", "backend=true", false},
		{"rp4", "arm64", "backend=true", false},
		{"s1", "amd64", "role=chunkserver", true},
		{"s2", "amd64", "role=chunkserver", true},
		{"s3", "amd64", "role=chunkserver", true},
	}, got)
}

// The table of Deployments with the selectors of "Node Scheduling", and the
// DaemonSet.
func TestK3sHasTheDeploymentsOfItsDescription(t *testing.T) {
	c := loadCore(t, "k3s")
	got := map[string]string{
		"gateway":          fmt.Sprint(c.Gateway.Replicas, " ", selectorText(c.Gateway.NodeSelector)),
		"gfs-master":       "1 " + selectorText(c.GFS.Master.NodeSelector),
		"nats":             fmt.Sprint(c.NATS.Replicas, " ", selectorText(c.NATS.NodeSelector)),
		"haproxy":          "1 " + selectorText(c.HAProxy.NodeSelector),
		"gfs-chunkserver":  fmt.Sprint(c.GFS.Chunkserver.Nodes, " ", selectorText(c.GFS.Chunkserver.NodeSelector)),
		"postgres-replica": "1 " + selectorText(c.Postgres.Servers["postgres-replica"].NodeSelector),
	}
	for name, service := range c.Services {
		got[name] = fmt.Sprint(service.Replicas, " ", selectorText(service.NodeSelector))
	}
	assert.Equal(t, map[string]string{
		"gateway":                    "1 core-services=true",
		"gfs-master":                 "1 gfs-master=true",
		"auth-service":               "1 backend=true",
		"simple-file-share-backend":  "2 backend=true",
		"simple-file-share-frontend": "2 backend=true",
		"edd-compute":                "2 backend=true",
		"cluster-monitor":            "2 backend=true",
		"log-service":                "1 backend=true",
		"notification-service":       "1 core-services=true",
		"edd-cloud-docs":             "2 backend=true",
		"alerting-service":           "1 backend=true",
		"nats":                       "1 size=mini",
		"postgres-replica":           "1 db-role=replica",
		"haproxy":                    "1 db-role=replica",
		"gfs-chunkserver":            "3 role=chunkserver",
	}, got)
}

func TestK3sHasTheDataOfItsDescription(t *testing.T) {
	c := loadCore(t, "k3s")
	assert.Equal(t, map[string]PostgresServer{
		"postgres-replica": {RolePromoted, true, map[string]string{"db-role": "replica"}, 5, "local-path"},
		"postgres":         {RolePrimary, false, map[string]string{"kubernetes.io/hostname": "s0"}, 5, "local-path"},
	}, c.Postgres.Servers)
	assert.Equal(t, "postgres:16-alpine", c.Postgres.Image)
	assert.Equal(t, []any{5, "local-path"}, []any{c.NATS.StorageGiB, c.NATS.StorageClass})
	assert.Equal(t, "/data/gfs", c.GFS.Master.HostPath)
	assert.Equal(t, "/data/gfs/chunkserver", c.GFS.Chunkserver.HostPath)
	var secrets []string
	for _, secret := range c.KubernetesSecrets() {
		secrets = append(secrets, secret.Name)
	}
	assert.Equal(t, []string{
		"auth-db-credentials", "compute-db-credentials", "discord-webhook-url", "edd-cloud-admin", "edd-cloud-auth", "eddisonso-wildcard-tls",
		"gfs-jwt-secret", "notification-db-credentials", "postgres-credentials", "regcred", "service-api-key", "sfs-db-credentials",
	}, secrets)
}

func TestK3sHasTheNetworkOfItsDescription(t *testing.T) {
	c := loadCore(t, "k3s")
	services := map[string]string{"gateway": fmt.Sprintf("80, 443, 2222, %d-%d", c.Gateway.ComputePorts.First, c.Gateway.ComputePorts.Last)}
	for name, ports := range c.ports() {
		services[name] = numbers(ports)
	}
	services["gfs-master"] += fmt.Sprintf(", %d", c.GFS.Master.NodePort)
	assert.Equal(t, map[string]string{
		"gateway":                    "80, 443, 2222, 8000-8999",
		"auth-service":               "80",
		"simple-file-share-backend":  "80",
		"simple-file-share-frontend": "80",
		"edd-compute":                "80",
		"cluster-monitor":            "80",
		"log-service":                "80, 50051",
		"notification-service":       "80",
		"alerting-service":           "80",
		"edd-cloud-docs":             "80",
		"postgres":                   "5432",
		"postgres-replica":           "5432",
		"haproxy":                    "5432",
		"gfs-master":                 "9000, 30900",
		"nats":                       "4222, 8222",
	}, services)
	assert.Equal(t, MetalLB{
		Namespace: "metallb-system", Advertisement: "compute-l2",
		Pools: []AddressPool{{Name: "compute-pool", Addresses: []string{"192.168.3.150-192.168.3.200"}}},
	}, c.MetalLB)
	assert.Equal(t, "192.168.3.200", c.Gateway.Address.String())
	assert.Equal(t, "192.168.3.101:30900", c.MasterAddress())
	assert.Equal(t, []string{"192.168.0.0/16", "10.42.0.0/16"}, []string{c.Topology.NodeNetwork.String(), c.Topology.PodNetwork.String()})
	assert.Equal(t, HostPolicy{Name: "allow-host-chunkserver", Order: 10, Ports: []int{22, 6443, 10250}}, c.HostPolicy)
	assert.Equal(t, []int{9080, 9081}, ChunkserverPorts)
	assert.Equal(t, "0 3 * * *", c.ImageCleanup.Schedule)
}

// Every image of this platform is of one build, and all run on every node.
func TestK3sImages(t *testing.T) {
	for component, build := range loadCore(t, "k3s").Images() {
		assert.Equal(t, ImagePlatforms, build.Platforms, component)
		if isOwn(build.Image) {
			assert.True(t, strings.HasSuffix(build.Image, ":20260215-062053"), "%s: %s", component, build.Image)
		}
	}
}

// withoutNode is the stack file k3s after a machine is gone.
func withoutNode(t *testing.T, name string) error {
	t.Helper()
	tree := fixture(t, k3sFile)
	delete(tree, "pulumi:disable-default-providers")
	topology := tree["topology"].(map[string]any)
	nodes := topology["nodes"].([]any)
	topology["nodes"] = slices.DeleteFunc(slices.Clone(nodes), func(n any) bool { return n.(map[string]any)["name"] == name })
	require.Len(t, topology["nodes"], len(nodes)-1)
	_, err := Parse[EddCloud](testStack, raw(t, tree))
	return err
}

func TestK3sWithOneNodeRemoved(t *testing.T) {
	const others = "label another node in platform:topology.nodes, or lower it,"
	const correct = "correct it, or label a node in platform:topology.nodes,"
	const master = "use one of s0, rp1, rp2, rp3, rp4, s2, s3"
	for node, want := range map[string]map[string][2]string{ // by key: what the reason begins with, and the remedy
		"s0": {"gfs.master.nodeSelector": {"gfs-master=true matches no node without taints; the nodes are rp1 (arm64, db-role=replica), rp2 (", correct}},
		"rp1": {
			"haproxy.nodeSelector":                            {"db-role=replica matches no node without taints; the nodes are s0 (amd64, compute-schedulable=true, core-services=true, gfs-master=true), rp2 (", correct},
			"postgres.servers[postgres-replica].nodeSelector": {"db-role=replica matches no node without taints; the nodes are s0 (amd64, compute-schedulable=true, core-services=true, gfs-master=true), rp2 (", correct},
		},
		"rp3": {"nats.nodeSelector": {"size=mini matches no node without taints; the nodes are s0 (amd64, compute-schedulable=true, core-services=true, gfs-master=true), rp1 (", correct}},
		"s1": {
			"gfs.chunkserver.nodes":      {"3 chunkservers are wanted, and role=chunkserver matches s2, s3; with taints", others},
			"gfs.chunkserver.masterNode": {`"s1" is no node of platform:topology.nodes`, master},
		},
		"s2":  {"gfs.chunkserver.nodes": {"3 chunkservers are wanted, and role=chunkserver matches s1, s3; with taints", others}},
		"s3":  {"gfs.chunkserver.nodes": {"3 chunkservers are wanted, and role=chunkserver matches s1, s2; with taints", others}},
		"rp2": nil, // s0 and the other Raspberry Pis take its pods
		"rp4": nil,
	} {
		t.Run(node, func(t *testing.T) {
			err := withoutNode(t, node)
			if want == nil {
				require.NoError(t, err)
				return
			}
			var problems Errors
			require.ErrorAs(t, err, &problems)
			assert.Len(t, problems, len(want))
			for _, problem := range problems {
				assert.Contains(t, problem.Why, want[problem.Key][0], problem.Key)
				assert.Equal(t, want[problem.Key][1]+" in Pulumi.prod.yaml", problem.Remedy)
			}
		})
	}
}
