package rules

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/config"
	"platform/policy/pack"
	"platform/tests/policytest"
)

// Whoever changes a setting of a stack file edits no policy: what the pack knows
// of the environment, it has from there.
func TestSettingsOfAStackFileNeedNoWordToThePack(t *testing.T) {
	for name, tc := range map[string]struct {
		stack  string
		as     string         // another name for the stack; empty keeps its own
		change map[string]any // by path below config; nil removes
	}{
		"ingress controller":          {"prod", "", map[string]any{"platform:topology/ingressController": map[string]any{"namespace": "edge", "labels": map[string]any{"app": "traefik"}}}},
		"monitoring":                  {"prod", "", map[string]any{"platform:monitoring/namespace": "observability", "platform:monitoring/prometheusLabels": map[string]any{"app": "prom"}}},
		"DNS":                         {"prod", "", map[string]any{"platform:topology/dns": map[string]any{"namespace": "openshift-dns", "labels": map[string]any{"dns": "default"}, "port": 5353}}},
		"controller by its namespace": {"prod", "", map[string]any{"platform:topology/ingressController": map[string]any{"namespace": "edge", "labels": nil}}},
		"egress of the backend":       {"prod", "", map[string]any{"platform:backend/egress": []any{way("0.0.0.0/0", 587), way("128.178.0.0/16", 636), way("10.3.0.0/16", 25)}}},
		"egress of the worker":        {"prod", "", map[string]any{"platform:worker/egress": []any{way("0.0.0.0/0", 443), way("10.3.0.0/16", 8080)}}},
		"managed database": {"prod", "", map[string]any{
			"platform:postgres": map[string]any{"mode": "managed", "database": "co2", "user": "co2", "managed": map[string]any{"host": "db.epfl.ch", "port": 6432, "cidr": "128.178.7.0/24"}},
		}},
		"managed database inside": {"prod", "", map[string]any{
			"platform:postgres": map[string]any{"mode": "managed", "database": "co2", "user": "co2", "managed": map[string]any{"host": "db.epfl.ch", "port": 6432, "cidr": "10.3.7.0/24"}},
		}},
		"storage classes": {"prod", "", map[string]any{
			"platform:topology/storageClasses": []any{map[string]any{"name": "ceph", "provisioner": "rbd.csi.ceph.com", "default": true}},
			"platform:postgres/storageClass":   "ceph", "platform:postgres/backup/storageClass": "ceph", "platform:redis/storageClass": "ceph",
		}},
		"edge class":           {"prod", "", map[string]any{"platform:edge/class": "traefik"}},
		"issuer":               {"prod", "", map[string]any{"platform:edge/issuer": "sectigo"}},
		"edge host":            {"prod", "", map[string]any{"platform:edge/host": "co2.example.org"}},
		"compute ports":        {"k3s", "", map[string]any{"platform:gateway/computePorts": map[string]any{"first": 8100, "last": 8299}}},
		"name of a pool":       {"k3s", "", map[string]any{"platform:metallb/pools": []any{map[string]any{"name": "edge", "addresses": []any{"192.168.3.150-192.168.3.200"}}}}},
		"a second pool":        {"k3s", "", map[string]any{"platform:metallb/pools": []any{pool("edge", "192.168.3.190-192.168.3.200"), pool("more", "192.168.3.150-192.168.3.160")}}},
		"advertisement":        {"k3s", "", map[string]any{"platform:metallb/advertisement": "announce"}},
		"one service scaled":   {"k3s", "", map[string]any{"platform:services/auth-service/replicas": 2}},
		"gateway scaled":       {"k3s", "", map[string]any{"platform:gateway/replicas": 2}},
		"a service scaled in":  {"k3s", "", map[string]any{"platform:services/edd-cloud-docs/replicas": 1}},
		"a service removed":    {"k3s", "", map[string]any{"platform:services/alerting-service": nil}},
		"a port of the nodes":  {"k3s", "", map[string]any{"platform:hostPolicy": map[string]any{"ports": []any{22, 6443, 10250, 9100}}}},
		"networks":             {"k3s", "", map[string]any{"platform:topology/podNetwork": "10.52.0.0/16"}},
		"folders of the nodes": {"k3s", "", map[string]any{"platform:gfs/master/hostPath": "/srv/gfs", "platform:gfs/chunkserver/hostPath": "/mnt/chunks"}},
		"certificate of others": {"k3s", "", map[string]any{
			"platform:tls": map[string]any{"source": "existing", "secret": "wildcard-of-it"},
		}},
		"another registry, with a reason": {"prod", "", map[string]any{
			"platform:redis/image": "quay.io/epfl/redis:7.4-alpine",
			"platform:policy": map[string]any{"image-comes-from-allowed-registry": map[string]any{
				"reason": "EPFL mirrors images at Quay", "parameters": map[string]any{"allowed": []any{"quay.io/epfl", "ghcr.io/epfl-enac", "docker.io/library", "docker.io/oliver006/redis_exporter"}},
			}},
		}},
		"limits of a large node": {"prod", "", map[string]any{"platform:backend/resources/limits": map[string]any{"cpu": 12, "memory": "40Gi"}, "platform:quota/limits": map[string]any{"cpu": 200, "memory": "600Gi"}}},
		"quota":                  {"prod", "", map[string]any{"platform:quota": map[string]any{"requests": map[string]any{"cpu": 200, "memory": "400Gi"}, "limits": map[string]any{"cpu": 400, "memory": "800Gi"}, "pods": 500, "storageGiB": 5000}}},
		"storage":                {"prod", "", map[string]any{"platform:postgres/storageGiB": 2000, "platform:quota/storageGiB": 5000}},
		"room for files":         {"prod", "", map[string]any{"platform:backend/files": map[string]any{"sizeMiB": 8192}}},
		"another environment":    {"prod", "", map[string]any{"platform:environment": "qa"}},
		"a new stack":            {"prod", "qa", map[string]any{"platform:environment": "qa"}},
		"a new stack of k3s":     {"k3s", "k3s-staging", map[string]any{"platform:environment": "staging"}},
		"domain": {"k3s", "", map[string]any{
			"platform:domain": "edd.example.org", "platform:gateway/acmeEmail": "admin@edd.example.org", "platform:tls/email": "admin@edd.example.org",
		}},
		"hosts of the certificate":     {"k3s", "", map[string]any{"platform:tls/hosts": []any{"eddisonso.com", "*.eddisonso.com", "*.cloud.eddisonso.com", "*.lab.eddisonso.com"}}},
		"another namespace":            {"k3s", "", map[string]any{"platform:gateway/sshSecretNamespace": "core", "platform:metallb/namespace": "load-balancing", "platform:topology/loadBalancer/namespace": "load-balancing"}},
		"a service with the internet":  {"prod", "", map[string]any{"platform:services": map[string]any{"docs": service(map[string]any{"egress": []any{way("0.0.0.0/0", 443)}})}}},
		"a service with the mail host": {"prod", "", map[string]any{"platform:services": map[string]any{"docs": service(map[string]any{"egress": []any{way("128.178.1.0/24", 587)}})}}},
	} {
		t.Run(name, func(t *testing.T) {
			as := tc.stack
			if tc.as != "" {
				as = tc.as
			}
			for _, finding := range broken(t, changed(t, tc.stack, as, tc.change), as) {
				t.Error(finding)
			}
		})
	}
}

// A parameter that no rule has would be derived for nothing.
func TestParametersAreThoseOfRules(t *testing.T) {
	for _, stack := range config.Stacks() {
		cfg, err := config.ReadFile(stack, filepath.Join("..", "..", "Pulumi."+stack+".yaml"))
		require.NoError(t, err)
		p, err := For(cfg)
		require.NoError(t, err)
		for name, parameters := range p.Parameters {
			at := slices.IndexFunc(p.Rules, func(rule pack.Rule) bool { return rule.Name == name })
			require.GreaterOrEqual(t, at, 0, name)
			for parameter, value := range parameters {
				require.IsType(t, p.Rules[at].Parameters[parameter], value, "%s of %s", parameter, name)
			}
		}
	}
}

// What no setting may break, none does.
func TestSettingsCannotBreakWhatIsStated(t *testing.T) {
	for name, tc := range map[string]struct {
		stack  string
		change map[string]any
		want   string
	}{
		"a registry without a reason": {"prod", map[string]any{"platform:redis/image": "quay.io/epfl/redis:7.4-alpine"}, "image-comes-from-allowed-registry"},
		"nodes without a kubelet":     {"k3s", map[string]any{"platform:hostPolicy": map[string]any{"ports": []any{22, 6443}}}, "reachability-is-as-stated"},
		"the metadata address":        {"prod", map[string]any{"platform:backend/egress": []any{map[string]any{"name": "all", "cidr": "0.0.0.0/0", "port": 443}}}, "policy-keeps-the-metadata-address-closed"},
		"data without protection":     {"prod", map[string]any{"platform:protect": false}, "data-is-protected"},
	} {
		t.Run(name, func(t *testing.T) {
			found := strings.Join(broken(t, changed(t, tc.stack, tc.stack, tc.change), tc.stack), "\n")
			require.Contains(t, found, tc.want)
		})
	}
}

func way(cidr string, port int) map[string]any {
	one := map[string]any{"name": "port-" + strconv.Itoa(port), "cidr": cidr, "port": port}
	if cidr == "0.0.0.0/0" {
		one["except"] = []any{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"}
	}
	return one
}

func pool(name, addresses string) map[string]any {
	return map[string]any{"name": name, "addresses": []any{addresses}}
}

func service(more map[string]any) map[string]any {
	all := map[string]any{
		"image": "ghcr.io/epfl-enac/epfl/co2-calculator/docs:9ea47cf58fb14164140c4a92314e82d2a0be8456", "replicas": 2, "port": 8080, "user": 101,
		"resources": map[string]any{"requests": map[string]any{"cpu": "50m", "memory": "64Mi"}, "limits": map[string]any{"cpu": "100m", "memory": "64Mi"}},
	}
	for key, value := range more {
		all[key] = value
	}
	return all
}

// changed is a folder with a copy of a stack's file, under another name and with
// other settings.
func changed(t *testing.T, stack, as string, change map[string]any) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "Pulumi."+stack+".yaml"))
	require.NoError(t, err)
	var content map[string]map[string]any
	require.NoError(t, yaml.Unmarshal(text, &content))
	for path, value := range change {
		at := content["config"]
		steps := strings.Split(path, "/")
		for _, step := range steps[:len(steps)-1] {
			inner, is := at[step].(map[string]any)
			if !is {
				inner = map[string]any{}
				at[step] = inner
			}
			at = inner
		}
		last := steps[len(steps)-1]
		if value == nil {
			require.Contains(t, at, last)
			delete(at, last)
		} else {
			at[last] = value
		}
	}
	text, err = yaml.Marshal(content)
	require.NoError(t, err)
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "Pulumi."+as+".yaml"), text, 0o600))
	return folder
}

// broken is what stops a deployment of a stack.
func broken(t *testing.T, folder, stack string) []string {
	t.Helper()
	cfg, objects := policytest.Objects(t, folder, stack)
	p, err := For(cfg)
	require.NoError(t, err)
	var all []string
	for _, f := range p.CheckAll(&pack.Stack{Name: stack, Objects: objects}) {
		at := slices.IndexFunc(p.Rules, func(rule pack.Rule) bool { return rule.Name == f.Rule })
		if f.Except == "" && (p.Rules[at].Level == apitype.Mandatory || f.Kind == pack.Broken) {
			all = append(all, f.Rule+", "+f.Subject+", "+f.Path+": "+f.Why)
		}
	}
	return all
}
