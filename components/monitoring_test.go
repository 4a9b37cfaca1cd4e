package components_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components"
)

// monitored is what a monitoring registers.
func monitored(t *testing.T, args components.MonitoringArgs) record {
	t.Helper()
	return run(t, registering("monitoring", components.NewMonitoring, args))
}

// monArgs are the arguments of production, less what has a default.
func monArgs() components.MonitoringArgs {
	return components.MonitoringArgs{
		App: "co2-calculator", Environment: "prod", Namespace: "co2-calculator-prod",
		Labels:      map[string]string{"app.kubernetes.io/part-of": "co2-calculator", "release": "prometheus"},
		MatchLabels: map[string]string{"app.kubernetes.io/instance": "co2-calculator"},
		Targets: []components.ScrapeTarget{
			{App: "backend", PortName: "http"},
			{App: "redis", PortName: "metrics", Path: "/scrape"},
		},
		Postgres: true, BackupAge: 28 * time.Hour, Host: "co2calculator.epfl.ch", TLSSecret: "co2calculator-tls",
	}
}

func TestMonitoringFaults(t *testing.T) {
	type m = components.MonitoringArgs
	refuses(t, monArgs, registers("monitoring", components.NewMonitoring), map[string]fault[m]{
		"no app":           {func(a *m) { a.App = "" }, `monitoring "monitoring": app: is missing`},
		"no environment":   {func(a *m) { a.Environment = "" }, "environment: is missing"},
		"no namespace":     {func(a *m) { a.Namespace = "" }, "namespace: is missing"},
		"namespace fits":   {func(a *m) { a.Namespace = strings.Repeat("n", 25) }, ""},
		"long namespace":   {func(a *m) { a.Namespace = strings.Repeat("n", 26) }, "shorten it"},
		"no host":          {func(a *m) { a.Host = "" }, "host: is missing"},
		"host is a URL":    {func(a *m) { a.Host = "https://co2calculator.epfl.ch" }, "is no DNS name"},
		"scrapes too fast": {func(a *m) { a.ScrapeInterval = 9 * time.Second }, "scrapeInterval: 9s"},
		"scrapes at 10 s":  {func(a *m) { a.ScrapeInterval = 10 * time.Second }, ""},
		"scrapes too slow": {func(a *m) { a.ScrapeInterval = 121 * time.Second }, "scrapeInterval: 2m1s"},
		"odd interval":     {func(a *m) { a.ScrapeInterval = 10500 * time.Millisecond }, "scrapeInterval: 10.5s"},
		"no targets":       {func(a *m) { a.Targets = nil }, "targets: is empty"},
		"no port":          {func(a *m) { a.Targets[1].PortName = "" }, `targets[1]: app "redis" and port ""`},
		"relative path":    {func(a *m) { a.Targets[1].Path = "metrics" }, "write /metrics"},
		"target twice":     {func(a *m) { a.Targets[1].App = "backend" }, `targets[1]: app "backend" is there twice`},
		"no deployments":   {func(a *m) { a.Deployments = []string{} }, "deployments: an empty list"},
		"users with query": {func(a *m) { a.ActiveUsersMetric = "sum(users)" }, `metric: "sum(users)" is no metric name`},
		"tasks with label": {func(a *m) { a.TaskDurationMetric = `t{a="b"}` }, "give the bare name"},
	})
}

func TestMonitoringJoinsFaults(t *testing.T) {
	err := components.MonitoringArgs{}.Validate()
	for _, want := range []string{"app", "environment", "namespace", "host", "targets"} {
		assert.ErrorContains(t, err, want+":")
	}
}

func TestMonitoringLeavesArgumentsAlone(t *testing.T) {
	args := monArgs()
	monitored(t, args)
	assert.Equal(t, monArgs(), args)
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
		assert.Equal(t, "co2-calculator-prod", dig(got.Inputs, "metadata", "namespace"), got.Name)
		assert.Subset(t, dig(got.Inputs, "metadata", "labels"), map[string]any{"release": "prometheus"}, got.Name)
	}
}

func TestMonitoringScrapesByLabelApp(t *testing.T) {
	args := monArgs()
	args.ScrapeInterval = 90 * time.Second
	got := monitored(t, args).one(t, "PodMonitor", "monitoring-redis").Inputs["spec"]
	assert.Equal(t, map[string]any{
		"selector": map[string]any{"matchLabels": map[string]any{"app": "redis", "app.kubernetes.io/instance": "co2-calculator"}},
		"podMetricsEndpoints": []any{map[string]any{
			"port": "metrics", "path": "/scrape", "interval": "90s",
			"relabelings": []any{map[string]any{"action": "replace", "targetLabel": "job", "replacement": "co2-calculator-redis"}},
		}},
	}, got)
}

func TestMonitoringFollowsTheNamespace(t *testing.T) {
	args := monArgs()
	args.NamespaceOutput = pulumi.String("made-before").ToStringOutput()
	for _, got := range monitored(t, args) {
		if got.Custom {
			assert.Equal(t, "made-before", dig(got.Inputs, "metadata", "namespace"), got.Name)
		}
	}
}
