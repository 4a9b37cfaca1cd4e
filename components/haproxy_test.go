package components_test

import (
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/postgres"
)

func TestHAProxyRegistersWhatItNeeds(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error {
		made, err := postgres.NewHAProxy(ctx, "haproxy", haproxyArgs())
		if err == nil {
			assert.NotNil(t, made.Deployment)
		}
		return err
	})
	assert.ElementsMatch(t, []string{"ConfigMap haproxy", "ServiceAccount haproxy", "Deployment haproxy", "Service haproxy"}, resources.names())
	assert.Equal(t, "haproxy", dig(resources.one(t, "Service").Inputs, "metadata", "name"))
	deployment, pod := resources.one(t, "Deployment"), resources.pod(t, "Deployment")
	assert.Equal(t, 1.0, dig(deployment.Inputs, "spec", "replicas"))
	assert.Equal(t, 0.0, dig(deployment.Inputs, "spec", "strategy", "rollingUpdate", "maxUnavailable"), "the old pod serves until the new one is ready")
	assert.Equal(t, 99.0, dig(pod, "spec", "securityContext", "runAsUser"))
	assert.Equal(t, map[string]any{"db-role": "replica"}, dig(pod, "spec", "nodeSelector"))
	assert.Equal(t, "/usr/local/etc/haproxy", mountOf(containers(pod)["haproxy"], "config"))
	assert.Equal(t, map[string]any{"NAMESPACE": "metadata.namespace"}, environment(containers(pod)["haproxy"]))
}

// The figures are open to whoever may reach the pod, and to nobody through the
// Service.
func TestHAProxyServesClientsAlone(t *testing.T) {
	resources := run(t, registering("haproxy", postgres.NewHAProxy, haproxyArgs()))
	proxy := containers(resources.pod(t, "Deployment"))["haproxy"]
	ports := map[any]any{}
	for _, port := range list(proxy, "ports") {
		ports[dig(port, "name")] = dig(port, "containerPort")
	}
	assert.Equal(t, map[any]any{"postgres": 5432.0, "stats": 8404.0}, ports)
	served := list(resources.one(t, "Service").Inputs, "spec", "ports")
	require.Len(t, served, 1)
	assert.Equal(t, 5432.0, dig(served[0], "port"))
	assert.Equal(t, "postgres", dig(served[0], "targetPort"))
	assert.Equal(t, "/ready", dig(proxy, "readinessProbe", "httpGet", "path"))
	assert.Equal(t, "/live", dig(proxy, "livenessProbe", "httpGet", "path"), "a restart of HAProxy heals no database")
}

func proxyConf(t *testing.T, args postgres.HAProxyArgs) string {
	t.Helper()
	return dig(run(t, registering("haproxy", postgres.NewHAProxy, args)).one(t, "ConfigMap").Inputs, "data", "haproxy.cfg").(string)
}

// Times, frontend and connections are those of the cluster.
func TestHAProxyKeepsWhatIsObserved(t *testing.T) {
	conf := proxyConf(t, haproxyArgs())
	for _, line := range []string{
		"maxconn 1000", "mode tcp", "bind :5432", "timeout connect 5s", "timeout client 30s", "timeout server 30s",
	} {
		assert.Contains(t, conf, "    "+line+"\n")
	}
	assert.Contains(t, conf, "check inter 3s fastinter 1s fall 3 rise 2")
	assert.Contains(t, conf, "on-marked-down shutdown-sessions")
}

func TestHAProxyNamesEachServerOnce(t *testing.T) {
	servers := regexp.MustCompile(`(?m)^    server .*$`)
	assert.Equal(t, []string{
		`    server postgres "postgres.${NAMESPACE}.svc.cluster.local:5432"`,
		`    server postgres-replica "postgres-replica.${NAMESPACE}.svc.cluster.local:5432"`,
	}, servers.FindAllString(proxyConf(t, haproxyArgs()), -1))
	one := haproxyArgs()
	one.Servers = []string{"postgres"}
	assert.Len(t, servers.FindAllString(proxyConf(t, one), -1), 1)
	revision := func(args postgres.HAProxyArgs) any {
		return dig(run(t, registering("haproxy", postgres.NewHAProxy, args)).pod(t, "Deployment"), "metadata", "annotations", "platform/revision")
	}
	assert.NotEqual(t, revision(one), revision(haproxyArgs()), "a changed list is read at start")
}

// What the check says and hears, spelled as PostgreSQL's manual writes it.
func TestHAProxySpeaksPostgreSQL(t *testing.T) {
	spell := func(parts ...string) string {
		return hex.EncodeToString([]byte(strings.Join(parts, "")))
	}
	conf := proxyConf(t, haproxyArgs())
	order := []string{
		"send-binary " + spell("\x00\x00\x00\x2e", "\x00\x03\x00\x00", "user\x00haproxy_check\x00", "database\x00postgres\x00", "\x00"),
		"send-binary " + spell("X", "\x00\x00\x00\x04"),
		"expect binary " + spell("R", "\x00\x00\x00\x08", "\x00\x00\x00\x00"),
		"expect binary " + spell("S", "\x00\x00\x00\x17", "in_hot_standby\x00", "off\x00"),
	}
	for i, line := range order {
		require.Contains(t, conf, "    tcp-check "+line+" ")
		if i > 0 {
			assert.Less(t, strings.Index(conf, order[i-1]), strings.Index(conf, line))
		}
	}
}

func TestHAProxyLeavesTheServerConnections(t *testing.T) {
	number := func(pattern, text string) int {
		found := regexp.MustCompile(pattern).FindStringSubmatch(text)
		require.NotNil(t, found, pattern)
		value, err := strconv.Atoi(found[1])
		require.NoError(t, err)
		return value
	}
	sessions := number(`shutdown-sessions maxconn (\d+)`, proxyConf(t, haproxyArgs()))
	connections := number(`max_connections = (\d+)`, configured(t, promotedArgs(), "postgres-replica", "postgresql.conf"))
	assert.Equal(t, 90, sessions)
	assert.Equal(t, 10, connections-sessions)
}

// A stop ends listening first, then sessions, then the pod.
func TestHAProxyStopsInOrder(t *testing.T) {
	resources := run(t, registering("haproxy", postgres.NewHAProxy, haproxyArgs()))
	pod := resources.pod(t, "Deployment")
	assert.Equal(t, 5.0, dig(containers(pod)["haproxy"], "lifecycle", "preStop", "sleep", "seconds"))
	assert.Contains(t, proxyConf(t, haproxyArgs()), "hard-stop-after 45s\n")
	assert.Greater(t, dig(pod, "spec", "terminationGracePeriodSeconds"), 50.0)
}
