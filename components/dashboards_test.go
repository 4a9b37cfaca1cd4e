package components_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components"
)

// monFullArgs have everything that makes a chart out of a note.
func monFullArgs() components.MonitoringArgs {
	args := monArgs()
	args.PostgresExporter = true
	args.ActiveUsersMetric = "active_users"
	args.TaskDurationMetric = "celery_task_runtime_seconds"
	return args
}

func monPanels(args components.MonitoringArgs) map[string]components.Panel {
	panels := map[string]components.Panel{}
	for _, dashboard := range args.Dashboards() {
		for _, panel := range dashboard.Panels {
			panels[panel.Title] = panel
		}
	}
	return panels
}

func TestDashboardsOfTheManual(t *testing.T) {
	want := map[string][]string{
		"Application Overview (co2-calculator prod)": {
			"Request rate", "Latency", "Error rate", "Active users", "Database connections",
			"Celery queue length", "Celery tasks", "Task processing time",
		},
		"Infrastructure Health (co2-calculator prod)": {
			"CPU per pod (cores)", "Memory per pod", "Disk usage per pod", "Network I/O", "Request throughput",
			"Pod restarts in 1 h", "OOMKills in 1 h",
		},
		"Database Performance (co2-calculator prod)": {
			"Query duration", "Slow queries (over 1 s)", "Connection pool usage", "Table sizes", "Index sizes", "Index usage",
		},
	}
	got := map[string][]string{}
	for _, dashboard := range monFullArgs().Dashboards() {
		for _, panel := range dashboard.Panels {
			got[dashboard.Title] = append(got[dashboard.Title], panel.Title)
			assert.Equal(t, components.PanelChart, panel.Type, panel.Title)
		}
	}
	assert.Equal(t, want, got)
}

func TestDashboardsSayWhatIsMissing(t *testing.T) {
	panels := monPanels(monArgs())
	for _, title := range []string{"Active users", "Task processing time", "Table sizes and index usage"} {
		require.Contains(t, panels, title)
		assert.Equal(t, components.PanelText, panels[title].Type, title)
		assert.NotEmpty(t, panels[title].Options.Content, title)
	}
	assert.NotContains(t, panels, "Index usage")
}

func TestDashboardPanelsAreUniqueAndApart(t *testing.T) {
	for _, args := range []components.MonitoringArgs{monArgs(), monFullArgs()} {
		for _, dashboard := range args.Dashboards() {
			ids := map[int]bool{}
			taken := map[[2]int]string{}
			for _, panel := range dashboard.Panels {
				assert.False(t, ids[panel.ID], "%s: id %d is there twice", dashboard.Name, panel.ID)
				ids[panel.ID] = true
				assert.Positive(t, panel.ID)
				assert.LessOrEqual(t, panel.GridPos.X+panel.GridPos.W, 24, panel.Title)
				for x := panel.GridPos.X; x < panel.GridPos.X+panel.GridPos.W; x++ {
					for y := panel.GridPos.Y; y < panel.GridPos.Y+panel.GridPos.H; y++ {
						assert.Empty(t, taken[[2]int{x, y}], "%s covers another panel", panel.Title)
						taken[[2]int{x, y}] = panel.Title
					}
				}
			}
		}
	}
}

func TestDashboardQueriesAreScoped(t *testing.T) {
	for _, panel := range monPanels(monFullArgs()) {
		refs := map[string]bool{}
		require.NotEmpty(t, panel.Targets, panel.Title)
		assert.Equal(t, "30s", panel.Interval, panel.Title)
		assert.NotEmpty(t, panel.FieldConfig.Defaults.Unit, panel.Title)
		for _, query := range panel.Targets {
			assert.False(t, refs[query.RefID], "%s: query %s is there twice", panel.Title, query.RefID)
			refs[query.RefID] = true
			assert.Equal(t, "${datasource}", query.Datasource.UID, panel.Title)
			assert.NotContains(t, query.Expr, "%!", panel.Title)
			for _, selector := range regexp.MustCompile(`\{[^}]*\}`).FindAllString(query.Expr, -1) {
				assert.Contains(t, selector, `{namespace="co2-calculator-prod"`, panel.Title)
			}
		}
	}
}

func TestDashboardUIDsFitGrafana(t *testing.T) {
	uids := map[string]bool{}
	for _, environment := range []string{"dev", "staging", "prod"} {
		args := monArgs()
		args.Namespace = "co2-calculator-" + environment
		require.NoError(t, args.Validate())
		for _, dashboard := range args.Dashboards() {
			assert.LessOrEqual(t, len(dashboard.UID), 40, dashboard.UID)
			assert.False(t, uids[dashboard.UID], "%s is there twice", dashboard.UID)
			uids[dashboard.UID] = true
		}
	}
}

func TestDashboardConfigMaps(t *testing.T) {
	args := monArgs()
	resources := monitored(t, args)
	for _, dashboard := range args.Dashboards() {
		got := resources.one(t, "ConfigMap", "monitoring-"+dashboard.Name).Inputs
		assert.Equal(t, "grafana-dashboard-"+dashboard.Name, dig(got, "metadata", "name"))
		assert.Equal(t, "1", dig(got, "metadata", "labels", "grafana_dashboard"))
		text := got["data"].(map[string]any)["co2-calculator-prod-"+dashboard.Name+".json"].(string)
		var back components.Dashboard
		require.NoError(t, json.Unmarshal([]byte(text), &back))
		back.Name = dashboard.Name
		assert.Equal(t, dashboard, back)
		assert.NotContains(t, text, "null")
	}
}
