package mutation

const groupMonitoring = "monitoring"

var monitorKinds = []string{"PodMonitor", "ServiceMonitor"}

var monitoring = []Operator{
	{Group: groupMonitoring, Name: "the monitor", Kinds: monitorKinds},
	{Group: groupMonitoring, Name: "selector", Kinds: monitorKinds, At: "spec selector", Do: []Change{set(map[string]any{"matchLabels": map[string]any{"app": "nobody"}})}},
	{Group: groupMonitoring, Name: "namespaceSelector", Kinds: monitorKinds, At: "spec namespaceSelector", Do: []Change{set(map[string]any{"any": true})}},
	{Group: groupMonitoring, Name: "port", Kinds: monitorKinds, At: "spec podMetricsEndpoints|endpoints * port", Do: []Change{other, removed}},
	{Group: groupMonitoring, Name: "the alerts", Kinds: []string{"PrometheusRule"}},
	{Group: groupMonitoring, Name: "severity", Kinds: []string{"PrometheusRule"}, At: "spec groups * rules * labels severity", Do: []Change{removed, set("whatever")}},
	{Group: groupMonitoring, Name: "wait", Kinds: []string{"PrometheusRule"}, At: "spec groups * rules * for", Do: []Change{removed}},
}
