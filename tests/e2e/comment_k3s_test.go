//go:build e2e

package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const (
	newer  = "20260301-120000"
	older  = "20260101-120000"
	inCore = "/" + coreNamespace + "/"
)

var bothPlatforms = []any{"linux/amd64", "linux/arm64"}

// hostile is text that would be more than text, were it not escaped.
const hostile = "<img src=x onerror=alert(1)> @octocat **bold** `tick` ```fence [link](https://evil.example) | #1 </details> <!-- platform-review platform -->"

// coreKinds are those of Edd Cloud.
var coreKinds = []kind{
	{
		name: "nothing", verdict: "Safe",
		says:   []string{"Unchanged: `k3s-local` ("},
		silent: append([]string{"| Stack | Verdict |", changes}, parts...),
	},
	{
		name: "image-of-service", verdict: "Safe",
		settings: map[string]any{"platform:services.auth-service.image": "eddisonso/ecloud-auth:" + newer},
		rows:     []row{{"Deployment" + inCore + "auth-service`", "eddisonso/ecloud-auth:20260215-062053 → eddisonso/ecloud-auth:" + newer, "| 1 | no |"}},
		says:     []string{"|  | 1 |  |  |"},
		silent:   []string{atRisk, reachable, capacity},
	},
	{
		name: "image-older", verdict: "Failed",
		settings: map[string]any{"platform:services.auth-service.image": "eddisonso/ecloud-auth:" + older},
		says:     []string{noPlan, "platform:rollback[auth-service] (stack k3s-local)", "20260215-062053 runs, which is newer"},
	},
	{
		// A thousand ports are two lines. Which ones are open is stated beside the policies.
		name: "ports-of-gateway", verdict: "Refused",
		rule:     "load-balancer-opens-what-is-declared",
		settings: map[string]any{"platform:gateway.computePorts": map[string]any{"first": 8001, "last": 8999}},
		says:     []string{"**update** `Service core/gateway`", "+ spec.ports[3…1001]: 999 ports, {name: port-8001, port: 8001, targetPort: 8001} counting on to {name: port-8999, port: 8999, targetPort: 8999}\n"},
		silent:   []string{atRisk, restarts, capacity},
		more:     func(t *testing.T, text string) { assert.Less(t, len(text), 10_000) },
	},
	{
		name: "address-of-gateway", verdict: "Refused",
		settings: map[string]any{"platform:gateway.address": "192.168.3.199"},
		says:     []string{"**update** `Service core/gateway`", "\"192.168.3.200\"\n", "\"192.168.3.199\"\n"},
		rows:     []row{{"Service" + inCore + "gateway`", "address 192.168.3.200 → 192.168.3.199", "blocked until a waiver names it"}},
		silent:   []string{restarts, capacity},
	},
	{
		name: "route", verdict: "Review",
		settings: map[string]any{"platform:services.edd-cloud-docs.routes": []any{map[string]any{"host": "docs.cloud.eddisonso.com"}, map[string]any{"host": "manual.cloud.eddisonso.com"}}},
		rows:     []row{{"Deployment" + inCore + "gateway`", "ConfigMap gateway-routes changes", "| 1 | no |"}},
		says:     []string{"**update** `ConfigMap core/gateway-routes`", "manual.cloud.eddisonso.com"},
		silent:   []string{atRisk, capacity, "Deployment" + inCore + "edd-cloud-docs"},
	},
	{
		// The single server stops, and its claim stays.
		name: "three-servers-of-nats", verdict: "Review",
		settings: map[string]any{"platform:nats.replicas": 3, "platform:nats.nodeSelector": map[string]any{"backend": "true"}},
		rows:     []row{{"Deployment" + inCore + "nats`", "nothing runs any more", "| none | **▲ yes** |"}, {"`storage`", "+15Gi"}},
		says:     []string{"StatefulSet core/nats"},
		silent:   []string{atRisk},
	},
	{
		name: "pool", verdict: "Safe",
		settings: map[string]any{"platform:metallb.pools": []any{map[string]any{"name": "compute-pool", "addresses": []any{"192.168.3.140-192.168.3.200"}}}},
		says:     []string{"**update** `IPAddressPool metallb-system/compute-pool`", "- spec.addresses[0]: \"192.168.3.150-192.168.3.200\"\n+ spec.addresses[0]: \"192.168.3.140-192.168.3.200\"\n"},
		silent:   []string{atRisk, restarts, capacity},
	},
	{
		name: "pool-renamed", verdict: "Refused",
		settings: map[string]any{"platform:metallb.pools": []any{map[string]any{"name": "other-pool", "addresses": []any{"192.168.3.150-192.168.3.200"}}}},
		rows:     []row{{"IPAddressPool/metallb-system/compute-pool`", "**deleted**", "blocked until a waiver names it"}},
		says:     []string{atRisk},
	},
	{
		name: "image-of-chunkservers", verdict: "Safe",
		settings: map[string]any{"platform:gfs.chunkserver.image": "eddisonso/ecloud-gfs:" + newer},
		rows:     []row{{"DaemonSet" + inCore + "gfs-chunkserver`", "eddisonso/ecloud-gfs:" + newer, "| one a node | no |"}},
		silent:   []string{atRisk, reachable, capacity, "Deployment" + inCore + "gfs-master"},
	},
	{
		// Its data lie in a folder of one node.
		name: "image-of-master", verdict: "Review",
		settings: map[string]any{"platform:gfs.master.image": "eddisonso/ecloud-gfs:" + newer},
		rows:     []row{{"Deployment" + inCore + "gfs-master`", "eddisonso/ecloud-gfs:" + newer, "| 1 | **▲ yes** |"}},
		silent:   []string{atRisk, reachable, capacity, "DaemonSet" + inCore},
	},
	{
		name: "standby", verdict: "Review",
		settings: map[string]any{"platform:postgres.servers.postgres.role": "replica", "platform:postgres.servers.postgres.enabled": true},
		says:     []string{"`Deployment core/postgres`", "- spec.replicas: 0\n+ spec.replicas: 1\n", "`Service core/postgres-replica`"},
		silent:   []string{atRisk},
	},
	{
		name:     "two-writers",
		settings: map[string]any{"platform:postgres.servers.postgres.enabled": true},
		verdict:  "Failed",
		says:     []string{"platform:postgres.servers", "(stack k3s-local)"},
	},
	{
		name: "server-gone", verdict: "Refused",
		settings: map[string]any{"platform:postgres.servers.postgres": json.RawMessage("null")}, // that its base has
		rows:     []row{{"PersistentVolumeClaim" + inCore + "postgres-data`", "**deleted**", "its data", "blocked until a waiver names it"}},
		says:     []string{atRisk},
		silent:   []string{"`PersistentVolumeClaim" + inCore + "postgres-replica-data`"},
	},
	{
		name: "database-new", verdict: "Review",
		settings: map[string]any{"platform:postgres.databases": []any{
			map[string]any{"name": "auth_db", "role": "auth_svc", "secret": "auth-db-credentials"},
			map[string]any{"name": "compute_db", "role": "compute_svc", "secret": "compute-db-credentials"},
			map[string]any{"name": "sfs_db", "role": "sfs_svc", "secret": "sfs-db-credentials"},
			map[string]any{"name": "notifications_db", "role": "notifications_svc", "secret": "notification-db-credentials"},
			map[string]any{"name": "wiki_db", "role": "wiki_svc", "secret": "wiki-db-credentials"},
		}},
		says:   []string{"**create**", "Secret core/wiki-db-credentials", "`Job core/postgres-init-"},
		silent: []string{atRisk, "Deployment" + inCore + "auth-service"},
	},
	{
		name: "nodes-of-service", verdict: "Review",
		settings: map[string]any{"platform:services.log-service.nodeSelector": map[string]any{"core-services": "true", "gfs-master": "true"}},
		rows:     []row{{"Deployment" + inCore + "log-service`", "nodeSelector"}, {"`amd64`", "`cpu`", "+"}, {"`arm64`", "`cpu`", "−"}},
		silent:   []string{atRisk, reachable},
	},
	{
		name:    "node-gone",
		program: func(_ *testing.T, c *checkout) { c.withoutNode("k3s-local", "rp1") },
		verdict: "Failed",
		says:    []string{"platform:haproxy.nodeSelector (stack k3s-local)", "db-role=replica matches no node"},
	},
	{
		name: "replicas", verdict: "Safe",
		settings: map[string]any{"platform:services.edd-compute.replicas": 3},
		says:     []string{"- spec.replicas: 2\n+ spec.replicas: 3\n"},
		silent:   []string{atRisk, restarts, reachable},
	},
	{
		name: "rights", verdict: "Refused",
		rule: "role-grants-what-is-listed",
		program: replaceIn("components/services/access.go", `{Groups: []string{""}, Resources: []string{"pods/log"}, Verbs: []string{"get"}},`,
			`{Groups: []string{""}, Resources: []string{"pods/log"}, Verbs: []string{"get", "delete"}},`),
		says:   []string{"**update** `ClusterRole", "+ rules[3].verbs[1]: delete\n"},
		silent: []string{atRisk, restarts, capacity},
	},
	{
		name: "ports-of-nodes", verdict: "Refused",
		rule:     "reachability-is-as-stated",
		settings: map[string]any{"platform:hostPolicy.ports": []any{22, 6443, 10250, 9100}},
		says:     []string{"`GlobalNetworkPolicy allow-host-chunkserver`", "9100"},
		silent:   []string{atRisk, restarts, capacity},
	},
	{
		name: "network-of-nodes", verdict: "Review", // the stack file says so itself
		settings: map[string]any{"platform:topology.nodeNetwork": "192.168.0.0/15"},
		rows:     []row{{"`192.169.0.0/16`", "postgres-replica`", "TCP 5432"}},
		says:     []string{reachable, "`NetworkPolicy core/core-isolation`"},
		silent:   []string{atRisk, capacity},
	},
	{
		name: "certificate-of-somebody-else", verdict: "Review",
		settings: map[string]any{"platform:tls": map[string]any{"source": "existing"}},
		says:     []string{"**delete**", "Certificate core/eddisonso-wildcard-tls", "ClusterIssuer letsencrypt-cloudflare"},
		silent:   []string{restarts, capacity},
	},
	{
		name: "service-new", verdict: "Review",
		settings: map[string]any{"platform:services.wiki": map[string]any{
			"image": "eddisonso/ecloud-wiki:20261101-101500", "platforms": bothPlatforms, "nodeSelector": map[string]any{"backend": "true"}, "port": 8080,
			"routes": []any{map[string]any{"host": "wiki.cloud.eddisonso.com"}},
		}},
		rows:   []row{{"Deployment" + inCore + "gateway`", "ConfigMap gateway-routes changes"}, {"`arm64`", "`cpu`", "+25m"}, {"wiki", "TCP 8080"}},
		says:   []string{"Deployment core/wiki", "Service core/wiki"},
		silent: []string{atRisk},
	},
	{
		name: "service-gone", verdict: "Review",
		settings: map[string]any{"platform:services.alerting-service": nil},
		says:     []string{"**delete**", "Deployment core/alerting-service"},
		silent:   []string{atRisk},
	},
	{
		name: "setting-of-service", verdict: "Review",
		settings: map[string]any{"platform:services.log-service.env": map[string]any{"THEME": "dark"}},
		rows:     []row{{"Deployment" + inCore + "log-service`", "log-service: env THEME"}},
		says:     []string{"THEME", "dark"},
		silent:   []string{atRisk, reachable, capacity},
	},
	{
		name: "hostile-text", verdict: "Review",
		settings: map[string]any{"platform:services.log-service.env": map[string]any{"NOTE": hostile + "\n" + hostile}},
		rows:     []row{{"Deployment" + inCore + "log-service`", "log-service: env NOTE"}},
		more:     staysText,
	},
	{
		name: "secret-new", verdict: "Review",
		settings: map[string]any{"platform:credentials": map[string]any{"wiki-token": []any{"TOKEN"}}},
		says:     []string{"**create** `Secret core/wiki-token`", "+ data: [secret]\n"},
		silent:   []string{atRisk, restarts, reachable, capacity},
	},
	{
		name: "image-cleanup", verdict: "Safe",
		settings: map[string]any{"platform:imageCleanup.schedule": "0 4 * * *"},
		says:     []string{"**update** `CronJob core/image-cleanup`", "0 3 * * *", "0 4 * * *"},
		silent:   append([]string{}, parts...),
	},
	{
		name: "claim-class", verdict: "Refused",
		settings: map[string]any{
			"platform:topology.storageClasses":           []any{map[string]any{"name": "local-path", "provisioner": "rancher.io/local-path", "default": true}, map[string]any{"name": "other-path", "provisioner": "rancher.io/local-path"}},
			"platform:postgres.servers.postgres-replica": map[string]any{"role": "promoted", "enabled": true, "nodeSelector": map[string]any{"db-role": "replica"}, "storageGiB": 5, "storageClass": "other-path"},
		},
		rows: []row{
			{"PersistentVolumeClaim" + inCore + "postgres-replica-data`", "**replaced**", "spec.storageClassName", "its data", "blocked until a waiver names it"},
			{"Deployment" + inCore + "postgres-replica`", "goes with its data"},
		},
		says: []string{atRisk},
	},
	{
		name: "port-of-master", verdict: "Review",
		settings: map[string]any{"platform:gfs.master.nodePort": 30901},
		rows:     []row{{"DaemonSet" + inCore + "gfs-chunkserver`"}},
		says:     []string{"30900", "30901", "Service core/gfs-master"},
		silent:   []string{atRisk, capacity},
	},
}

// coreProtectedKinds are changes to the stack whose data are protected.
var coreProtectedKinds = []kind{
	{
		name: "protected-server-gone", verdict: "Refused",
		chance:   true,
		settings: map[string]any{"platform:postgres.servers.postgres": json.RawMessage("null")}, // that its base has
		rows:     []row{{"Deployment" + inCore + "postgres`", "**deleted**", "its claim postgres-data"}},
		says:     []string{atRisk, "its protection is off", "**▲ Not everything is known**"},
		silent:   []string{noPlan, "pulumi state unprotect"},
	},
}

// coreRotated is a password that is new, and in no Secret yet.
var coreRotated = kind{
	name: "secret-rotated", verdict: "Review",
	rows:   []row{{"Deployment" + inCore + "auth-service`", "Secret auth-db-credentials changes", "| 1 | no |"}},
	says:   []string{"! data.DATABASE_URL: [secret changed]\n! data.PASSWORD: [secret changed]\n", "`Job core/postgres-init-"},
	silent: []string{atRisk, reachable, capacity, "Deployment" + inCore + "edd-compute"},
}

// staysText looks for what hostile text would have to be to do anything: it
// stands in code alone, between fences longer than its own.
func staysText(t *testing.T, text string) {
	inside := ""
	for line := range strings.Lines(text) {
		fence := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case inside == "" && len(fence) > 2:
			inside = fence
			assert.Greater(t, len(fence), len("```"), "longer than the fence in the text")
		case inside != "" && strings.TrimSuffix(line, "\n") == inside:
			inside = ""
		case inside == "":
			for _, never := range []string{"onerror", "@octocat", "evil.example"} {
				assert.NotContains(t, line, never, "outside of code")
			}
		default:
			assert.Regexp(t, `^[-+! ] `, line, "a line of a diff begins with its sign")
		}
	}
	assert.Empty(t, inside, "the last fence is closed")
	assert.Contains(t, text, "onerror", "it is reported all the same")
	assert.Equal(t, strings.Count(text, "<details>"), len(known.FindAllString(text, -1))+1)
	assert.True(t, strings.HasPrefix(text, "<!-- platform-review platform -->\n"))
}
