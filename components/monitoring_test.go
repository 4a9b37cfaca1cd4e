package components_test

import (
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components/monitoring"
	"platform/config"
)

// monitored is what a monitoring registers.
func monitored(t *testing.T, args monitoring.Args) record {
	t.Helper()
	return run(t, registering("monitoring", monitoring.New, args))
}

// monArgs are the arguments of production.
func monArgs() monitoring.Args {
	a := app()
	a.Environment, a.Namespace = "prod", pulumi.String("made-before").ToStringOutput()
	return monitoring.Args{App: a, EPFL: &config.EPFL{
		Environment: "prod",
		Edge:        config.Edge{Host: "co2calculator.epfl.ch", TLSSecret: "co2calculator-tls"},
		Worker:      config.Worker{Kind: config.WorkerCelery},
		Postgres: config.Postgres{
			Mode: config.PostgresStatefulSet, Backup: config.Backup{Enabled: true, Schedule: "15 2 * * *"},
		},
		Monitoring: config.Monitoring{Enabled: true, ScrapeInterval: 30 * time.Second},
	}}
}

func TestMonitoringChildren(t *testing.T) {
	resources := monitored(t, monArgs())
	assert.ElementsMatch(t, []string{
		"PodMonitor monitoring-backend",
		"PodMonitor monitoring-redis",
		"PrometheusRule monitoring",
		"ConfigMap monitoring-application-overview",
		"ConfigMap monitoring-infrastructure-health",
		"ConfigMap monitoring-database-performance",
	}, resources.names())
	assert.Len(t, resources, 7, "and the component")
	for _, got := range resources {
		if !got.Custom {
			assert.Equal(t, "platform:components:Monitoring monitoring", got.Type+" "+got.Name)
			continue
		}
		assert.Contains(t, got.Parent, "platform:components:Monitoring", got.Name)
		assert.Equal(t, "made-before", dig(got.Inputs, "metadata", "namespace"), got.Name)
		assert.Equal(t, "monitoring", dig(got.Inputs, "metadata", "labels", "app"), got.Name)
	}
}

func TestMonitoringScrapesByLabelApp(t *testing.T) {
	args := monArgs()
	args.Monitoring.ScrapeInterval = 90 * time.Second
	got := monitored(t, args).one(t, "PodMonitor", "monitoring-redis").Inputs["spec"]
	assert.Equal(t, map[string]any{
		"selector": map[string]any{"matchLabels": map[string]any{"app": "redis", "app.kubernetes.io/instance": "co2-calculator"}},
		"podMetricsEndpoints": []any{map[string]any{
			"port": "metrics", "path": "/metrics", "interval": "90s",
			"relabelings": []any{map[string]any{"action": "replace", "targetLabel": "job", "replacement": "co2-calculator-redis"}},
		}},
	}, got)
}
