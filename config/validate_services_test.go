package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// docs is a valid service.
func docs(changes map[string]any) map[string]any {
	service := map[string]any{
		"image": "ghcr.io/epfl-enac/epfl/co2-calculator/docs:v1.0.0", "port": 8080, "user": 101, "path": "/docs",
		"resources": map[string]any{
			"requests": map[string]any{"cpu": "10m", "memory": "16Mi"},
			"limits":   map[string]any{"cpu": "20m", "memory": "32Mi"},
		},
	}
	for key, value := range changes {
		service[key] = value
	}
	return service
}

// withDocs adds the service and room for it in the quota.
func withDocs(name string, changes map[string]any) []change {
	return []change{
		{"services", map[string]any{name: docs(changes)}},
		{"quota.pods", 40},
		{"quota.requests.cpu", 6},
		{"quota.requests.memory", "20Gi"},
		{"quota.limits.cpu", 30},
		{"quota.limits.memory", "40Gi"},
	}
}

func TestServiceIsAccepted(t *testing.T) {
	c, err := parseChanged(t, withDocs("docs", map[string]any{
		"reaches": []any{"backend", "postgres"}, "env": map[string]any{"LANG": "C"}, "writable": []any{"/tmp"},
	})...)
	require.NoError(t, err)
	assert.Equal(t, DefaultServiceReplicas, c.Services["docs"].Replicas)
}

func TestBadServices(t *testing.T) {
	reject(t, map[string]bad{
		"no label": {
			withDocs("Docs", nil), "services[Docs]",
			`"Docs" is not a DNS label: lower-case letters, digits and dashes, 63 characters at most`, "choose a name such as docs",
		},
		"taken name": {
			withDocs("backend", nil), "services[backend]",
			`"backend" is the name of a part of the platform`, "choose a name such as docs",
		},
		"long name": {
			withDocs("a-name-that-leaves-no-room-for-what-follows", nil), "services[a-name-that-leaves-no-room-for-what-follows]",
			`"a-name-that-leaves-no-room-for-what-follows" has 43 characters; its objects' names leave it 40`, "choose a name such as docs",
		},
		"image without version": {
			withDocs("docs", map[string]any{"image": "docs"}), "services[docs].image",
			`"docs" names no version`, "pin it as repository:tag or repository@digest",
		},
		"privileged port": {
			withDocs("docs", map[string]any{"port": 80}), "services[docs].port",
			"80 is outside the range 1024 to 65535", "choose one within it",
		},
		"root": {
			withDocs("docs", map[string]any{"user": 0}), "services[docs].user",
			"0 is root or none, and pods here do not run as root", "write the UID that the image runs as",
		},
		"user beyond": {
			withDocs("docs", map[string]any{"user": 1 << 31}), "services[docs].user",
			"2147483648 is over 2147483647, the most that Kubernetes takes", "write the UID that the image runs as",
		},
		"reference": {
			withDocs("docs", map[string]any{"env": map[string]any{"NOTE": "see $(HOME) there"}}), "services[docs].env[NOTE]",
			"Kubernetes puts the value of a variable in the place of $(NAME)", "write $$(NAME) for the text $(NAME)",
		},
		"reference behind another": {
			withDocs("docs", map[string]any{"env": map[string]any{"NOTE": "$$(A) and $(B)"}}), "services[docs].env[NOTE]",
			"Kubernetes puts the value of a variable in the place of $(NAME)", "write $$(NAME) for the text $(NAME)",
		},
		"two dollars": {
			withDocs("docs", map[string]any{"env": map[string]any{"NOTE": "pa$$word"}}), "services[docs].env[NOTE]",
			"Kubernetes makes one $ of two", "write it without $$, or keep it in a Secret, of which nothing is replaced,",
		},
		"negative replicas": {
			withDocs("docs", map[string]any{"replicas": -1}), "services[docs].replicas",
			"-1 is under the floor of 1", "raise it to 1 or more",
		},
		"health path": {
			withDocs("docs", map[string]any{"healthPath": "healthz"}), "services[docs].healthPath",
			`"healthz" does not start with a slash`, "write /healthz",
		},
		"path of the frontend": {
			withDocs("docs", map[string]any{"path": "/"}), "services[docs].path",
			`"/" leads to the backend or the frontend`, "choose another, such as /docs",
		},
		"path of the backend": {
			withDocs("docs", map[string]any{"path": "/api/"}), "services[docs].path",
			`"/api/" leads to the backend or the frontend`, "choose another, such as /docs",
		},
		"variable": {
			withDocs("docs", map[string]any{"env": map[string]any{"A B": "x"}}), "services[docs].env[A B]",
			`"A B" is not the name of a variable`, "write letters, digits and underscores",
		},
		"relative folder": {
			withDocs("docs", map[string]any{"writable": []any{"tmp"}}), "services[docs].writable[0]",
			`"tmp" is no absolute path of a folder below the root`, "write a folder such as /tmp",
		},
		"folder twice": {
			withDocs("docs", map[string]any{"writable": []any{"/tmp", "/tmp"}}), "services[docs].writable[1]",
			`"/tmp" is listed already`, "remove one of the two",
		},
		"reaches nothing": {
			withDocs("docs", map[string]any{"reaches": []any{"mongo"}}), "services[docs].reaches[0]",
			`"mongo" is nothing that can be reached`, "use one of backend, redis, postgres, docs",
		},
		"reaches itself": {
			withDocs("docs", map[string]any{"reaches": []any{"docs"}}), "services[docs].reaches[0]",
			`"docs" is the service itself`, "remove it",
		},
		"reaches twice": {
			withDocs("docs", map[string]any{"reaches": []any{"redis", "redis"}}), "services[docs].reaches[1]",
			`"redis" is listed already`, "remove one of the two",
		},
		"node selector": {
			withDocs("docs", map[string]any{"nodeSelector": map[string]any{"disk": "none"}}), "services[docs].nodeSelector",
			`disk=none matches no node without taints; the nodes are node-1 (amd64, disk=fast), node-2 (arm64, taint gpu:NoSchedule)`,
			"correct it, or label a node in platform:topology.nodes,",
		},
		"dns port": {
			on("topology.dns.port", 70000), "topology.dns.port",
			"70000 is outside the range 1 to 65535", "choose one within it",
		},
		"dns at a cloud": {
			on("topology.dns.addresses", []any{"169.254.20.10", "169.254.169.254"}), "topology.dns.addresses[1]",
			"at 169.254.169.254 clouds hand out credentials", "write the address at which the nodes answer, such as 169.254.20.10",
		},
		"dns twice": {
			on("topology.dns.addresses", []any{"169.254.20.10", "169.254.20.10"}), "topology.dns.addresses[1]",
			"169.254.20.10 is listed already", "remove one of the two",
		},
		"dns at home": {
			on("topology.dns.addresses", []any{"127.0.0.1"}), "topology.dns.addresses[0]",
			"127.0.0.1 is none that pods can ask", "write an address such as 169.254.20.10",
		},
		"dns namespace": {
			on("topology.dns.namespace", "Kube"), "topology.dns.namespace",
			`"Kube" is not a DNS label: lower-case letters, digits and dashes, 63 characters at most`,
			"write the namespace of the cluster's DNS, such as kube-system",
		},
	})
}

func TestTwoServicesOnOnePath(t *testing.T) {
	changes := withDocs("docs", nil)
	changes[0].value = map[string]any{"docs": docs(nil), "guide": docs(map[string]any{"path": "/docs/"})}
	_, err := parseChanged(t, changes...)
	require.ErrorContains(t, err, `platform:services[guide].path (stack prod): "/docs/" leads to service docs already`)
}

func TestServiceCountsTowardsTheQuota(t *testing.T) {
	changes := withDocs("docs", map[string]any{"replicas": 60})
	_, err := parseChanged(t, changes...)
	assert.Contains(t, keysOf(t, err), "quota.pods")
}

// What Kubernetes leaves alone, or takes back to what was meant.
func TestVariablesThatKubernetesLeavesAlone(t *testing.T) {
	for _, value := range []string{"costs $5", "$", "$$(HOME)", "a$(b", "100%", "$HOME ${HOME}"} {
		_, err := parseChanged(t, withDocs("docs", map[string]any{"env": map[string]any{"NOTE": value}})...)
		assert.NoError(t, err, value)
	}
}
