package components

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Severity says whom an alert reaches.
type Severity string

// The severities: a critical alert pages somebody, a warning is read in
// working hours.
const (
	SeverityCritical Severity = "critical"
	SeverityWarning  Severity = "warning"
)

// Severities lists every [Severity], most urgent first.
var Severities = []Severity{SeverityCritical, SeverityWarning}

// Alert is one alerting rule of an environment.
type Alert struct {
	Name        string
	Severity    Severity
	Guard       bool          // fires when series are missing that another alert reads, and which is then blind
	For         time.Duration // how long Expr must hold
	Expr        string        // PromQL, scoped to the namespace
	Summary     string        // one line, may use Prometheus' templates
	Description string
}

// guardFor lets a rollout, or Prometheus' own restart, pass.
const guardFor = 15 * time.Minute

// metricName is a valid name of a Prometheus metric.
var metricName = regexp.MustCompile(`^[a-zA-Z_:][a-zA-Z0-9_:]*$`)

// ofUsers leaves out what kubelet and Prometheus ask for: on a quiet day their
// quick successes would hide that every user's request fails.
const ofUsers = `endpoint!~"(/api)?/(healthz?|ready|metrics)"`

// Alerts are the rules of an environment: those of the operating manual first,
// most severe first, then one guard for each source of their metrics.
func (a MonitoringArgs) Alerts() []Alert {
	a = a.withDefaults()
	return slices.Concat(a.criticalAlerts(), a.warningAlerts(), a.guardAlerts())
}

func (a MonitoringArgs) criticalAlerts() []Alert {
	alerts := []Alert{{
		Name: "ServiceDown", Severity: SeverityCritical, For: 2 * time.Minute,
		Expr: fmt.Sprintf(`max by (deployment) (%s) == 0`,
			a.series("kube_deployment_status_replicas_available", "deployment=~"+alternatives(a.Deployments))),
		Summary:     "{{ $labels.deployment }} is down",
		Description: "No replica of {{ $labels.deployment }} is available.",
	}, {
		Name: "DatabaseConnectionFailure", Severity: SeverityCritical, For: 2 * time.Minute,
		Expr:        a.databaseFailure(),
		Summary:     "the backend cannot use the database",
		Description: "The database has no ready replica, or the backend fails requests and has had no database connection for 5 minutes.",
	}, {
		Name: "DiskSpaceLow", Severity: SeverityCritical, For: 5 * time.Minute,
		Expr: fmt.Sprintf(`1 - min by (persistentvolumeclaim) (%s / %s) > 0.9`,
			a.series("kubelet_volume_stats_available_bytes"), a.series("kubelet_volume_stats_capacity_bytes")),
		Summary:     "volume {{ $labels.persistentvolumeclaim }} is over 90 % full",
		Description: "{{ $value | humanizePercentage }} of the volume {{ $labels.persistentvolumeclaim }} is used.",
	}, {
		Name: "HighErrorRate", Severity: SeverityCritical, For: 5 * time.Minute,
		Expr: fmt.Sprintf(`sum(rate(%s[%s])) / sum(rate(%s[%[2]s])) > 0.05`,
			a.series("http_requests_total", `status=~"5.."`, ofUsers), a.rateWindow(), a.series("http_requests_total", ofUsers)),
		Summary:     "over 5 % of the requests fail",
		Description: "{{ $value | humanizePercentage }} of the requests to " + a.Host + " have ended in a server error for 5 minutes.",
	}}
	if a.BackupAge > 0 {
		age := fmt.Sprintf("%.0f hours", a.BackupAge.Hours())
		alerts = append(alerts, Alert{
			Name: "BackupTooOld", Severity: SeverityCritical, For: 15 * time.Minute,
			Expr:        a.backupTooOld(),
			Summary:     "the database has no backup of the last " + age,
			Description: "The CronJob " + BackupName + " has not succeeded for " + age + ", has never succeeded, or is gone.",
		})
	}
	return alerts
}

// backupTooOld is an old last success, none since the CronJob was made, or no
// CronJob while kube-state-metrics tells of what else is in the namespace. A
// CronJob that is suspended, and one whose Jobs fail, has no success either.
func (a MonitoringArgs) backupTooOld() string {
	of := "cronjob=" + strconv.Quote(BackupName)
	succeeded, made := a.series("kube_cronjob_status_last_successful_time", of), a.series("kube_cronjob_created", of)
	return fmt.Sprintf(`max(time() - %s) > %d or (max(time() - %s) > %[2]d unless on () %[1]s) or max(absent(%[3]s) and on () %s)`,
		succeeded, int(a.BackupAge.Seconds()), made, a.series("kube_deployment_status_replicas_available"))
}

func (a MonitoringArgs) warningAlerts() []Alert {
	alerts := []Alert{{
		Name: "HighMemoryUsage", Severity: SeverityWarning, For: 10 * time.Minute,
		Expr: fmt.Sprintf(`max by (pod, container) (%s) / max by (pod, container) (%s) > 0.8`,
			a.series("container_memory_working_set_bytes"), // a pod's own series has no limit to be divided by
			a.series("kube_pod_container_resource_limits", `resource="memory"`)),
		Summary:     "{{ $labels.pod }} uses over 80 % of its memory",
		Description: "{{ $labels.container }} in {{ $labels.pod }} uses {{ $value | humanizePercentage }} of its memory limit; at 100 % it is killed.",
	}, {
		Name: "SlowResponseTime", Severity: SeverityWarning, For: 10 * time.Minute,
		Expr: fmt.Sprintf(`histogram_quantile(0.95, sum by (le) (rate(%s[5m]))) > 1`,
			a.series("http_request_duration_seconds_bucket", ofUsers)),
		Summary:     "the 95th percentile of response times is over 1 s",
		Description: "One request in twenty to " + a.Host + " takes longer than {{ $value | humanizeDuration }}.",
	}}
	if !a.Queueless {
		alerts = append(alerts, Alert{
			Name: "CeleryQueueBacklog", Severity: SeverityWarning, For: 10 * time.Minute,
			Expr:        fmt.Sprintf(`max(%s) > 1000`, a.queueLength()),
			Summary:     "over 1000 tasks wait for a worker",
			Description: "{{ $value }} tasks wait in the Celery queue " + a.Queue + ".",
		})
	}
	if a.TLSSecret == "" {
		return alerts
	}
	return append(alerts, Alert{
		Name: "CertificateExpiringSoon", Severity: SeverityWarning, For: time.Hour,
		Expr:        fmt.Sprintf(`min(%s) - time() < 7 * 86400`, a.certificate()),
		Summary:     "the certificate of " + a.Host + " expires in under 7 days",
		Description: "The Certificate " + a.TLSSecret + " is valid for another {{ $value | humanizeDuration }}; cert-manager should have renewed it.",
	})
}

// guardAlerts are warnings even where a critical alert is blind: not to know
// is no outage yet.
func (a MonitoringArgs) guardAlerts() []Alert {
	alerts := []Alert{
		a.guard("BackendMetricsAbsent", "backend",
			a.series("http_requests_total"), a.series("http_request_duration_seconds_bucket"), a.series("db_connections_active")),
		a.guard("KubeStateMetricsAbsent", "kube-state-metrics", a.clusterState()...),
		a.guard("KubeletMetricsAbsent", "kubelet", a.series("container_memory_working_set_bytes"),
			a.series("kubelet_volume_stats_available_bytes"), a.series("kubelet_volume_stats_capacity_bytes")),
	}
	if !a.Queueless {
		alerts = append(alerts, a.guard("RedisMetricsAbsent", "Redis exporter", a.queueLength()))
	}
	alerts = append(alerts, a.scrapeGuard())
	if a.TLSSecret != "" {
		alerts = append(alerts, a.guard("CertificateMetricsAbsent", "cert-manager", a.certificate()))
	}
	return alerts
}

// guard watches that there are series of a source, each selected by an
// expression that begins with its metric's name.
func (a MonitoringArgs) guard(name, source string, series ...string) Alert {
	absent := make([]string, len(series))
	for i, one := range series {
		metric, _, _ := strings.Cut(one, "{")
		absent[i] = labelled("metric", metric, one)
	}
	return Alert{
		Name: name, Severity: SeverityWarning, Guard: true, For: guardFor,
		Expr:        strings.Join(absent, " or "),
		Summary:     "metrics of the " + source + " are missing",
		Description: "Prometheus has had no {{ $labels.metric }} for " + a.Namespace + ": alerts that read it cannot fire.",
	}
}

// scrapeGuard finds the PodMonitor that selects nothing, and the exporter that
// no longer answers.
func (a MonitoringArgs) scrapeGuard() Alert {
	absent := make([]string, len(a.Targets))
	for i, target := range a.Targets {
		job := a.job(target)
		absent[i] = labelled("job", job, a.series("up", "job="+strconv.Quote(job))+" == 1")
	}
	return Alert{
		Name: "ScrapeTargetAbsent", Severity: SeverityWarning, Guard: true, For: guardFor,
		Expr:        strings.Join(absent, " or "),
		Summary:     "no pod of {{ $labels.job }} is scraped",
		Description: "Prometheus finds no pod for the job {{ $labels.job }}, or none that answers.",
	}
}

// databaseFailure looks from both sides: a pod of Postgres can be ready and
// refuse connections, and a managed database has no pod to look at.
func (a MonitoringArgs) databaseFailure() string {
	backend := fmt.Sprintf(`(sum(max_over_time(%s[5m])) == 0 and sum(rate(%s[5m])) > 0)`,
		a.series("db_connections_active"), a.series("http_requests_total", `status=~"5.."`))
	if !a.Postgres {
		return backend
	}
	return fmt.Sprintf(`max(%s) == 0 or %s`, a.postgresReady(), backend)
}

func (a MonitoringArgs) postgresReady() string {
	return a.series("kube_statefulset_status_replicas_ready", `statefulset="postgres"`)
}

// clusterState is what the alerts read of kube-state-metrics, each Deployment
// by name: one that is deleted has no series that could be 0.
func (a MonitoringArgs) clusterState() []string {
	series := []string{a.series("kube_pod_container_resource_limits", `resource="memory"`)}
	for _, deployment := range a.Deployments {
		series = append(series, a.series("kube_deployment_status_replicas_available", "deployment="+strconv.Quote(deployment)))
	}
	if a.Postgres {
		series = append(series, a.postgresReady())
	}
	return series
}

// queueLength is 0, not absent, while the queue is empty: the exporter looks
// for this one key.
func (a MonitoringArgs) queueLength() string {
	return a.series("redis_key_size", "key="+strconv.Quote(a.Queue))
}

// certificate finds the Certificate however cert-manager is scraped: unless
// told to honour labels, Prometheus keeps the namespace label for cert-manager
// itself and renames the Certificate's.
func (a MonitoringArgs) certificate() string {
	return fmt.Sprintf(`certmanager_certificate_expiration_timestamp_seconds{exported_namespace=%[1]q,name=%[2]q}`+
		` or certmanager_certificate_expiration_timestamp_seconds{namespace=%[1]q,name=%[2]q}`, a.Namespace, a.TLSSecret)
}

// series selects a metric of the namespace.
func (a MonitoringArgs) series(metric string, matchers ...string) string {
	all := append([]string{"namespace=" + strconv.Quote(a.Namespace)}, matchers...)
	return metric + "{" + strings.Join(all, ",") + "}"
}

// rateWindow holds four scrapes, so that losing one does not lose the rate.
func (a MonitoringArgs) rateWindow() string {
	return promDuration(max(4*a.ScrapeInterval, 2*time.Minute))
}

// labelled is 1 with the label while expr selects nothing.
func labelled(label, value, expr string) string {
	return fmt.Sprintf(`label_replace(absent(%s), %q, %q, "", "")`, expr, label, value)
}

// alternatives is a quoted regular expression that matches the names.
func alternatives(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = regexp.QuoteMeta(name)
	}
	return strconv.Quote(strings.Join(quoted, "|"))
}

// ruleGroups are the groups of the PrometheusRule: one for each severity, one
// for the guards.
func (a MonitoringArgs) ruleGroups() pulumi.Array {
	byGroup := map[string]pulumi.Array{}
	var names []string
	for _, alert := range a.Alerts() {
		name := alert.group(a.App)
		if _, known := byGroup[name]; !known {
			names = append(names, name)
		}
		byGroup[name] = append(byGroup[name], a.rule(alert))
	}
	groups := pulumi.Array{}
	for _, name := range names {
		groups = append(groups, pulumi.Map{"name": pulumi.String(name), "rules": byGroup[name]})
	}
	return groups
}

func (alert Alert) group(app string) string {
	if alert.Guard {
		return app + ".guards"
	}
	return app + "." + string(alert.Severity)
}

// Runbook is the address of the alert's section.
func (alert Alert) Runbook(base string) string { return base + "#" + strings.ToLower(alert.Name) }

func (a MonitoringArgs) rule(alert Alert) pulumi.Map {
	return pulumi.Map{
		"alert": pulumi.String(alert.Name),
		"expr":  pulumi.String(alert.Expr),
		"for":   pulumi.String(promDuration(alert.For)),
		"labels": pulumi.StringMap{
			"severity":    pulumi.String(alert.Severity),
			"namespace":   pulumi.String(a.Namespace),
			"environment": pulumi.String(a.Environment),
		},
		"annotations": pulumi.StringMap{
			"summary":     pulumi.String(alert.Summary + " (" + a.Environment + ")"),
			"description": pulumi.String(alert.Description),
			"runbook_url": pulumi.String(alert.Runbook(a.RunbookBase)),
		},
	}
}
