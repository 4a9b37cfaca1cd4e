package components

import (
	"fmt"
	"strings"
)

// Dashboard is a Grafana dashboard, as Grafana's JSON has it.
type Dashboard struct {
	Name          string     `json:"-"` // of its ConfigMap, after grafana-dashboard-
	UID           string     `json:"uid"`
	Title         string     `json:"title"`
	Tags          []string   `json:"tags"`
	Links         []Link     `json:"links"`
	Timezone      string     `json:"timezone"`
	Refresh       string     `json:"refresh"`
	Editable      bool       `json:"editable"`
	SchemaVersion int        `json:"schemaVersion"`
	Time          TimeRange  `json:"time"`
	Templating    Templating `json:"templating"`
	Panels        []Panel    `json:"panels"`
}

// Link leads from a dashboard to a page.
type Link struct {
	Title       string `json:"title"`
	Type        string `json:"type"`
	URL         string `json:"url"`
	TargetBlank bool   `json:"targetBlank"`
}

// TimeRange is what a dashboard shows when it is opened.
type TimeRange struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Templating holds the variables of a dashboard.
type Templating struct {
	List []Variable `json:"list"`
}

// Variable is a choice that the reader of a dashboard has.
type Variable struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Type  string `json:"type"`
	Query string `json:"query"`
}

// Panel is one chart or text of a dashboard.
type Panel struct {
	ID          int          `json:"id"`
	Type        PanelType    `json:"type"`
	Title       string       `json:"title"`
	GridPos     GridPos      `json:"gridPos"`
	Datasource  *Datasource  `json:"datasource,omitempty"`
	Interval    string       `json:"interval,omitempty"`
	FieldConfig *FieldConfig `json:"fieldConfig,omitempty"`
	Options     PanelOptions `json:"options"`
	Targets     []Query      `json:"targets,omitempty"`
}

// PanelType is a kind of panel, by its name in Grafana.
type PanelType string

// The kinds of panel in use.
const (
	PanelChart PanelType = "timeseries"
	PanelText  PanelType = "text"
)

// GridPos places a panel on Grafana's grid, which is 24 columns wide.
type GridPos struct {
	H int `json:"h"`
	W int `json:"w"`
	X int `json:"x"`
	Y int `json:"y"`
}

// Datasource refers to the dashboard's variable for it.
type Datasource struct {
	Type string `json:"type"`
	UID  string `json:"uid"`
}

// FieldConfig says how the values of a chart are written.
type FieldConfig struct {
	Defaults FieldDefaults `json:"defaults"`
	// Grafana refuses null here.
	Overrides []struct{} `json:"overrides"`
}

// FieldDefaults applies to every series of a chart.
type FieldDefaults struct {
	Unit Unit    `json:"unit"`
	Min  float64 `json:"min"`
}

// Unit is a unit of values, by its name in Grafana.
type Unit string

// The units in use.
const (
	UnitCount          Unit = "short"
	UnitBytes          Unit = "bytes"
	UnitBytesPerSecond Unit = "Bps"
	UnitSeconds        Unit = "s"
	UnitFraction       Unit = "percentunit"
	UnitRequests       Unit = "reqps"
	UnitQueries        Unit = "ops"
)

// PanelOptions holds the text of a text panel.
type PanelOptions struct {
	Mode    string `json:"mode,omitempty"`
	Content string `json:"content,omitempty"`
}

// Query is one PromQL query of a chart.
type Query struct {
	RefID        string      `json:"refId"`
	Expr         string      `json:"expr"`
	LegendFormat string      `json:"legendFormat"`
	Datasource   *Datasource `json:"datasource"`
}

// The measures of Grafana's grid, and of every panel on it.
const (
	gridWidth   = 24
	panelHeight = 8
)

// schemaVersion is that of Grafana 10.4, which newer ones migrate from.
const schemaVersion = 39

// datasource refers to a variable: the name of the data source differs from
// one Grafana to the next.
var datasource = &Datasource{Type: "prometheus", UID: "${datasource}"}

// Dashboards are the dashboards of an environment, as the operating manual
// lists them.
func (a MonitoringArgs) Dashboards() []Dashboard {
	a = a.withDefaults()
	return []Dashboard{
		a.dashboard("application-overview", "Application Overview", a.applicationOverview()),
		a.dashboard("infrastructure-health", "Infrastructure Health", a.infrastructureHealth()),
		a.dashboard("database-performance", "Database Performance", a.databasePerformance()),
	}
}

func (a MonitoringArgs) applicationOverview() [][]Panel {
	requests := a.series("http_requests_total", ofUsers)
	return [][]Panel{{
		chart("Request rate", UnitRequests, query("{{status}}", "sum by (status) (rate(%s[$__rate_interval]))", requests)),
		chart("Latency", UnitSeconds, a.quantiles("http_request_duration_seconds_bucket", ofUsers)...),
		chart("Error rate", UnitFraction, query("errors", "(sum(rate(%s[$__rate_interval])) or vector(0)) / sum(rate(%s[$__rate_interval]))",
			a.series("http_requests_total", `status=~"5.."`, ofUsers), requests)),
	}, {
		a.activeUsers(),
		chart("Database connections", UnitCount, query("active", "sum(%s)", a.series("db_connections_active"))),
	}, a.jobs()}
}

// jobs are the charts of what runs in the background.
func (a MonitoringArgs) jobs() []Panel {
	if a.Queueless {
		return []Panel{note("Jobs", "Jobs do not go through Celery here, and what runs them exports nothing about them. "+
			"Those that wait are rows of the database.")}
	}
	return []Panel{
		chart("Celery queue length", UnitCount, query("waiting", "max(%s)", a.queueLength())),
		chart("Celery tasks", UnitCount,
			query("running", "sum(%s)", a.series("celery_tasks_running")),
			query("failed in 5 min", "sum(increase(%s[5m]))", a.series("celery_tasks_failed_total"))),
		a.taskDuration(),
	}
}

func (a MonitoringArgs) infrastructureHealth() [][]Panel {
	container := `container!=""`
	restarts := a.series("kube_pod_container_status_restarts_total")
	return [][]Panel{{
		chart("CPU per pod (cores)", UnitCount, query("{{pod}}", "sum by (pod) (rate(%s[$__rate_interval]))", a.series("container_cpu_usage_seconds_total", container))),
		chart("Memory per pod", UnitBytes, query("{{pod}}", "sum by (pod) (%s)", a.series("container_memory_working_set_bytes", container))),
		chart("Disk usage per pod", UnitFraction, query("{{pod}} {{persistentvolumeclaim}}",
			"max by (pod, persistentvolumeclaim) (%s * on (persistentvolumeclaim) group_left () (1 - min by (persistentvolumeclaim) (%s / %s)))",
			a.series("kube_pod_spec_volumes_persistentvolumeclaims_info"),
			a.series("kubelet_volume_stats_available_bytes"), a.series("kubelet_volume_stats_capacity_bytes"))),
	}, {
		chart("Network I/O", UnitBytesPerSecond,
			query("{{pod}} in", "sum by (pod) (rate(%s[$__rate_interval]))", a.series("container_network_receive_bytes_total")),
			query("{{pod}} out", "sum by (pod) (rate(%s[$__rate_interval]))", a.series("container_network_transmit_bytes_total"))),
		chart("Request throughput", UnitRequests, query("{{pod}}", "sum by (pod) (rate(%s[$__rate_interval]))", a.series("http_requests_total"))),
	}, {
		chart("Pod restarts in 1 h", UnitCount, query("{{pod}}", "sum by (pod) (increase(%s[1h]))", restarts)),
		chart("OOMKills in 1 h", UnitCount, query("{{pod}} {{container}}",
			"sum by (pod, container) (increase(%s[1h])) and on (pod, container) (%s == 1)",
			restarts, a.series("kube_pod_container_status_last_terminated_reason", `reason="OOMKilled"`))),
	}}
}

func (a MonitoringArgs) databasePerformance() [][]Panel {
	rows := [][]Panel{{
		chart("Query duration", UnitSeconds, a.quantiles("db_query_duration_seconds_bucket")...),
		// le is 1 or 1.0: it depends on the client library and on Prometheus' version.
		chart("Slow queries (over 1 s)", UnitQueries, query("slow", "sum(rate(%s[$__rate_interval])) - sum(rate(%s[$__rate_interval]))",
			a.series("db_query_duration_seconds_count"), a.series("db_query_duration_seconds_bucket", `le=~"1|1\\.0"`))),
	}, {
		chart("Connection pool usage", UnitCount, query("{{pod}}", "sum by (pod) (%s)", a.series("db_connections_active"))),
	}}
	if !a.PostgresExporter {
		return append(rows, []Panel{note("Table sizes and index usage",
			"Only the database itself knows the sizes of its tables and how often its indexes are used. "+
				"No postgres_exporter runs beside it, so there is nothing to draw. Meanwhile ask `pg_stat_user_tables` with psql.")})
	}
	byTable := "sum by (schemaname, relname) (rate(%s[$__rate_interval]))"
	index, sequential := a.series("pg_stat_user_tables_idx_scan"), a.series("pg_stat_user_tables_seq_scan")
	return append(rows, []Panel{
		chart("Table sizes", UnitBytes, query("{{schemaname}}.{{relname}}", "max by (schemaname, relname) (%s)", a.series("pg_stat_user_tables_table_size_bytes"))),
		chart("Index sizes", UnitBytes, query("{{schemaname}}.{{relname}}", "max by (schemaname, relname) (%s)", a.series("pg_stat_user_tables_index_size_bytes"))),
		chart("Index usage", UnitFraction, query("{{schemaname}}.{{relname}}", byTable+" / ("+byTable+" + "+byTable+")", index, index, sequential)),
	})
}

func (a MonitoringArgs) activeUsers() Panel {
	if a.ActiveUsersMetric == "" {
		return note("Active users", "The backend exports no number of signed-in users. "+
			"When it does, name the metric in the monitoring's configuration and this becomes a chart.")
	}
	return chart("Active users", UnitCount, query("users", "sum(%s)", a.series(a.ActiveUsersMetric)))
}

func (a MonitoringArgs) taskDuration() Panel {
	if a.TaskDurationMetric == "" {
		return note("Task processing time", "The workers export no histogram of how long their tasks run. "+
			"When they do, name the metric in the monitoring's configuration and this becomes a chart.")
	}
	return chart("Task processing time", UnitSeconds, a.quantiles(a.TaskDurationMetric+"_bucket")...)
}

// quantiles are the usual ones of a histogram.
func (a MonitoringArgs) quantiles(bucket string, matchers ...string) []Query {
	var queries []Query
	for _, q := range []struct{ legend, quantile string }{{"p50", "0.5"}, {"p95", "0.95"}, {"p99", "0.99"}} {
		queries = append(queries, query(q.legend, "histogram_quantile(%s, sum by (le) (rate(%s[$__rate_interval])))", q.quantile, a.series(bucket, matchers...)))
	}
	return queries
}

// dashboard lays rows of panels out. The UID holds the namespace, since one
// Grafana may show every environment.
func (a MonitoringArgs) dashboard(name, title string, rows [][]Panel) Dashboard {
	subject, _, _ := strings.Cut(name, "-")
	return Dashboard{
		Name: name, UID: a.Namespace + "-" + subject, Title: title + " (" + a.App + " " + a.Environment + ")",
		Tags:     []string{a.App, a.Environment},
		Links:    []Link{{Title: a.Host, Type: "link", URL: "https://" + a.Host, TargetBlank: true}},
		Timezone: "browser", Refresh: "1m", SchemaVersion: schemaVersion,
		Time:       TimeRange{From: "now-6h", To: "now"},
		Templating: Templating{List: []Variable{{Name: "datasource", Label: "Data source", Type: "datasource", Query: datasource.Type}}},
		Panels:     arrange(rows, promDuration(a.ScrapeInterval)),
	}
}

// arrange numbers panels and lets those of a row share its width. The
// interval keeps $__rate_interval from holding less than two scrapes.
func arrange(rows [][]Panel, interval string) []Panel {
	var panels []Panel
	for y, row := range rows {
		width := gridWidth / len(row)
		for x, panel := range row {
			panel.ID = len(panels) + 1
			panel.GridPos = GridPos{H: panelHeight, W: width, X: x * width, Y: y * panelHeight}
			if panel.Type == PanelChart {
				panel.Interval = interval
			}
			panels = append(panels, panel)
		}
	}
	return panels
}

func chart(title string, unit Unit, queries ...Query) Panel {
	for i := range queries {
		queries[i].RefID = string(rune('A' + i))
	}
	return Panel{
		Type: PanelChart, Title: title, Datasource: datasource, Targets: queries,
		FieldConfig: &FieldConfig{Defaults: FieldDefaults{Unit: unit}, Overrides: []struct{}{}},
	}
}

// note is a panel that says why there is no chart.
func note(title, text string) Panel {
	return Panel{Type: PanelText, Title: title, Options: PanelOptions{Mode: "markdown", Content: text}}
}

func query(legend, format string, values ...any) Query {
	return Query{LegendFormat: legend, Expr: fmt.Sprintf(format, values...), Datasource: datasource}
}
