package config

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/yaml"
)

func load(t *testing.T, stack string) *EPFL {
	t.Helper()
	c, err := ParseFile[EPFL](stack, "../"+stackFile(stack))
	require.NoError(t, err)
	return c
}

func TestEveryStackFileIsValid(t *testing.T) {
	for stack := range platforms {
		p, err := ReadFile(stack, "../"+stackFile(stack))
		require.NoError(t, err)
		if c, ok := p.(*EPFL); ok {
			assert.Equal(t, stack, c.Environment, "a file copied from another stack would reach into that one's namespace")
		}
	}
	files, err := filepath.Glob("../Pulumi.*.yaml")
	require.NoError(t, err)
	assert.Len(t, files, len(platforms), "a stack file has no platform: %s", files)
}

func TestPlatformOfAStack(t *testing.T) {
	p, err := PlatformOf("k3s")
	require.NoError(t, err)
	assert.IsType(t, &EddCloud{}, p)
	p, err = PlatformOf("dev")
	require.NoError(t, err)
	assert.IsType(t, &EPFL{}, p)
	_, err = PlatformOf("moon")
	require.EqualError(t, err, `stack "moon": is not one of dev, k3s, k3s-local, local, prod, staging; select one of them`)
	_, err = ReadFile("moon", "../Pulumi.dev.yaml")
	require.ErrorContains(t, err, `stack "moon"`)
	_, err = ReadFile("dev", "../Pulumi.moon.yaml")
	require.ErrorContains(t, err, "configuration of stack dev")
	p, err = ReadFile("dev", "../Pulumi.k3s.yaml")
	assert.Nil(t, p)
	require.ErrorContains(t, err, "platform:domain (stack dev): no such key")
}

func TestPlatformsShareTheirTarget(t *testing.T) {
	for stack, namespace := range map[string]string{"dev": "co2-calculator-dev", "k3s": "core", "k3s-local": "core"} {
		p, err := ReadFile(stack, "../"+stackFile(stack))
		require.NoError(t, err)
		assert.Equal(t, namespace, p.Namespace())
		assert.NotEmpty(t, p.Shared().Cluster.Context)
		p.Shared().Cluster.UID = "x"
		assert.Len(t, p.Validate(stack), 1, "what is shared is the tree's own")
	}
}

func TestProjectIsNamedAfterTheNamespace(t *testing.T) {
	content, err := os.ReadFile("../Pulumi.yaml")
	require.NoError(t, err)
	var project struct {
		Name    string
		Runtime struct {
			Name    string
			Options map[string]any
		}
	}
	require.NoError(t, yaml.Unmarshal(content, &project))
	assert.Equal(t, Namespace, project.Name, "the engine gives keys without namespace the project's name")
	assert.Equal(t, "go", project.Runtime.Name)
	assert.Equal(t, "bin/platform", project.Runtime.Options["buildTarget"])
}

func TestStacksDifferWhereTheyMust(t *testing.T) {
	local, dev, staging, prod := load(t, "local"), load(t, "dev"), load(t, "staging"), load(t, "prod")
	assert.Equal(t, []string{"co2-calculator-dev.epfl.ch", "co2-calculator-stage.epfl.ch", "co2calculator.epfl.ch"},
		[]string{dev.Edge.Host, staging.Edge.Host, prod.Edge.Host})
	assert.Equal(t, []bool{false, false, true, true}, []bool{local.Protect, dev.Protect, staging.Protect, prod.Protect})
	assert.Equal(t, "platform-local", local.Cluster.Context)
	assert.Equal(t, SourceGenerated, local.Secrets.Source)
	for _, c := range []*EPFL{dev, staging, prod} {
		assert.Equal(t, SourceInfisical, c.Secrets.Source, c.Environment)
	}
	for _, smaller := range []*EPFL{local, dev, staging} {
		assert.Less(t, smaller.Quota.Requests.CPU.MilliValue(), prod.Quota.Requests.CPU.MilliValue(), smaller.Environment)
		assert.Less(t, smaller.Postgres.StorageGiB, prod.Postgres.StorageGiB, smaller.Environment)
	}
	assert.True(t, local.Backend.Autoscaling.Enabled && local.Postgres.Backup.Enabled && local.Monitoring.Enabled,
		"the local stack exercises every part")
	for _, c := range []*EPFL{local, staging, prod} {
		assert.GreaterOrEqual(t, min(c.Frontend.Replicas, c.Backend.Replicas), 2, "%s has a disruption budget to try", c.Environment)
	}
}

// amounts writes figures as the platform's description has them.
func amounts(cpu, memory string) Amounts {
	return Amounts{CPU: resource.MustParse(cpu), Memory: resource.MustParse(memory)}
}

// The figures are those of the page "Infrastructure Overview" of the
// co2-calculator's documentation, last updated on November 11, 2025, sections
// Kubernetes Resources, Ingress, Configuration Management, Storage and Scaling.
func TestProductionCarriesThePublishedFigures(t *testing.T) {
	c := load(t, "prod")
	for name, tc := range map[string]struct {
		got              Resources
		requests, limits Amounts
	}{
		"frontend": {c.Frontend.Resources, amounts("100m", "128Mi"), amounts("500m", "256Mi")},
		"backend":  {c.Backend.Resources, amounts("200m", "512Mi"), amounts("1000m", "1Gi")},
		"worker":   {c.Worker.Resources, amounts("200m", "512Mi"), amounts("1000m", "2Gi")},
		"redis":    {c.Redis.Resources, amounts("100m", "256Mi"), amounts("500m", "512Mi")},
		"postgres": {c.Postgres.Resources, amounts("500m", "1Gi"), amounts("2000m", "4Gi")},
	} {
		for _, kind := range amountKinds {
			got, want := kind.of(tc.got.Requests), kind.of(tc.requests)
			assert.Zero(t, got.Cmp(want), "%s requests %s: %s, want %s", name, kind.name, got.String(), want.String())
			got, want = kind.of(tc.got.Limits), kind.of(tc.limits)
			assert.Zero(t, got.Cmp(want), "%s limits %s: %s, want %s", name, kind.name, got.String(), want.String())
		}
	}
	assert.Equal(t, 2, c.Frontend.Replicas)
	assert.Equal(t, 3, c.Backend.Replicas)
	assert.Equal(t, 2, c.Worker.Replicas)
	assert.Equal(t, Autoscaling{Enabled: true, MinReplicas: 3, MaxReplicas: 10, CPUPercent: 70, MemoryPercent: 80}, c.Backend.Autoscaling)
	assert.Equal(t, LogLevel("INFO"), c.Backend.LogLevel)
	assert.Equal(t, PostgresStatefulSet, c.Postgres.Mode)
	assert.Equal(t, 50, c.Postgres.StorageGiB)
	assert.Equal(t, "rcp-nas", c.Postgres.StorageClass)
	assert.Equal(t, "co2calculator", c.Postgres.Database)
	assert.Equal(t, Edge{
		Kind: EdgeIngress, Host: "co2calculator.epfl.ch", Class: "nginx", Issuer: "letsencrypt-prod", TLSSecret: "co2calculator-tls",
	}, c.Edge)
	assert.Equal(t, "co2-calculator-prod", c.Namespace())
	names := []string{}
	for _, class := range c.Topology.StorageClasses {
		names = append(names, class.Name)
		assert.Equal(t, class.Name == "rcp-nas", class.Default)
	}
	assert.Equal(t, []string{"rcp-nas", "local-path"}, names)
}

func TestImageKeysNameEveryImage(t *testing.T) {
	assert.Equal(t, []string{"backend.image", "frontend.image", "postgres.image", "redis.exporter.image", "redis.image"},
		slices.Sorted(maps.Keys(load(t, "local").ImageKeys())))
	c, err := parseChanged(t, append(without(WorkerNone), withDocs("docs", nil)...)...)
	require.NoError(t, err)
	assert.Equal(t, []string{"backend.image", "frontend.image", "postgres.image", "services[docs].image"}, slices.Sorted(maps.Keys(c.ImageKeys())))
	core, err := parseCore(t)
	require.NoError(t, err)
	keys := core.ImageKeys()
	assert.Equal(t, core.Gateway.Image, keys["gateway.image"])
	assert.Equal(t, core.Postgres.Image, keys["postgres.image"])
	for name, service := range core.Services {
		assert.Equal(t, service.Image, keys["services["+name+"].image"])
	}
}
