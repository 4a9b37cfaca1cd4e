package components_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/monitoring"
	"platform/config"
)

// monDashboard is the part of a Grafana dashboard that tests look at.
type monDashboard struct {
	UID    string     `json:"uid"`
	Title  string     `json:"title"`
	Panels []monPanel `json:"panels"`
}

type monPanel struct {
	ID       int    `json:"id"`
	Type     string `json:"type"`
	Title    string `json:"title"`
	Interval string `json:"interval"`
	GridPos  struct {
		H int `json:"h"`
		W int `json:"w"`
		X int `json:"x"`
		Y int `json:"y"`
	} `json:"gridPos"`
	FieldConfig struct {
		Defaults struct {
			Unit string `json:"unit"`
		} `json:"defaults"`
	} `json:"fieldConfig"`
	Options struct {
		Content string `json:"content"`
	} `json:"options"`
	Targets []struct {
		RefID      string `json:"refId"`
		Expr       string `json:"expr"`
		Datasource struct {
			UID string `json:"uid"`
		} `json:"datasource"`
	} `json:"targets"`
}

// monBoards are the dashboards that a monitoring registers, by name.
func monBoards(t *testing.T, args monitoring.Args) map[string]monDashboard {
	t.Helper()
	boards := map[string]monDashboard{}
	for _, one := range monitored(t, args).of("ConfigMap") {
		name := strings.TrimPrefix(dig(one.Inputs, "metadata", "name").(string), "grafana-dashboard-")
		assert.Equal(t, "1", dig(one.Inputs, "metadata", "labels", "grafana_dashboard"))
		text := dig(one.Inputs, "data", "co2-calculator-prod-"+name+".json").(string)
		assert.NotContains(t, text, "null")
		assert.NotContains(t, text, "[[")
		var board monDashboard
		require.NoError(t, json.Unmarshal([]byte(text), &board), name)
		boards[name] = board
	}
	require.Len(t, boards, 3)
	return boards
}

// monDashboards are the panels of each dashboard.
func monDashboards(t *testing.T, args monitoring.Args) map[string][]monPanel {
	t.Helper()
	panels := map[string][]monPanel{}
	for name, board := range monBoards(t, args) {
		panels[name] = board.Panels
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
			"Query duration", "Slow queries (over 1 s)", "Connection pool usage", "Table sizes and index usage",
		},
	}
	got := map[string][]string{}
	for _, board := range monBoards(t, monArgs()) {
		for _, panel := range board.Panels {
			got[board.Title] = append(got[board.Title], panel.Title)
			switch panel.Title {
			case "Active users", "Task processing time", "Table sizes and index usage":
				assert.Equal(t, "text", panel.Type, panel.Title)
				assert.NotEmpty(t, panel.Options.Content, "it says what is missing")
			default:
				assert.Equal(t, "timeseries", panel.Type, panel.Title)
			}
		}
	}
	assert.Equal(t, want, got)
}

func TestDashboardPanelsAreUniqueAndApart(t *testing.T) {
	for _, kind := range config.WorkerKinds {
		args := monArgs()
		args.Worker.Kind = kind
		for name, panels := range monDashboards(t, args) {
			ids := map[int]bool{}
			taken := map[[2]int]string{}
			for _, panel := range panels {
				assert.False(t, ids[panel.ID], "%s: id %d is there twice", name, panel.ID)
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
	for _, panels := range monDashboards(t, monArgs()) {
		for _, panel := range panels {
			if panel.Type == "text" {
				continue
			}
			refs := map[string]bool{}
			require.NotEmpty(t, panel.Targets, panel.Title)
			assert.Equal(t, "30s", panel.Interval, panel.Title)
			assert.NotEmpty(t, panel.FieldConfig.Defaults.Unit, panel.Title)
			for _, query := range panel.Targets {
				assert.False(t, refs[query.RefID], "%s: query %s is there twice", panel.Title, query.RefID)
				refs[query.RefID] = true
				assert.Equal(t, "${datasource}", query.Datasource.UID, panel.Title)
				for _, selector := range regexp.MustCompile(`\{[^}]*\}`).FindAllString(query.Expr, -1) {
					assert.Contains(t, selector, `{namespace="co2-calculator-prod"`, panel.Title)
				}
			}
		}
	}
}

func TestDashboardUIDsFitGrafana(t *testing.T) {
	uids := map[string]bool{}
	for _, board := range monBoards(t, monArgs()) {
		assert.LessOrEqual(t, len(board.UID), 40, board.UID)
		assert.Contains(t, board.UID, "co2-calculator-prod-", "one Grafana may show every environment")
		assert.False(t, uids[board.UID], "%s is there twice", board.UID)
		uids[board.UID] = true
	}
}
