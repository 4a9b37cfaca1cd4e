//go:build e2e

package components_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/components/monitoring"
)

// monPromtool is the tool that the toolchain builds from tools/promtool.
const monPromtool = "PLATFORM_PROMTOOL"

// TestRulesUnderPromtool has Prometheus' own tool check the rules and the
// dashboards' queries, then play the time series of testdata against them.
func TestRulesUnderPromtool(t *testing.T) {
	tool := os.Getenv(monPromtool)
	require.NotEmptyf(t, tool, "%s is not set; set it to the path of promtool, as built from tools/promtool", monPromtool)
	folder := t.TempDir()
	monWrite(t, filepath.Join(folder, "rules.yaml"), monitored(t, monArgs()).one(t, "PrometheusRule").Inputs["spec"])
	monWrite(t, filepath.Join(folder, "dashboards.yaml"), monRecordings(t, monArgs()))
	series, err := os.ReadFile("testdata/alerts_test.yaml")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "alerts_test.yaml"), series, 0o600))

	for _, args := range [][]string{
		{"check", "rules", "--lint=all", "--lint-fatal", "rules.yaml", "dashboards.yaml"},
		{"test", "rules", "alerts_test.yaml"},
	} {
		command := exec.CommandContext(t.Context(), tool, args...)
		command.Dir = folder
		output, err := command.CombinedOutput()
		t.Logf("promtool %s\n%s", strings.Join(args, " "), output)
		require.NoError(t, err)
	}
}

func monWrite(t *testing.T, path string, content any) {
	t.Helper()
	text, err := yaml.Marshal(content)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, text, 0o600))
}

// monRecordings turns the queries of dashboards into recording rules, which is
// what promtool can parse and evaluate: dashboard:NAME_TITLE_REF.
func monRecordings(t *testing.T, args monitoring.Args) map[string]any {
	t.Helper()
	other := regexp.MustCompile(`[^a-z0-9]+`)
	var groups []any
	for board, panels := range monDashboards(t, args) {
		var rules []any
		for _, panel := range panels {
			for _, query := range panel.Targets {
				name := fmt.Sprintf("%s %s %s", board, panel.Title, query.RefID)
				rules = append(rules, map[string]any{
					"record": "dashboard:" + strings.Trim(other.ReplaceAllString(strings.ToLower(name), "_"), "_"),
					"expr":   strings.ReplaceAll(query.Expr, "$__rate_interval", "2m"),
				})
			}
		}
		groups = append(groups, map[string]any{"name": board, "rules": rules})
	}
	return map[string]any{"groups": groups}
}
