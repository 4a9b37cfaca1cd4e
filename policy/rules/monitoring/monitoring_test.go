package monitoring

import (
	"testing"

	"platform/tests/packtest"
)

func TestAlertSeverity(t *testing.T) {
	const at = "PrometheusRule/rules: spec.groups[0].rules[1].labels.severity"
	packtest.Run(t, packtest.Named(Rules, "alert-has-a-severity"), map[string]packtest.Case{
		"critical":     {Objects: rule},
		"warning":      {Objects: but(rule, "severity: critical", "severity: warning")},
		"misspelt":     {Objects: but(rule, "severity: critical", "severity: Critical"), Want: []string{at}},
		"absent":       {Objects: but(rule, "severity: critical", ""), Want: []string{at}},
		"recorded":     {Objects: but(rule, "alert: Down", "record: down", "severity: critical", "")},
		"by parameter": {Objects: but(rule, "severity: critical", "severity: page"), Parameters: map[string]any{"severities": []any{"page"}}},
		"wrong type":   {Objects: but(rule, "severity: critical", "severity: 1"), Want: []string{at}},
		"not known":    {Objects: but(rule, "severity: critical", "severity: <unknown>"), Undecided: []string{at}},
	})
}

func TestAlertText(t *testing.T) {
	const at = "PrometheusRule/rules: spec.groups[0].rules[1].annotations"
	packtest.Run(t, packtest.Named(Rules, "alert-says-what-to-do"), map[string]packtest.Case{
		"both":         {Objects: rule},
		"no summary":   {Objects: but(rule, "summary: it is down, ", ""), Want: []string{at + ".summary"}},
		"no runbook":   {Objects: but(rule, ", runbook_url: runbooks.md#down", ""), Want: []string{at + ".runbook_url"}},
		"blank":        {Objects: but(rule, "it is down", "' '"), Want: []string{at + ".summary"}},
		"absent":       {Objects: but(rule, ", annotations: {summary: it is down, runbook_url: runbooks.md#down}", ""), Want: []string{at + ".summary", at + ".runbook_url"}},
		"recorded":     {Objects: but(rule, "alert: Down", "record: down"), Want: nil},
		"by parameter": {Objects: rule, Parameters: map[string]any{"annotations": []any{"dashboard"}}, Want: []string{at + ".dashboard"}},
		"wrong type":   {Objects: but(rule, "it is down", "1"), Want: []string{at + ".summary"}},
		"not known":    {Objects: but(rule, "summary: it is down, runbook_url: runbooks.md#down", "summary: <unknown>"), Undecided: []string{at + ".summary"}, Want: []string{at + ".runbook_url"}},
		"other kinds":  {Objects: api},
	})
}

func TestAlertWaits(t *testing.T) {
	const at = "PrometheusRule/rules: spec.groups[0].rules[1].for"
	packtest.Run(t, packtest.Named(Rules, "alert-waits-before-it-fires"), map[string]packtest.Case{
		"five minutes": {Objects: rule},
		"ten seconds":  {Objects: but(rule, "for: 5m", "for: 10s")},
		"in two units": {Objects: but(rule, "for: 5m", "for: 1h30m")},
		"not at all":   {Objects: but(rule, "for: 5m", "for: 0s"), Want: []string{at}},
		"absent":       {Objects: but(rule, "for: 5m, ", ""), Want: []string{at}},
		"recorded":     {Objects: but(rule, "alert: Down", "record: down", "for: 5m, ", "")},
		"wrong type":   {Objects: but(rule, "for: 5m", "for: 5"), Want: []string{at}},
		"not known":    {Objects: but(rule, "for: 5m", "for: <unknown>"), Undecided: []string{at}},
		"one unknown":  {Objects: but(rule, "{record: job:up, expr: up}", "{alert: <unknown>}", "for: 5m", "for: 0m"), Undecided: []string{"PrometheusRule/rules: spec.groups[0].rules[0].alert"}, Want: []string{at}},
	})
}

func TestAlertsExist(t *testing.T) {
	packtest.Run(t, packtest.Named(Rules, "what-is-scraped-has-alerts"), map[string]packtest.Case{
		"there":      {Objects: of(podMonitor, rule)},
		"absent":     {Objects: podMonitor, Want: []string{"PodMonitor/api"}},
		"elsewhere":  {Objects: of(podMonitor, but(rule, "namespace: a", "namespace: b")), Want: []string{"PodMonitor/api"}},
		"no monitor": {Objects: api},
		"wrong type": {Objects: of(podMonitor, but(rule, "namespace: a", "namespace: 1")), Want: []string{"PodMonitor/api: metadata.namespace"}},
		"not known":  {Objects: of(podMonitor, but(rule, "namespace: a", "namespace: <unknown>")), Undecided: []string{"PodMonitor/api: metadata.namespace"}},
	})
}

const api = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: a}
spec:
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, ports: [{name: metrics, containerPort: 9121}, {name: http, containerPort: 8080}]}]}
`

const podMonitor = `
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: api, namespace: a}
spec:
  selector: {matchLabels: {app: api}}
  podMetricsEndpoints: [{port: metrics}]
`

const serviceMonitor = `
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: api, namespace: a}
spec:
  selector: {matchLabels: {svc: api}}
  endpoints: [{port: web}]
`

const service = `
apiVersion: v1
kind: Service
metadata: {name: api, namespace: a, labels: {svc: api}}
spec: {selector: {app: api}, ports: [{name: web, port: 80, targetPort: metrics}]}
`

const allow = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: allow, namespace: a}
spec:
  podSelector: {matchLabels: {app: api}}
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}
      podSelector: {matchLabels: {app.kubernetes.io/name: prometheus}}
    ports: [{port: 9121, protocol: TCP}]
`

const rule = `
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: rules, namespace: a}
spec:
  groups:
  - name: g
    rules:
    - {record: job:up, expr: up}
    - {alert: Down, expr: up == 0, for: 5m, labels: {severity: critical}, annotations: {summary: it is down, runbook_url: runbooks.md#down}}
`

// of joins documents, and but replaces texts of one.
var of, but = packtest.Join, packtest.But

func TestLetInScrapes(t *testing.T) {
	const at = "NetworkPolicy/allow: spec.ingress[0]"
	packtest.Run(t, packtest.With(packtest.Named(Rules, "who-lets-prometheus-in-is-scraped"), map[string]any{"namespace": "monitoring", "labels": []any{"app.kubernetes.io/name=prometheus"}, "networks": []any{}}), map[string]packtest.Case{
		"scraped":      {Objects: of(api, podMonitor, allow)},
		"absent":       {Objects: of(api, allow), Want: []string{at}},
		"another port": {Objects: of(api, podMonitor, but(allow, "9121", "8080")), Want: []string{at}},
		"others":       {Objects: of(api, but(allow, "name: prometheus", "name: ingress-nginx"))},
		"by addresses": {Objects: of(api, "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: allow, namespace: a}, spec: {ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}}")},
		"wrong type":   {Objects: of(api, podMonitor, but(allow, "[{port: 9121, protocol: TCP}]", "9121")), Want: []string{at + ".ports"}},
		"not known":    {Objects: of(api, podMonitor, but(allow, "[{port: 9121, protocol: TCP}]", "<unknown>")), Undecided: []string{at + ".ports"}},
	})
}

func TestMetricsScraped(t *testing.T) {
	const at = "Deployment/api container api: spec.template.spec.containers[0].ports[0].name"
	web := but(podMonitor, "app: api", "app: web") // of other pods; without any monitor, monitoring is off
	packtest.Run(t, packtest.Named(Rules, "metrics-port-is-scraped"), map[string]packtest.Case{
		"by a PodMonitor":     {Objects: of(api, podMonitor)},
		"by a ServiceMonitor": {Objects: of(api, service, serviceMonitor)},
		"absent":              {Objects: of(api, web), Want: []string{at}},
		"another port":        {Objects: of(api, but(podMonitor, "port: metrics", "port: http")), Want: []string{at}},
		"off":                 {Objects: api},
		"by annotation":       {Objects: but(api, "labels: {app: api}", "labels: {app: api}, annotations: {prometheus.io/scrape: 'true'}")},
		"not by annotation":   {Objects: of(but(api, "labels: {app: api}", "labels: {app: api}, annotations: {prometheus.io/scrape: 'false'}"), web), Want: []string{at}},
		"no metrics":          {Objects: but(api, "name: metrics", "name: stats")},
		"by parameter":        {Objects: of(api, web), Parameters: map[string]any{"names": []any{"http"}}, Want: []string{"Deployment/api container api: spec.template.spec.containers[0].ports[1].name"}},
		"a Job":               {Objects: but(api, "Deployment", "Job")},
		"wrong type":          {Objects: of(but(api, "name: metrics", "name: 1"), web), Want: []string{at}},
		"not known":           {Objects: of(but(api, "name: metrics", "name: <unknown>"), web), Undecided: []string{at}},
		"monitor unknown":     {Objects: of(api, but(podMonitor, "app: api", "app: <unknown>")), Undecided: []string{"Deployment/api container api: spec.selector.matchLabels.app"}},
	})
}

func TestMonitorStays(t *testing.T) {
	const at = "PodMonitor/api: spec.namespaceSelector.any"
	with := func(value string) string {
		return but(podMonitor, "selector: {matchLabels", "namespaceSelector: {any: "+value+"}\n  selector: {matchLabels")
	}
	packtest.Run(t, packtest.Named(Rules, "monitor-looks-at-its-own-namespace"), map[string]packtest.Case{
		"absent":     {Objects: podMonitor},
		"its own":    {Objects: with("false")},
		"everywhere": {Objects: with("true"), Want: []string{at}},
		"wrong type": {Objects: with("'true'"), Want: []string{at}},
		"not known":  {Objects: with("<unknown>"), Undecided: []string{at}},
	})
}

func TestMonitorTarget(t *testing.T) {
	const pods, services = "PodMonitor/api: spec.podMetricsEndpoints", "ServiceMonitor/api: spec.endpoints"
	pod := func(changes ...string) string { return of(api, but(podMonitor, changes...)) }
	through := func(changes ...string) string { return of(api, service, but(serviceMonitor, changes...)) }
	packtest.Run(t, packtest.Named(Rules, "monitor-finds-its-port"), map[string]packtest.Case{
		"pods":                   {Objects: pod()},
		"by number":              {Objects: pod("port: metrics", "portNumber: 9121")},
		"another number":         {Objects: pod("port: metrics", "portNumber: 9122"), Want: []string{pods + "[0]"}},
		"another port":           {Objects: pod("port: metrics", "port: web"), Want: []string{pods + "[0]"}},
		"no port":                {Objects: pod("port: metrics", "path: /"), Want: []string{pods + "[0]"}},
		"other pods":             {Objects: pod("app: api", "app: web"), Want: []string{pods + "[0]"}},
		"a Job":                  {Objects: of(but(api, "Deployment", "Job"), podMonitor), Want: []string{pods + "[0]"}},
		"no selector":            {Objects: pod("selector: {matchLabels: {app: api}}", "x: z"), Want: []string{pods + "[0]"}},
		"absent":                 {Objects: pod("podMetricsEndpoints: [{port: metrics}]", "x: z"), Want: []string{pods}},
		"one of two":             {Objects: pod("[{port: metrics}]", "[{port: metrics}, {port: web}]"), Want: []string{pods + "[1]"}},
		"another namespace":      {Objects: pod("namespace: a", "namespace: b"), Want: []string{pods + "[0]"}},
		"named from there":       {Objects: pod("namespace: a", "namespace: b", "spec:", "spec:\n  namespaceSelector: {matchNames: [a]}")},
		"another one named":      {Objects: pod("spec:", "spec:\n  namespaceSelector: {matchNames: [b]}"), Want: []string{pods + "[0]"}},
		"any from there":         {Objects: pod("namespace: a", "namespace: b", "spec:", "spec:\n  namespaceSelector: {any: true}")},
		"a Service":              {Objects: through()},
		"a Service's other port": {Objects: through("port: web", "port: http"), Want: []string{services + "[0]"}},
		"past the Service's":     {Objects: through("port: web", "targetPort: 9121")},
		"past it, other":         {Objects: through("port: web", "targetPort: 9122"), Want: []string{services + "[0]"}},
		"another Service":        {Objects: through("svc: api", "svc: web"), Want: []string{services + "[0]"}},
		"a Service of none":      {Objects: of(api, but(service, "app: api", "app: web"), serviceMonitor), Want: []string{services + "[0]"}},
		"a Service without":      {Objects: of(api, but(service, "selector: {app: api}, ", ""), serviceMonitor), Want: []string{services + "[0]"}},
		"a Service elsewhere": {
			Objects: of(api, but(service, "namespace: a", "namespace: b"), but(serviceMonitor, "spec:", "spec:\n  namespaceSelector: {any: true}")),
			Want:    []string{services + "[0]"},
		},
		"a port of none": {Objects: of(api, but(service, "targetPort: metrics", "targetPort: 1"), serviceMonitor), Want: []string{services + "[0]"}},
		"its own number": {Objects: of(api, but(service, "port: 80, targetPort: metrics", "port: 8080"), serviceMonitor)},
		"wrong type":     {Objects: pod("port: metrics", "port: true"), Want: []string{pods + "[0].port"}},
		"not known":      {Objects: pod("port: metrics", "port: <unknown>"), Undecided: []string{pods + "[0].port"}},
		"labels unknown": {Objects: of(but(api, "app: api", "app: <unknown>"), podMonitor), Undecided: []string{"PodMonitor/api: spec.template.metadata.labels.app"}},
	})
}
