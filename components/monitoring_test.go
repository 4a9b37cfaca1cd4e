package components_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components"
)

// monRecorder remembers what a program registers.
type monRecorder struct {
	mu        sync.Mutex
	resources map[string]monResource // by type and name
}

type monResource struct {
	inputs map[string]any
	parent string
}

func (r *monRecorder) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	parent := ""
	if args.RegisterRPC != nil {
		parent = args.RegisterRPC.GetParent()
	}
	r.resources[args.TypeToken+" "+args.Name] = monResource{inputs: args.Inputs.Mappable(), parent: parent}
	return args.Name + "-id", args.Inputs, nil
}

func (r *monRecorder) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return resource.PropertyMap{}, nil
}

// monRun registers a monitoring under a recorder.
func monRun(args components.MonitoringArgs) (*monRecorder, error) {
	recorder := &monRecorder{resources: map[string]monResource{}}
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		_, err := components.NewMonitoring(ctx, "monitoring", args)
		return err
	}, pulumi.WithMocks("platform", "prod", recorder))
	return recorder, err
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
		Postgres: true, Host: "co2calculator.epfl.ch", TLSSecret: "co2calculator-tls",
	}
}

func TestMonitoringFaults(t *testing.T) {
	for name, tc := range map[string]struct {
		mutate func(*components.MonitoringArgs)
		want   string // "" means accepted
	}{
		"valid":            {func(*components.MonitoringArgs) {}, ""},
		"no app":           {func(a *components.MonitoringArgs) { a.App = "" }, "app: is missing"},
		"no environment":   {func(a *components.MonitoringArgs) { a.Environment = "" }, "environment: is missing"},
		"no namespace":     {func(a *components.MonitoringArgs) { a.Namespace = "" }, "namespace: is missing"},
		"namespace fits":   {func(a *components.MonitoringArgs) { a.Namespace = strings.Repeat("n", 25) }, ""},
		"long namespace":   {func(a *components.MonitoringArgs) { a.Namespace = strings.Repeat("n", 26) }, "shorten it"},
		"no host":          {func(a *components.MonitoringArgs) { a.Host = "" }, "host: is missing"},
		"host is a URL":    {func(a *components.MonitoringArgs) { a.Host = "https://co2calculator.epfl.ch" }, "is no DNS name"},
		"scrapes too fast": {func(a *components.MonitoringArgs) { a.ScrapeInterval = 9 * time.Second }, "scrapeInterval: 9s"},
		"scrapes at 10 s":  {func(a *components.MonitoringArgs) { a.ScrapeInterval = 10 * time.Second }, ""},
		"scrapes too slow": {func(a *components.MonitoringArgs) { a.ScrapeInterval = 121 * time.Second }, "scrapeInterval: 2m1s"},
		"odd interval":     {func(a *components.MonitoringArgs) { a.ScrapeInterval = 10500 * time.Millisecond }, "scrapeInterval: 10.5s"},
		"no targets":       {func(a *components.MonitoringArgs) { a.Targets = nil }, "targets: is empty"},
		"no port":          {func(a *components.MonitoringArgs) { a.Targets[1].PortName = "" }, `targets[1]: app "redis" and port ""`},
		"relative path":    {func(a *components.MonitoringArgs) { a.Targets[1].Path = "metrics" }, "write /metrics"},
		"target twice":     {func(a *components.MonitoringArgs) { a.Targets[1].App = "backend" }, `targets[1]: app "backend" is there twice`},
		"no deployments":   {func(a *components.MonitoringArgs) { a.Deployments = []string{} }, "deployments: an empty list"},
		"users with query": {func(a *components.MonitoringArgs) { a.ActiveUsersMetric = "sum(users)" }, `metric: "sum(users)" is no metric name`},
		"tasks with label": {func(a *components.MonitoringArgs) { a.TaskDurationMetric = `t{a="b"}` }, "give the bare name"},
	} {
		t.Run(name, func(t *testing.T) {
			args := monArgs()
			tc.mutate(&args)
			recorder, err := monRun(args)
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
			assert.ErrorContains(t, err, `monitoring "monitoring"`)
			assert.Empty(t, recorder.resources)
		})
	}
}

func TestMonitoringJoinsFaults(t *testing.T) {
	err := components.MonitoringArgs{}.Validate()
	for _, want := range []string{"app", "environment", "namespace", "host", "targets"} {
		assert.ErrorContains(t, err, want+":")
	}
}

func TestMonitoringLeavesArgumentsAlone(t *testing.T) {
	args := monArgs()
	_, err := monRun(args)
	require.NoError(t, err)
	assert.Equal(t, monArgs(), args)
}

func TestMonitoringChildren(t *testing.T) {
	recorder, err := monRun(monArgs())
	require.NoError(t, err)
	component := "platform:components:Monitoring monitoring"
	children := []string{
		"kubernetes:monitoring.coreos.com/v1:PodMonitor monitoring-backend",
		"kubernetes:monitoring.coreos.com/v1:PodMonitor monitoring-redis",
		"kubernetes:monitoring.coreos.com/v1:PrometheusRule monitoring",
		"kubernetes:core/v1:ConfigMap monitoring-application-overview",
		"kubernetes:core/v1:ConfigMap monitoring-infrastructure-health",
		"kubernetes:core/v1:ConfigMap monitoring-database-performance",
	}
	assert.Len(t, recorder.resources, len(children)+1)
	require.Contains(t, recorder.resources, component)
	for _, child := range children {
		require.Contains(t, recorder.resources, child)
		got := recorder.resources[child]
		assert.Contains(t, got.parent, "platform:components:Monitoring", child)
		metadata := got.inputs["metadata"].(map[string]any)
		assert.Equal(t, "co2-calculator-prod", metadata["namespace"], child)
		assert.Subset(t, metadata["labels"], map[string]any{"release": "prometheus"}, child)
	}
}

func TestMonitoringScrapesByLabelApp(t *testing.T) {
	args := monArgs()
	args.ScrapeInterval = 90 * time.Second
	recorder, err := monRun(args)
	require.NoError(t, err)
	got := recorder.resources["kubernetes:monitoring.coreos.com/v1:PodMonitor monitoring-redis"].inputs["spec"]
	assert.Equal(t, map[string]any{
		"selector": map[string]any{"matchLabels": map[string]any{"app": "redis", "app.kubernetes.io/instance": "co2-calculator"}},
		"podMetricsEndpoints": []any{map[string]any{
			"port": "metrics", "path": "/scrape", "interval": "90s",
			"relabelings": []any{map[string]any{"targetLabel": "job", "replacement": "co2-calculator-redis"}},
		}},
	}, got)
}

func TestMonitoringFollowsTheNamespace(t *testing.T) {
	args := monArgs()
	args.NamespaceOutput = pulumi.String("made-before").ToStringOutput()
	recorder, err := monRun(args)
	require.NoError(t, err)
	for name, got := range recorder.resources {
		if metadata, ok := got.inputs["metadata"].(map[string]any); ok {
			assert.Equal(t, "made-before", metadata["namespace"], name)
		}
	}
}
