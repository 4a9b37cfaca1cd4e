package monitoring

import (
	"fmt"
	"strings"

	"sigs.k8s.io/yaml"
)

// runbooks is where each alert has a section, relative to this repository.
const runbooks = "docs/runbooks.md"

// alertGroup is a group of alerts.yaml.tmpl.
type alertGroup struct {
	Group    string  `json:"group"`
	Severity string  `json:"severity"` // a critical alert pages somebody, a warning is read in working hours
	Rules    []alert `json:"rules"`
}

// alert is one rule of a group: an expression, or series that have to be there.
type alert struct {
	Alert       string   `json:"alert"`
	For         string   `json:"for"`
	Expr        string   `json:"expr"`
	Summary     string   `json:"summary"` // may use Prometheus' templates, as Description may
	Description string   `json:"description"`
	Source      string   `json:"source"` // of the series
	Absent      []string `json:"absent"` // series, each of which begins with its metric's name
}

// ruleGroups are the groups of the PrometheusRule.
func (a Args) ruleGroups() ([]any, error) {
	text, err := a.filled("alerts.yaml.tmpl")
	if err != nil {
		return nil, err
	}
	var groups []alertGroup
	if err := yaml.UnmarshalStrict([]byte(text), &groups); err != nil {
		return nil, fmt.Errorf("alerts: %w", err)
	}
	var all []any
	for _, group := range groups {
		var rules []any
		for _, one := range group.Rules {
			rules = append(rules, a.rule(one, group.Severity))
		}
		all = append(all, map[string]any{"name": a.App.Name + "." + group.Group, "rules": rules})
	}
	return all, nil
}

func (a Args) rule(one alert, severity string) map[string]any {
	if len(one.Absent) > 0 {
		one = one.ofAbsence(a.Namespace())
	}
	return map[string]any{
		"alert": one.Alert, "expr": one.Expr, "for": one.For,
		"labels": map[string]any{"severity": severity, "namespace": a.Namespace(), "environment": a.Environment},
		"annotations": map[string]any{
			"summary":     one.Summary + " (" + a.Environment + ")",
			"description": one.Description,
			"runbook_url": runbooks + "#" + strings.ToLower(one.Alert),
		},
	}
}

// ofAbsence is the rule that fires for each series that is missing.
func (a alert) ofAbsence(namespace string) alert {
	var absent []string
	for _, series := range a.Absent {
		metric, _, _ := strings.Cut(series, "{")
		absent = append(absent, fmt.Sprintf(`label_replace(absent(%s), "metric", %q, "", "")`, series, metric))
	}
	a.Expr = strings.Join(absent, " or ")
	a.Summary = "metrics of the " + a.Source + " are missing"
	a.Description = "Prometheus has had no {{ $labels.metric }} for " + namespace + ": alerts that read it cannot fire."
	return a
}
