package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCoreFixture(t *testing.T) {
	c, err := parseCore(t)
	require.NoError(t, err)
	assert.Equal(t, CoreNamespace, c.Namespace())
	assert.Empty(t, c.Validate(testStack))
	assert.Equal(t, "192.168.3.100:30900", c.MasterAddress(), "the master's own node")
}

func TestEmptyCoreAsksForWhatHasNoDefault(t *testing.T) {
	_, err := Parse[EddCloud](testStack, nil)
	assert.Subset(t, keysOf(t, err), []string{
		"environment", "domain", "cluster.context", "secrets.source", "topology.nodes", "topology.storageClasses", "topology.nodeNetwork",
		"topology.podNetwork", "topology.loadBalancer.namespace", "gateway.image", "gateway.platforms", "gateway.address", "gateway.acmeEmail",
		"gfs.master.image", "gfs.chunkserver.image", "postgres.image", "postgres.servers", "haproxy.image", "nats.image", "nats.storageGiB",
		"metallb.pools", "tls.email", "imageCleanup.image",
	})
	for _, key := range []string{"topology.ingressController.namespace", "quota.pods", "gateway.resources.requests.cpu", "nats.fileMiB"} {
		assert.NotContains(t, keysOf(t, err), key)
	}
}

// Errors of many parts come together, and what follows from one is not reported.
func TestCoreErrorsComeAllAtOnce(t *testing.T) {
	_, err := parseCore(t,
		change{"environment", "Prod!"}, change{"gateway.image", "eddisonso/ecloud-gateway:latest"}, change{"postgres.storageGib", 3},
		change{"nats.nodeSelector[bus]", "none"}, change{"services[blog].secrets[API_KEY]", "nothing/KEY"}, change{"metallb.pools[0].addresses[0]", "none"},
	)
	assert.Equal(t, []string{
		"environment", "gateway.image", "metallb.pools[0].addresses[0]", "nats.nodeSelector", "postgres.storageGib", "services[blog].secrets[API_KEY]",
	}, keysOf(t, err))
}

func TestCoreTopologyRejects(t *testing.T) {
	rejectCore(t, map[string]bad{
		"environment":        {on("environment", "Prod"), "environment", `"Prod" is not a DNS label: lower-case letters, digits and dashes, 63 characters at most`, "write prod or local"},
		"no domain":          {on("domain", absent), "domain", "it is empty", "write a full name such as eddisonso.com"},
		"domain with scheme": {on("domain", "https://eddisonso.com"), "domain", `"https://eddisonso.com" is more than a name: no scheme, port, path or capital letter`, "write eddisonso.com"},
		"no context":         {on("cluster.context", absent), "cluster.context", "it is empty, and the kubeconfig's current context is never used", "name a context of the kubeconfig, or set platform:render.directory,"},
		"address twice":      {on("topology.nodes[1].address", "192.168.3.100"), "topology.nodes[1].address", "192.168.3.100 is the address of topology.nodes[0] already", "correct one of the two"},
		"address elsewhere":  {on("topology.nodes[1].address", "10.0.0.1"), "topology.nodes[1].address", "10.0.0.1 does not lie in topology.nodeNetwork, 192.168.0.0/16", "correct one of the two"},
		"no node network":    {on("topology.nodeNetwork", absent), "topology.nodeNetwork", "it is empty", "write a network such as 10.0.0.0/8"},
		"no pod network":     {on("topology.podNetwork", absent), "topology.podNetwork", "it is empty", "write a network such as 10.0.0.0/8"},
		"network not masked": {on("topology.nodeNetwork", "192.168.3.0/16"), "topology.nodeNetwork", "192.168.3.0/16 has bits set beyond its length", "write 192.168.0.0/16"},
		"networks overlap":   {on("topology.podNetwork", "192.168.128.0/17"), "topology.podNetwork", "192.168.128.0/17 overlaps the nodes' network, 192.168.0.0/16", "write the range that the cluster gives to pods"},
		"resolver":           {on("topology.dns.addresses", []any{"169.254.20.10"}), "topology.dns.addresses", "no policy of this platform keeps pods from asking anybody, so there is nothing to open", "remove it"},
		"no load balancer":   {on("topology.loadBalancer", absent), "topology.loadBalancer.namespace", "it is empty, and the gateway's address comes from MetalLB", "write the namespace of MetalLB, such as metallb-system"},
		"load balancer":      {on("topology.loadBalancer.namespace", "MetalLB"), "topology.loadBalancer.namespace", `"MetalLB" is not a DNS label: lower-case letters, digits and dashes, 63 characters at most`, "write the namespace of MetalLB, such as metallb-system"},
		"MetalLB by a label": {on("metallb.namespace", "MetalLB"), "metallb.namespace", `"MetalLB" is not a DNS label: lower-case letters, digits and dashes, 63 characters at most`, "write the namespace of MetalLB, such as metallb-system"},
		"bus of no class":    {on("nats.storageClass", "ssd"), "nats.storageClass", `"ssd" is no class of platform:topology.storageClasses`, "choose one of local-path"},
		"MetalLB elsewhere":  {on("metallb.namespace", "lb"), "metallb.namespace", `"lb" is not topology.loadBalancer.namespace, "metallb-system", where MetalLB reads its pools`, "write metallb-system, or leave it out,"},
	})
	acceptCore(t, map[string][]change{
		"MetalLB in another namespace": on("topology.loadBalancer.namespace", "lb"),
		"a node without address":       on("topology.nodes[3].address", absent),
		"no quota, no ingress":         on("topology.dns.port", 5353),
	})
}

func TestGatewayRejects(t *testing.T) {
	ports := func(first, last int) []change {
		return on("gateway.computePorts", map[string]any{"first": first, "last": last})
	}
	const remedy = "choose ports such as 8000 to 8999"
	rejectCore(t, map[string]bad{
		"no address":      {on("gateway.address", absent), "gateway.address", "it is empty, and names of the domain lead to a fixed address", "write one of a pool of platform:metallb"},
		"outside pools":   {on("gateway.address", "192.168.3.201"), "gateway.address", "192.168.3.201 lies in no pool of platform:metallb: they have 192.168.3.150-192.168.3.200, 192.168.4.0/30, 192.168.4.8-192.168.4.9", "choose one of them"},
		"replicas":        {on("gateway.replicas", -1), "gateway.replicas", "-1 is under the floor of 1", "raise it to 1 or more"},
		"request":         {on("gateway.resources.limits.cpu", "10m"), "gateway.resources.requests.cpu", "50m is over the limit of 10m", "lower it to 10m or raise the limit"},
		"no mailbox":      {on("gateway.acmeEmail", absent), "gateway.acmeEmail", "empty is not the address of a mailbox", "write an address such as admin@eddisonso.com"},
		"name beside it":  {on("gateway.acmeEmail", "Edd <admin@eddisonso.com>"), "gateway.acmeEmail", `"Edd <admin@eddisonso.com>" is not the address of a mailbox`, "write an address such as admin@eddisonso.com"},
		"ports backwards": {ports(8999, 8000), "gateway.computePorts", "8999 to 8000 runs backwards", "swap its ends, or write both,"},
		"one end":         {on("gateway.computePorts", map[string]any{"first": 9000}), "gateway.computePorts", "9000 to 0 runs backwards", "swap its ends, or write both,"},
		"ports below":     {ports(0, 10), "gateway.computePorts", "0 to 10 is not within 1 to 65535", remedy},
		"ports beyond":    {ports(65000, 65536), "gateway.computePorts", "65000 to 65536 is not within 1 to 65535", remedy},
		"too many ports":  {ports(8000, 9000), "gateway.computePorts", "8000 to 9000 are 1001 ports, and a Service of more than 1000 was never tried", remedy},
		"port of HTTP":    {ports(80, 90), "gateway.computePorts", "80 to 90 holds 80, which the gateway has for itself", remedy},
		"port of HTTPS":   {ports(400, 443), "gateway.computePorts", "400 to 443 holds 443, which the gateway has for itself", remedy},
		"port of SSH":     {ports(2222, 2222), "gateway.computePorts", "2222 to 2222 holds 2222, which the gateway has for itself", remedy},
		"port of health":  {ports(9000, 9100), "gateway.computePorts", "9000 to 9100 holds 9091, which the gateway has for itself", remedy},
		"no database":     {on("gateway.database", "eddcloud"), "gateway.database", `"eddcloud" is none of platform:postgres.databases: the gateway would find no table`, "use one of auth_db, compute_db, sfs_db, notifications_db"},
		"owner's role":    {on("gateway.databaseRole", "compute_svc"), "gateway.databaseRole", `"compute_svc" owns a database of platform:postgres.databases: the gateway may read one and change none`, "choose another, such as gateway_svc"},
		"superuser":       {on("gateway.databaseRole", "eddcloud"), "gateway.databaseRole", `"eddcloud" is the server's own`, "choose another"},
		"key elsewhere":   {on("gateway.sshSecretNamespace", "a.b"), "gateway.sshSecretNamespace", `"a.b" is not the name of a namespace: lower-case letters, digits and dashes`, "write a namespace such as core"},
		"inner HTTP":      {ports(18000, 18100), "gateway.computePorts", "18000 to 18100 holds 18080, which the gateway has for itself", remedy},
	})
	acceptCore(t, map[string][]change{
		"one port":           ports(8000, 8000),
		"the last ones":      ports(64536, 65535),
		"first of its pool":  on("gateway.address", "192.168.3.150"),
		"of a network":       on("gateway.address", "192.168.4.3"),
		"of the last range":  on("gateway.address", "192.168.4.9"),
		"another mailbox":    on("gateway.acmeEmail", "a@b.example"),
		"more replicas":      on("gateway.replicas", 3),
		"larger than chosen": on("gateway.resources.limits.memory", "4Gi"),
	})
}

func TestGFSRejects(t *testing.T) {
	const folder = " is no plain absolute path of a folder below the root"
	const nodes = `3 chunkservers are wanted, and role=chunkserver matches tainted; with taints that are not tolerated: none; without the label: big, arm-1, arm-2`
	rejectCore(t, map[string]bad{
		"relative folder": {on("gfs.master.hostPath", "data"), "gfs.master.hostPath", `"data"` + folder, "write a folder such as /data/gfs"},
		"folder of all":   {on("gfs.master.hostPath", "/"), "gfs.master.hostPath", `"/"` + folder, "write a folder such as /data/gfs"},
		"folder of settings": {
			on("gfs.master.hostPath", "/etc/gfs"), "gfs.master.hostPath",
			`"/etc/gfs" is a folder of the node's system, or holds one: /etc`, "write a folder such as /data/gfs",
		},
		"folder above the kubelet's": {
			on("gfs.chunkserver.hostPath", "/var"), "gfs.chunkserver.hostPath",
			`"/var" is a folder of the node's system, or holds one: /var/lib/kubelet`, "write a folder such as /data/gfs",
		},
		"master anywhere": {
			on("gfs.master.nodeSelector", absent), "gfs.master.nodeSelector",
			"it is empty, and on another node the folder is another", "name the nodes by a label",
		},
		"chunks everywhere": {
			on("gfs.chunkserver.nodeSelector", absent), "gfs.chunkserver.nodeSelector",
			"it is empty, and every node would hold chunks", "name the nodes by a label",
		},
		"folder upwards":    {on("gfs.chunkserver.hostPath", "/data/../etc"), "gfs.chunkserver.hostPath", `"/data/../etc"` + folder, "write a folder such as /data/gfs"},
		"node port":         {on("gfs.master.nodePort", 9000), "gfs.master.nodePort", "9000 is outside the range 30000 to 32767", "choose one within it"},
		"number of nodes":   {on("gfs.chunkserver.nodes", -1), "gfs.chunkserver.nodes", "-1 is under the floor of 1", "raise it to 1 or more"},
		"missing nodes":     {on("gfs.chunkserver.nodes", 3), "gfs.chunkserver.nodes", nodes, "label another node in platform:topology.nodes, or lower it,"},
		"toleration key":    {on("gfs.chunkserver.tolerations[0].key", "a b"), "gfs.chunkserver.tolerations[0].key", `"a b" is not a label key`, "write it as name or domain/name"},
		"toleration effect": {on("gfs.chunkserver.tolerations[0].effect", "Never"), "gfs.chunkserver.tolerations[0].effect", `"Never" is not a value it knows`, "choose one of NoSchedule, PreferNoSchedule, NoExecute"},
		"master's node":     {on("gfs.chunkserver.masterNode", "s9"), "gfs.chunkserver.masterNode", `"s9" is no node of platform:topology.nodes`, "use one of big, arm-1, arm-2, tainted"},
		"node of no address": {
			on("topology.nodes[0].address", absent), "gfs.chunkserver.masterNode", `"big" has no address`,
			"write its address in platform:topology.nodes, or choose another,",
		},
	})
	acceptCore(t, map[string][]change{
		"another node":          on("gfs.chunkserver.masterNode", "tainted"),
		"whole taint":           on("gfs.chunkserver.tolerations[0].effect", absent),
		"highest port":          on("gfs.master.nodePort", 32767),
		"folder of a like name": on("gfs.master.hostPath", "/etcetera"),
		"deeper folder":         on("gfs.master.hostPath", "/srv/gfs/master"),
	})
	_, err := parseCore(t, change{"gfs.chunkserver.nodes", 2}, change{"topology.nodes[0].labels[role]", "chunkserver"},
		change{"topology.nodes[0].taints", []any{map[string]any{"key": "gpu", "effect": "NoExecute"}}}, change{"gfs.chunkserver.masterNode", "big"})
	assert.ErrorContains(t, err, "2 chunkservers are wanted, and role=chunkserver matches tainted; with taints that are not tolerated: "+
		"big (amd64, disk=big, role=chunkserver, taint gpu:NoExecute); without the label: arm-1, arm-2;")
}
