package components_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/components/monitoring"
	"platform/config"
)

// monMetric finds the metrics that an expression selects.
var monMetric = regexp.MustCompile(`([a-z_:]+)\{`)

func monMetrics(expr string) []string {
	var names []string
	for _, match := range monMetric.FindAllStringSubmatch(expr, -1) {
		names = append(names, match[1])
	}
	return names
}

// monRule is one rule of the PrometheusRule.
type monRule struct {
	Name, Severity, Expr, Summary, Description string
	Guard                                      bool // fires when series are missing that another alert reads
	For                                        time.Duration
}

// monRules are the rules that a monitoring registers.
func monRules(t *testing.T, args monitoring.Args) []monRule {
	t.Helper()
	var rules []monRule
	for _, group := range list(monitored(t, args).one(t, "PrometheusRule").Inputs, "spec", "groups") {
		for _, rule := range list(group, "rules") {
			holds, err := time.ParseDuration(dig(rule, "for").(string))
			require.NoError(t, err)
			rules = append(rules, monRule{
				Name: dig(rule, "alert").(string), Severity: dig(rule, "labels", "severity").(string), Expr: dig(rule, "expr").(string),
				Summary: dig(rule, "annotations", "summary").(string), Description: dig(rule, "annotations", "description").(string),
				Guard: dig(group, "name") == "co2-calculator.guards", For: holds,
			})
		}
	}
	return rules
}

func monAlert(t *testing.T, args monitoring.Args, name string) monRule {
	t.Helper()
	for _, rule := range monRules(t, args) {
		if rule.Name == name {
			return rule
		}
	}
	require.Failf(t, "no such alert", "%s", name)
	return monRule{}
}

func TestAlertInvariants(t *testing.T) {
	seen := map[string]bool{}
	for _, alert := range monRules(t, monArgs()) {
		assert.False(t, seen[alert.Name], "%s is there twice", alert.Name)
		seen[alert.Name] = true
		assert.Regexp(t, `^[A-Z][A-Za-z]+$`, alert.Name)
		assert.Contains(t, []string{"critical", "warning"}, alert.Severity, alert.Name)
		assert.GreaterOrEqual(t, alert.For, time.Minute, alert.Name)
		assert.NotEmpty(t, alert.Summary, alert.Name)
		assert.NotEmpty(t, alert.Description, alert.Name)
		if alert.Name != "BackupTooOld" { // a backup that is gone is as bad as an old one
			assert.Equal(t, alert.Guard, strings.Contains(alert.Expr, "absent("), alert.Name)
		}
		if alert.Guard {
			assert.Equal(t, "warning", alert.Severity, alert.Name)
		}
	}
}

func TestAlertsOfTheManual(t *testing.T) {
	for name, want := range map[string]struct {
		severity  string
		threshold string
	}{
		"ServiceDown":               {"critical", "== 0"},
		"DatabaseConnectionFailure": {"critical", "== 0"},
		"DiskSpaceLow":              {"critical", "> 0.9"},
		"HighErrorRate":             {"critical", "> 0.05"},
		"HighMemoryUsage":           {"warning", "> 0.8"},
		"SlowResponseTime":          {"warning", "> 1"},
		"CeleryQueueBacklog":        {"warning", "> 1000"},
		"CertificateExpiringSoon":   {"warning", "< 7 * 86400"},
	} {
		got := monAlert(t, monArgs(), name)
		assert.Equal(t, want.severity, got.Severity, name)
		assert.Contains(t, got.Expr, want.threshold, name)
	}
	assert.Equal(t, 5*time.Minute, monAlert(t, monArgs(), "HighErrorRate").For)
}

func TestAlertsAreScopedToTheNamespace(t *testing.T) {
	for _, alert := range monRules(t, monArgs()) {
		selectors := regexp.MustCompile(`\{[^}]*\}`).FindAllString(alert.Expr, -1)
		require.NotEmpty(t, selectors, alert.Name)
		for _, selector := range selectors {
			assert.Regexp(t, `^\{(exported_)?namespace="co2-calculator-prod"`, selector, alert.Name)
		}
	}
}

func TestEveryMetricHasAGuard(t *testing.T) {
	guarded := map[string]bool{}
	for _, alert := range monRules(t, monArgs()) {
		if alert.Guard || alert.Name == "BackupTooOld" { // this one fires where its own metrics are missing
			for _, metric := range monMetrics(alert.Expr) {
				guarded[metric] = true
			}
		}
	}
	for _, alert := range monRules(t, monArgs()) {
		for _, metric := range monMetrics(alert.Expr) {
			assert.True(t, guarded[metric], "%s would be blind without %s, and nobody would know", alert.Name, metric)
		}
	}
}

func TestAlertsFollowTheStack(t *testing.T) {
	args := monArgs()
	args.Postgres.Mode, args.Postgres.Backup.Enabled = config.PostgresManaged, false
	args.Monitoring.ScrapeInterval = time.Minute
	for _, alert := range monRules(t, args) {
		assert.NotEqual(t, "BackupTooOld", alert.Name)
		assert.NotContains(t, alert.Expr, "statefulset", alert.Name)
	}
	assert.Contains(t, monAlert(t, args, "HighErrorRate").Expr, "[4m]")
	assert.Contains(t, monAlert(t, monArgs(), "HighErrorRate").Expr, "[2m]")
	assert.Contains(t, monAlert(t, monArgs(), "BackupTooOld").Expr, "> 100800", "a day, and the four hours of a run")
}

func TestEveryAlertHasARunbook(t *testing.T) {
	text, err := os.ReadFile("../docs/runbooks.md")
	require.NoError(t, err)
	sections := map[string]string{}
	for _, section := range strings.Split(string(text), "\n## ")[1:] {
		title, body, _ := strings.Cut(section, "\n")
		sections[title] = body
	}
	for _, alert := range monRules(t, monArgs()) {
		require.Contains(t, sections, alert.Name)
		for _, part := range []string{"**Means.**", "**Impact.**", "**Look.**", "**Do.**"} {
			assert.Contains(t, sections[alert.Name], part, alert.Name)
		}
		delete(sections, alert.Name)
	}
	assert.Empty(t, sections, "sections without an alert")
}

// monRuleTests is the part of promtool's test file that says what is covered.
type monRuleTests struct {
	Tests []struct {
		AlertRuleTest []struct {
			AlertName string `json:"alertname"`
			ExpAlerts []any  `json:"exp_alerts"`
		} `json:"alert_rule_test"`
	} `json:"tests"`
}

func TestEveryAlertIsTestedBothWays(t *testing.T) {
	text, err := os.ReadFile("testdata/alerts_test.yaml")
	require.NoError(t, err)
	var file monRuleTests
	require.NoError(t, yaml.Unmarshal(text, &file))
	fires, silent := map[string]bool{}, map[string]bool{}
	for _, test := range file.Tests {
		for _, check := range test.AlertRuleTest {
			fires[check.AlertName] = fires[check.AlertName] || len(check.ExpAlerts) > 0
			silent[check.AlertName] = silent[check.AlertName] || len(check.ExpAlerts) == 0
		}
	}
	for _, alert := range monRules(t, monArgs()) {
		assert.True(t, fires[alert.Name], "no test in which %s fires", alert.Name)
		assert.True(t, silent[alert.Name], "no test in which %s stays silent", alert.Name)
	}
}

func TestRuleCarriesTheAlerts(t *testing.T) {
	spec := monitored(t, monArgs()).one(t, "PrometheusRule").Inputs["spec"].(map[string]any)
	var groups []string
	rules := map[string]map[string]any{}
	for _, group := range spec["groups"].([]any) {
		groups = append(groups, group.(map[string]any)["name"].(string))
		for _, rule := range group.(map[string]any)["rules"].([]any) {
			rules[rule.(map[string]any)["alert"].(string)] = rule.(map[string]any)
		}
	}
	assert.Equal(t, []string{"co2-calculator.critical", "co2-calculator.warning", "co2-calculator.guards"}, groups)
	assert.Len(t, rules, len(monRules(t, monArgs())))
	got := rules["HighErrorRate"]
	assert.Equal(t, "5m", got["for"])
	assert.Equal(t, map[string]any{"severity": "critical", "namespace": "co2-calculator-prod", "environment": "prod"}, got["labels"])
	annotations := got["annotations"].(map[string]any)
	assert.Equal(t, "docs/runbooks.md#higherrorrate", annotations["runbook_url"])
	assert.Equal(t, "over 5 % of the requests fail (prod)", annotations["summary"])
}

// Where no Celery runs, nothing may read its queue: the guard of a metric that
// nobody exports would fire for ever.
func TestNothingReadsAQueueThatIsNotThere(t *testing.T) {
	args := monArgs()
	args.Worker.Kind = config.WorkerPoller
	var names []string
	for _, alert := range monRules(t, args) {
		names = append(names, alert.Name)
		assert.NotContains(t, alert.Expr, "redis_key_size", alert.Name)
	}
	for _, alert := range monRules(t, monArgs()) {
		if alert.Name != "CeleryQueueBacklog" && alert.Name != "RedisMetricsAbsent" {
			assert.Contains(t, names, alert.Name)
		}
	}
	for name, panels := range monDashboards(t, args) {
		for _, panel := range panels {
			for _, query := range panel.Targets {
				assert.NotRegexp(t, "celery|redis", query.Expr, "%s: %s", name, panel.Title)
			}
		}
	}
}
