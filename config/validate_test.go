package config

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// accept checks that changes of the fixture which come close to an error are none.
func accept(t *testing.T, rows map[string][]change) {
	t.Helper()
	accepts(t, rows, parseChanged)
}

func acceptCore(t *testing.T, rows map[string][]change) {
	t.Helper()
	accepts(t, rows, parseCore)
}

func accepts[P Platform](t *testing.T, rows map[string][]change, parse func(testing.TB, ...change) (P, error)) {
	t.Helper()
	for name, changes := range rows {
		t.Run(name, func(t *testing.T) {
			_, err := parse(t, changes...)
			assert.NoError(t, err)
		})
	}
}

func TestTargetRejects(t *testing.T) {
	const label = " is not a DNS label: lower-case letters, digits and dashes, 63 characters at most"
	const environment = "write dev, staging, prod or local"
	long := strings.Repeat("a", 49)
	reject(t, map[string]bad{
		"no environment":      {on("environment", absent), "environment", "empty" + label, environment},
		"capital environment": {on("environment", "Prod"), "environment", `"Prod"` + label, environment},
		"dotted environment":  {on("environment", "a.b"), "environment", `"a.b"` + label, environment},
		"long environment": {
			on("environment", long[:11]), "environment",
			`the namespace "co2-calculator-aaaaaaaaaaa" has 26 characters and the UID of a dashboard has room for 25`, "shorten it to 10 characters or fewer",
		},
		"long environment without monitoring": {
			[]change{{"environment", long}, {"monitoring.enabled", false}},
			"environment",
			`the namespace "co2-calculator-` + long + `" has 64 characters and Kubernetes takes 63`, "shorten it to 48 characters or fewer",
		},
		"no context":            {on("cluster.context", absent), "cluster.context", "it is empty, and the kubeconfig's current context is never used", "name a context of the kubeconfig, or set platform:render.directory,"},
		"no UID":                {on("cluster.uid", "kube-system"), "cluster.uid", `"kube-system" is not a UID of 32 lower-case hexadecimal digits with dashes`, "write what kubectl get namespace kube-system -o jsonpath={.metadata.uid} prints"},
		"no source":             {on("secrets.source", absent), "secrets.source", "it is empty", "choose one of generated, infisical, stack, masked, fixed"},
		"unknown source":        {on("secrets.source", "vault"), "secrets.source", "it is none of the values that it can have", "choose one of generated, infisical, stack, masked, fixed"},
		"fixed source deployed": {on("secrets.source", "fixed"), "secrets.source", `"fixed" gives test values that anybody can read, for rendering only`, "choose generated or infisical, or set platform:render.directory,"},
	})
	accept(t, map[string][]change{
		"longest environment":  on("environment", long[:10]),
		"longest without":      {{"environment", long[1:]}, {"monitoring.enabled", false}},
		"generated secrets":    on("secrets.source", "generated"),
		"no UID to check":      on("cluster.uid", absent),
		"rendering":            {{"cluster.context", absent}, {"secrets.source", "fixed"}, {"render.directory", "out"}},
		"protection left out":  on("protect", absent),
		"context of any shape": on("cluster.context", "admin@enac k8s"),
	})
}

func TestEdgeRejects(t *testing.T) {
	const form = "write a full name such as co2calculator.epfl.ch"
	const more = " is more than a name: no scheme, port, path or capital letter"
	const name = " is not a DNS name: lower-case letters, digits, dashes and dots"
	const interval, bounds = " is not a whole number of seconds from 10s to 2m0s", "choose one from 10s to 2m0s"
	reject(t, map[string]bad{
		"no host":           {on("edge.host", absent), "edge.host", "it is empty", form},
		"host with scheme":  {on("edge.host", "https://co2calculator.epfl.ch/"), "edge.host", `"https://co2calculator.epfl.ch/"` + more, "write co2calculator.epfl.ch"},
		"host with port":    {on("edge.host", "co2calculator.epfl.ch:443"), "edge.host", `"co2calculator.epfl.ch:443"` + more, "write co2calculator.epfl.ch"},
		"host in capitals":  {on("edge.host", "CO2calculator.epfl.ch"), "edge.host", `"CO2calculator.epfl.ch"` + more, "write co2calculator.epfl.ch"},
		"host with star":    {on("edge.host", "*.epfl.ch"), "edge.host", `"*.epfl.ch" is not a full DNS name, without scheme, port, path or wildcard`, form},
		"host without dot":  {on("edge.host", "co2calculator"), "edge.host", `"co2calculator" is not a full DNS name, without scheme, port, path or wildcard`, form},
		"host by number":    {on("edge.host", "128.178.1.1"), "edge.host", `"128.178.1.1" is an address, not a name`, form},
		"unknown kind":      {on("edge.kind", "nginx"), "edge.kind", `"nginx" is not a value it knows`, "choose one of ingress, gateway, route"},
		"class no name":     {on("edge.class", "Nginx"), "edge.class", `"Nginx"` + name, "write the name of a class of the ingress controller"},
		"issuer no name":    {on("edge.issuer", "let's encrypt"), "edge.issuer", `"let's encrypt"` + name, "write the name of a ClusterIssuer"},
		"TLS secret name":   {on("edge.tlsSecret", "co2_tls"), "edge.tlsSecret", `"co2_tls"` + name, "write the name of a Secret"},
		"scrape too often":  {on("monitoring.scrapeInterval", "9s"), "monitoring.scrapeInterval", "9s" + interval, bounds},
		"scrape backwards":  {on("monitoring.scrapeInterval", "-1m"), "monitoring.scrapeInterval", "-1m0s" + interval, bounds},
		"scrape too rarely": {on("monitoring.scrapeInterval", "121s"), "monitoring.scrapeInterval", "2m1s" + interval, bounds},
		"odd interval":      {on("monitoring.scrapeInterval", "10500ms"), "monitoring.scrapeInterval", "10.5s" + interval, bounds},
		"no such namespace": {on("monitoring.namespace", "Monitoring"), "monitoring.namespace", `"Monitoring" is not a DNS label: lower-case letters, digits and dashes, 63 characters at most`, "write the namespace of Prometheus, such as monitoring"},
		"label key":         {on("monitoring.prometheusLabels[a b]", "x"), "monitoring.prometheusLabels[a b]", `"a b" is not a label key`, "write it as name or domain/name"},
		"label value":       {on("monitoring.prometheusLabels[app]", "x y"), "monitoring.prometheusLabels[app]", `"x y" is not a label value`, "write letters, digits, dashes, dots or underscores, 63 at most,"},
	})
	accept(t, map[string][]change{
		"gateway":         on("edge.kind", "gateway"),
		"route":           on("edge.kind", "route"),
		"shortest scrape": on("monitoring.scrapeInterval", "10s"),
		"longest scrape":  on("monitoring.scrapeInterval", "2m"),
		"monitoring off":  {{"monitoring.enabled", false}, {"redis.exporter", absent}},
	})
}

func TestTopologyRejects(t *testing.T) {
	const name = " is not a DNS name: lower-case letters, digits, dashes and dots"
	reject(t, map[string]bad{
		"no nodes":              {on("topology.nodes", absent), "topology.nodes", "it lists no node, and pods run on nodes", "list the nodes of the cluster"},
		"node no name":          {on("topology.nodes[0].name", "Node 1"), "topology.nodes[0].name", `"Node 1"` + name, "write the name of the node"},
		"node twice":            {on("topology.nodes[1].name", "node-1"), "topology.nodes[1].name", `"node-1" is the name of topology.nodes[0] already`, "rename one of the two"},
		"architecture":          {on("topology.nodes[0].architecture", "x86_64"), "topology.nodes[0].architecture", `"x86_64" is not a value it knows`, "choose one of amd64, arm64"},
		"no cpu":                {on("topology.nodes[0].cpu", absent), "topology.nodes[0].cpu", "it is not set, or zero", "write it as 500m or 2"},
		"memory below zero":     {on("topology.nodes[1].memory", "-1Gi"), "topology.nodes[1].memory", "-1Gi is under the least of 1Mi", "write it as 512Mi or 2Gi"},
		"pods below zero":       {on("topology.nodes[1].pods", -1), "topology.nodes[1].pods", "-1 is under the floor of 1", "raise it to 1 or more"},
		"node label key":        {on("topology.nodes[0].labels[-a]", "x"), "topology.nodes[0].labels[-a]", `"-a" is not a label key`, "write it as name or domain/name"},
		"node label value":      {on("topology.nodes[0].labels[disk]", "fast!"), "topology.nodes[0].labels[disk]", `"fast!" is not a label value`, "write letters, digits, dashes, dots or underscores, 63 at most,"},
		"label of Kubernetes":   {on("topology.nodes[0].labels[kubernetes.io/arch]", "arm64"), "topology.nodes[0].labels[kubernetes.io/arch]", `"arm64" is not what Kubernetes sets there, "amd64"`, "remove it"},
		"taint effect":          {on("topology.nodes[1].taints[0].effect", "Never"), "topology.nodes[1].taints[0].effect", `"Never" is not a value it knows`, "choose one of NoSchedule, PreferNoSchedule, NoExecute"},
		"taint key":             {on("topology.nodes[1].taints[0].key", ""), "topology.nodes[1].taints[0].key", `"" is not a label key`, "write it as name or domain/name"},
		"taint value":           {on("topology.nodes[1].taints[0].value", "a/b"), "topology.nodes[1].taints[0].value", `"a/b" is not a label value`, "write letters, digits, dashes, dots or underscores, 63 at most,"},
		"no storage classes":    {on("topology.storageClasses", []any{}), "topology.storageClasses", "it lists no class, and data needs volumes", "list the storage classes of the cluster"},
		"two default classes":   {on("topology.storageClasses[1].default", true), "topology.storageClasses", "rcp-nas and local-path are each the default, and a cluster has one", "leave default: true on one"},
		"class twice":           {on("topology.storageClasses[1].name", "rcp-nas"), "topology.storageClasses[1].name", `"rcp-nas" is the name of topology.storageClasses[0] already`, "rename one of the two"},
		"class no name":         {on("topology.storageClasses[1].name", "local_path"), "topology.storageClasses[1].name", `"local_path"` + name, "write the name of the storage class"},
		"no controller":         {on("topology.ingressController.namespace", absent), "topology.ingressController.namespace", "empty is not a DNS label: lower-case letters, digits and dashes, 63 characters at most", "write the namespace of the pods that serve the edge"},
		"controller label":      {on("topology.ingressController.labels[app]", "$"), "topology.ingressController.labels[app]", `"$" is not a label value`, "write letters, digits, dashes, dots or underscores, 63 at most,"},
		"no controller, route":  {[]change{{"edge.kind", "route"}, {"topology.ingressController.namespace", "a.b"}}, "topology.ingressController.namespace", `"a.b" is not a DNS label: lower-case letters, digits and dashes, 63 characters at most`, "write the namespace of the pods that serve the edge"},
		"claim of no class":     {on("redis.storageClass", "ssd"), "redis.storageClass", `"ssd" is no class of platform:topology.storageClasses`, "choose one of rcp-nas, local-path"},
		"claim without class":   {on("postgres.storageClass", absent), "postgres.storageClass", "empty is no class of platform:topology.storageClasses", "choose one of rcp-nas, local-path"},
		"archives of no class":  {on("postgres.backup.storageClass", "s3"), "postgres.backup.storageClass", `"s3" is no class of platform:topology.storageClasses`, "choose one of rcp-nas, local-path"},
		"selector without node": {on("worker.nodeSelector[disk]", "slow"), "worker.nodeSelector", "disk=slow matches no node without taints; the nodes are node-1 (amd64, disk=fast), node-2 (arm64, taint gpu:NoSchedule)", "correct it, or label a node in platform:topology.nodes,"},
		"selector of a tainted": {on("frontend.nodeSelector[kubernetes.io/arch]", "arm64"), "frontend.nodeSelector", "kubernetes.io/arch=arm64 matches no node without taints; the nodes are node-1 (amd64, disk=fast), node-2 (arm64, taint gpu:NoSchedule)", "correct it, or label a node in platform:topology.nodes,"},
		"selector of two":       {on("postgres.nodeSelector", map[string]any{"kubernetes.io/os": "linux", "disk": "slow"}), "postgres.nodeSelector", "disk=slow,kubernetes.io/os=linux matches no node without taints; the nodes are node-1 (amd64, disk=fast), node-2 (arm64, taint gpu:NoSchedule)", "correct it, or label a node in platform:topology.nodes,"},
	})
	accept(t, map[string][]change{
		"implicit labels": {
			{"frontend.nodeSelector", map[string]any{"kubernetes.io/arch": "amd64", "kubernetes.io/os": "linux"}},
			{"redis.nodeSelector", map[string]any{"kubernetes.io/hostname": "node-1"}},
		},
		"the label said again": on("topology.nodes[0].labels[kubernetes.io/arch]", "amd64"),
		"soft taint":           {{"topology.nodes[1].taints[0].effect", "PreferNoSchedule"}, {"frontend.nodeSelector[kubernetes.io/arch]", "arm64"}},
		"no default class":     on("topology.storageClasses[0].default", false),
		"any pod of the edge":  on("topology.ingressController.labels", absent),
	})
}

func TestCapacityRejects(t *testing.T) {
	reject(t, map[string]bad{
		"no quota of cpu":     {on("quota.requests.cpu", absent), "quota.requests.cpu", "it is not set, or zero", "write it as 500m or 2"},
		"no quota of pods":    {on("quota.pods", absent), "quota.pods", "0 is under the floor of 1", "raise it to 1 or more"},
		"no quota of storage": {on("quota.storageGiB", 0), "quota.storageGiB", "0 is under the floor of 1", "raise it to 1 or more"},
		"requests cpu":        {on("quota.requests.cpu", "1619m"), "quota.requests.cpu", "the pods want 1620m at most and the quota is 1619m", "raise it to 1620m or ask for less"},
		"requests memory":     {on("quota.requests.memory", "3359Mi"), "quota.requests.memory", "the pods want 3360Mi at most and the quota is 3359Mi", "raise it to 3360Mi or ask for less"},
		"limits cpu":          {on("quota.limits.cpu", "7"), "quota.limits.cpu", "the pods want 7600m at most and the quota is 7", "raise it to 7600m or ask for less"},
		"limits memory":       {on("quota.limits.memory", "9Gi"), "quota.limits.memory", "the pods want 10048Mi at most and the quota is 9Gi", "raise it to 10048Mi or ask for less"},
		"pods":                {on("quota.pods", 11), "quota.pods", "the pods want 12 at most and the quota is 11", "raise it to 12 or ask for less"},
		"storage":             {on("quota.storageGiB", 59), "quota.storageGiB", "the claims want 60Gi and the quota is 59Gi", "raise it to 60 or claim less"},
		"pod larger than any node": {
			[]change{{"postgres.resources.requests.cpu", 9}, {"postgres.resources.limits.cpu", 9}, {"topology.nodes[1].taints", absent}, {"quota.requests.cpu", 20}, {"quota.limits.cpu", 20}},
			"postgres.resources.requests", "a pod wants cpu 9 and memory 1Gi, and no matching node has that; they are node-1 (cpu 8, memory 32Gi), node-2 (cpu 4, memory 16Gi)", "lower them or add a larger node",
		},
		"pod larger than its node": {
			[]change{{"redis.nodeSelector[kubernetes.io/hostname]", "node-2"}, {"topology.nodes[1].taints", absent}, {"topology.nodes[1].memory", "100Mi"}},
			"redis.resources.requests", "a pod wants cpu 120m and memory 160Mi, and no matching node has that; they are node-2 (cpu 4, memory 100Mi)", "lower them or add a larger node",
		},
		"all pods, node by node": {
			[]change{{"topology.nodes[1].taints", absent}, {"topology.nodes[0].cpu", "1170m"}, {"topology.nodes[1].cpu", "450m"}},
			"postgres.backup", "1 of the 1 pods that it has at most find no room beside the others: each wants cpu 100m and memory 128Mi, and left are node-1 (cpu 70m, memory 30208Mi, pods 103), node-2 (cpu 30m, memory 15712Mi, pods 106)",
			"lower its replicas or its requests, or add a node,",
		},
		"all pods on all nodes": {on("topology.nodes[0].cpu", "1600m"), "topology.nodes", "the pods want 1620m cpu at most and the nodes without taints have 1600m", "ask for less or add a node"},
		"room for pods":         {on("topology.nodes[0].pods", 11), "topology.nodes", "the pods want 12 pods at most and the nodes without taints have 11", "ask for less or add a node"},
	})
	_, err := parseChanged(t, on("backend.autoscaling.maxReplicas", 5)...)
	assert.Equal(t, []string{"quota.limits.cpu", "quota.limits.memory", "quota.pods", "quota.requests.cpu", "quota.requests.memory"}, keysOf(t, err))
	accept(t, map[string][]change{
		"nodes just large enough": {{"topology.nodes[0].cpu", "1620m"}, {"topology.nodes[0].memory", "3360Mi"}, {"topology.nodes[0].pods", 12}},
		"no surge from two on":    {{"worker.replicas", 2}},
	})
}

func TestDemandCountsTheMomentOfMost(t *testing.T) {
	for name, tc := range map[string]struct {
		changes []change
		pods    string
	}{
		"fixture":                 {nil, "12"},
		"frontend of one surges":  {on("frontend.replicas", 1), "12"},
		"three frontends":         {on("frontend.replicas", 3), "13"},
		"backend of one surges":   {[]change{{"backend.autoscaling.minReplicas", 1}}, "13"},
		"backend without scaling": {[]change{{"backend.autoscaling", absent}, {"backend.replicas", 1}}, "10"},
		"no backup":               {on("postgres.backup", absent), "11"},
		"managed database":        {[]change{{"postgres", map[string]any{"mode": "managed", "managed": map[string]any{"host": "db.epfl.ch", "cidr": "10.0.0.0/8"}}}}, "10"},
	} {
		quota := map[string]any{"requests": map[string]any{"cpu": 8, "memory": "30Gi"}, "limits": map[string]any{"cpu": 90, "memory": "90Gi"}, "pods": 99, "storageGiB": 99}
		c, err := parseChanged(t, append(tc.changes, change{"quota", quota})...)
		require.NoError(t, err, name)
		_, pods := c.demand()
		assert.Equal(t, tc.pods, pods.String(), name)
	}
}
