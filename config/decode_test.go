package config

import (
	"encoding/json"
	"maps"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"
)

func TestValidFixture(t *testing.T) {
	c, err := parseChanged(t)
	require.NoError(t, err)
	assert.Equal(t, "co2-calculator-prod", c.Namespace())
	assert.True(t, c.Protect)
	assert.Equal(t, netip.MustParsePrefix("192.168.0.0/16"), c.Backend.Egress[0].Except[1])
	assert.Equal(t, resource.MustParse("8"), c.Topology.Nodes[0].CPU, "a quantity may be a number")
	assert.Equal(t, "ingress-nginx", c.Topology.IngressController.Labels["app.kubernetes.io/name"])
	assert.Empty(t, c.Validate(testStack))
}

func TestDecodeRejects(t *testing.T) {
	reject(t, map[string]bad{
		"misspelt part":          {on("edgee", map[string]any{"host": "a.b"}), "edgee", "no such key", "did you mean edge? rename it"},
		"misspelt case":          {on("redis.storageGib", 5), "redis.storageGib", "no such key", "did you mean storageGiB? rename it"},
		"misspelt in list":       {on("topology.nodes[1].architectur", "x"), "topology.nodes[1].architectur", "no such key", "did you mean architecture? rename it"},
		"unlike anything":        {on("secrets.vault", "x"), "secrets.vault", "no such key", "use one of delivery, infisical, source or remove it"},
		"string for int":         {on("postgres.storageGiB", "50"), "postgres.storageGiB", `"50" is a string, and this key holds a whole number`, "write a whole number without quotes"},
		"fraction for int":       {on("frontend.replicas", 2.5), "frontend.replicas", "2.5 is not a whole number", "write a whole number"},
		"too large for int":      {on("frontend.replicas", json.Number("1e99")), "frontend.replicas", "1e99 is not a whole number", "write a whole number"},
		"boolean for int":        {on("quota.pods", true), "quota.pods", "true is a boolean, and this key holds a whole number", "write a whole number"},
		"string for bool":        {on("backend.autoscaling.enabled", "true"), "backend.autoscaling.enabled", `"true" is a string, and this key holds true or false`, "write true or false without quotes"},
		"word for top bool":      {on("protect", "yes"), "protect", `"yes" is a string, and this key holds true or false`, "write true or false without quotes"},
		"number for text":        {on("postgres.image", 16), "postgres.image", "16 is a number, and this key holds text", "put it in quotes"},
		"number for label":       {on("topology.nodes[0].labels[zone]", 1), "topology.nodes[0].labels[zone]", "1 is a number, and this key holds text", "put it in quotes"},
		"text for object":        {on("redis", "none"), "redis", `"none" is a string, and this key holds an object`, "write an object of keys and values"},
		"list for object":        {on("edge", []any{}), "edge", "this is a list, and this key holds an object", "write an object of keys and values"},
		"object for list":        {on("backend.egress", map[string]any{"a": 1}), "backend.egress", "this is an object, and this key holds a list", "write a list"},
		"object for quantity":    {on("quota.requests.cpu", map[string]any{"cores": 1}), "quota.requests.cpu", "this is an object, and this key holds a quantity", "write it as 500m, 2 or 512Mi"},
		"no quantity":            {on("worker.resources.limits.memory", "1 gigabyte"), "worker.resources.limits.memory", `"1 gigabyte" is not a quantity`, "write it as 500m, 2 or 512Mi"},
		"endless quantity":       {on("quota.limits.cpu", "1e999999999"), "quota.limits.cpu", `"1e999999999" is not a quantity`, "write it as 500m, 2 or 512Mi"},
		"no network":             {on("backend.egress[0].cidr", "10.0.0.0"), "backend.egress[0].cidr", `"10.0.0.0" is not a network`, "write it as 10.0.0.0/8"},
		"number for network":     {on("backend.egress[0].except[1]", 10), "backend.egress[0].except[1]", "10 is a number, and this key holds a network", "write it as 10.0.0.0/8"},
		"no duration":            {on("monitoring.scrapeInterval", "often"), "monitoring.scrapeInterval", `"often" is not a duration`, "write it as 30s or 5m"},
		"duration without unit":  {on("monitoring.scrapeInterval", 30), "monitoring.scrapeInterval", "30 is a number, and this key holds a duration", "write it as 30s or 5m"},
		"page pasted as a value": {on("quota.pods", strings.Repeat("é", 99)), "quota.pods", `"` + strings.Repeat("é", 60) + `…" is a string, and this key holds a whole number`, "write a whole number without quotes"},
	})
}

func TestIntegersMayArriveAsFloats(t *testing.T) {
	c, err := parseChanged(t, on("postgres.storageGiB", json.Number("50.0"))...)
	require.NoError(t, err)
	assert.Equal(t, 50, c.Postgres.StorageGiB)
}

func TestDurationIsParsed(t *testing.T) {
	c, err := parseChanged(t, on("monitoring.scrapeInterval", "1m30s")...)
	require.NoError(t, err)
	assert.Equal(t, 90*time.Second, c.Monitoring.ScrapeInterval)
}

// Errors of decoding and of validation, of many parts, come together.
func TestErrorsComeAllAtOnce(t *testing.T) {
	_, err := parseChanged(t,
		change{"environment", "Prod!"}, change{"frontend.image", "nginx"}, change{"frontend.replicas", "2"},
		change{"redis.storageGib", 3}, change{"topology.nodes[0].cpu", "lots"}, change{"topology.nodes[1].architecture", "sparc"},
		change{"postgres.user", "postgres"}, change{"quota.pods", 3}, change{"edge.host", "localhost"},
	)
	assert.Equal(t, []string{
		"edge.host", "environment", "frontend.image", "frontend.replicas", "postgres.user", "quota.pods",
		"redis.storageGib", "topology.nodes[0].cpu", "topology.nodes[1].architecture",
	}, keysOf(t, err))
	assert.ErrorContains(t, err, "9 errors in the configuration of stack prod:\n")
}

// A key that could not be decoded is reported once, not again as missing.
func TestWrongTypeIsNotAlsoMissing(t *testing.T) {
	_, err := parseChanged(t, on("topology", 3)...)
	assert.Equal(t, []string{"topology"}, keysOf(t, err))
	_, err = parseChanged(t, change{"redis.storageGiB", absent}, change{"redis.storageGib", 3})
	assert.Equal(t, []string{"redis.storageGib"}, keysOf(t, err))
	_, err = parseChanged(t, change{"redis.storageGiB", 0}, change{"redis.storageGib", 3})
	assert.Equal(t, []string{"redis.storageGiB", "redis.storageGib"}, keysOf(t, err), "both are there: neither follows from the other")
	_, err = parseChanged(t, change{"cluster", absent}, change{"secrets.source", "fixed"}, change{"render.directory", 3})
	assert.Equal(t, []string{"render.directory"}, keysOf(t, err), "rendering needs no cluster")
	_, err = parseChanged(t, on("postgres", map[string]any{"mode": 3, "managed": map[string]any{"host": "db.epfl.ch"}})...)
	assert.Equal(t, []string{"postgres.mode"}, keysOf(t, err), "what belongs to a mode depends on it")
}

func TestEmptyConfigurationAsksForWhatHasNoDefault(t *testing.T) {
	_, err := Parse[EPFL](testStack, nil)
	assert.Subset(t, keysOf(t, err), []string{
		"environment", "cluster.context", "secrets.source", "topology.nodes", "topology.storageClasses",
		"topology.ingressController.namespace", "frontend.image", "backend.image", "backend.oauth.clientId", "worker.replicas",
		"redis.image", "redis.storageGiB", "postgres.image", "postgres.storageGiB", "edge.host", "quota.pods",
	})
}

func TestFromEnvironment(t *testing.T) {
	flat := map[string]string{"pulumi:tags": "{}"}
	for key, value := range raw(t, fixture(t, epflFixture)) {
		flat[Namespace+":"+key] = value
	}
	setenv := func(t *testing.T, secret ...string) {
		t.Helper()
		content, err := json.Marshal(flat)
		require.NoError(t, err)
		keys, err := json.Marshal(secret)
		require.NoError(t, err)
		t.Setenv(pulumi.EnvConfig, string(content))
		t.Setenv(pulumi.EnvConfigSecretKeys, string(keys))
	}
	t.Run("valid", func(t *testing.T) {
		setenv(t)
		c, err := FromEnvironment[EPFL](testStack, "")
		require.NoError(t, err)
		want, err := parseChanged(t)
		require.NoError(t, err)
		assert.Equal(t, want, c)
	})
	t.Run("secret of the engine", func(t *testing.T) {
		setenv(t, "pulumi:tags")
		_, err := FromEnvironment[EPFL](testStack, "")
		assert.NoError(t, err)
	})
	t.Run("secret of ours is not quoted", func(t *testing.T) {
		original := maps.Clone(flat)
		defer func() { flat = original }()
		flat["platform:edge"] = `{"host": "hunter2", "unheard": "hunter2"}`
		flat["platform:protect"] = credential
		flat["platform:unheard"] = credential
		setenv(t, "platform:edge", "platform:protect", "platform:unheard")
		_, err := FromEnvironment[EPFL](testStack, "")
		assert.Equal(t, []string{"edge", "protect", "unheard"}, keysOf(t, err))
		assert.NotContains(t, err.Error(), credential)
	})
	t.Run("not from the engine", func(t *testing.T) {
		t.Setenv(pulumi.EnvConfig, credential)
		_, err := FromEnvironment[EPFL](testStack, "")
		require.ErrorContains(t, err, "PULUMI_CONFIG is not what the engine writes")
		assert.NotContains(t, err.Error(), credential)
	})
}

func TestParseYAML(t *testing.T) {
	for name, tc := range map[string]struct{ content, want string }{
		"no YAML":        {"config: {", "Pulumi.prod.yaml: it is not valid YAML"},
		"key twice":      {"config:\n  a: 1\n  a: 2\n", "already defined at line 2"},
		"no map":         {"config: 3", "Pulumi.prod.yaml: it has no map under config"},
		"without prefix": {"config: {edgee: {}}", "platform:edgee (stack prod): no such key; did you mean edge?"},
	} {
		_, err := ParseYAML[EPFL](testStack, []byte(tc.content))
		assert.ErrorContains(t, err, tc.want, name)
	}
	_, err := ParseFile[EPFL](testStack, "testdata/none.yaml")
	assert.ErrorContains(t, err, "configuration of stack prod")
}

// The decoder knows nothing of the one platform.
func TestDecodeAnotherPlatform(t *testing.T) {
	type other struct {
		Name    string            `key:"name"`
		Count   int               `key:"count"`
		CPU     resource.Quantity `key:"cpu"`
		Enabled *bool             `key:"enabled"`
		Pools   []*struct {
			From netip.Prefix `key:"from"`
		} `key:"pools"`
	}
	found := &collector{stack: testStack}
	got := &other{}
	decode(source{values: map[string]string{
		"name": "edd", "count": "3", "cpu": "500m", "enabled": "false", "pools": `[{"from": "10.0.0.0/8"}, {"form": 1}]`, "contt": "1",
	}}, got, found)
	assert.Equal(t, 3, got.Count)
	assert.Equal(t, resource.MustParse("500m"), got.CPU)
	require.NotNil(t, got.Enabled)
	assert.False(t, *got.Enabled)
	assert.Equal(t, netip.MustParsePrefix("10.0.0.0/8"), got.Pools[0].From)
	assert.Equal(t, []string{"contt", "pools[1].form"}, keysOf(t, found.problems.sorted().Err()))
}
