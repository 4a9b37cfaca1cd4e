package components

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeMonitoring = "platform:components:Monitoring" // the state remembers it: change it only with an alias

// monitoringAPI is the Prometheus operator's API.
const monitoringAPI = "monitoring.coreos.com/v1"

// Defaults of [MonitoringArgs].
const (
	DefaultScrapeInterval = 30 * time.Second
	DefaultMetricsPath    = "/metrics"
	DefaultQueue          = "celery"            // the list in Redis that Celery uses unless told otherwise
	DefaultRunbookBase    = "docs/runbooks.md"  // relative to this repository
	DefaultDashboardLabel = "grafana_dashboard" // what Grafana's sidecar looks for
)

// The bounds of a scrape interval. Below the first, Prometheus' own timeout of
// 10 s would exceed it; above the second, a series is stale after two losses.
const (
	minScrapeInterval = 10 * time.Second
	maxScrapeInterval = 2 * time.Minute
)

// dashboardUIDRoom is what Grafana's 40 characters of a dashboard's UID leave
// to the namespace, beside the longest subject of a dashboard and a hyphen.
const dashboardUIDRoom = 40 - len("-infrastructure")

// Monitoring is what Prometheus and Grafana need to watch one environment of
// an application: scrape targets, alert rules and dashboards. Prometheus, its
// operator and Grafana with its sidecar must run in the cluster already.
type Monitoring struct {
	pulumi.ResourceState
	Rule pulumi.StringOutput `pulumi:"rule"` // name of the PrometheusRule
}

// ScrapeTarget is one kind of pod that serves metrics.
type ScrapeTarget struct {
	App      string // the pods' label app
	PortName string // name of the container port
	Path     string // default /metrics
}

// MonitoringArgs shapes the monitoring of one environment. App, Environment,
// Namespace, Host and Targets have no default.
type MonitoringArgs struct {
	App             string             // the whole application, such as co2-calculator; prefix of every Prometheus job
	Environment     string             // label of every alert
	Namespace       string             // plain, since every query names it; must exist already
	NamespaceOutput pulumi.StringInput // the same name as an output, so that objects come after it; nil means Namespace
	Labels          map[string]string  // of every object, with those that Prometheus selects monitors and rules by
	Owner           map[string]string  // annotations of every object, see [App.Owner]
	MatchLabels     map[string]string  // labels that a scraped pod has beside app

	ScrapeInterval time.Duration // 10 s to 2 min, whole seconds; default 30 s
	Targets        []ScrapeTarget

	Deployments []string      // whose outage is the service's; default backend, celery-worker, frontend, redis
	Postgres    bool          // the StatefulSet postgres runs in the namespace; false means a managed database
	BackupAge   time.Duration // of the newest archive, at which it is too old; 0 means that no backup is made here
	Host        string        // DNS name of the application, without scheme
	TLSSecret   string        // name of cert-manager's Certificate; empty means that another party renews it: no alert
	Queue       string        // Redis key of the Celery queue; default celery
	Queueless   bool          // jobs do not go through Celery: nothing is read of its queue

	PostgresExporter   bool   // postgres_exporter is scraped; adds table sizes and index usage
	ActiveUsersMetric  string // gauge of signed-in users; empty means the backend has none
	TaskDurationMetric string // histogram of task run times, without _bucket; empty means the workers have none

	RunbookBase    string // URL or path before #alert; default docs/runbooks.md
	DashboardLabel string // label that Grafana's sidecar selects ConfigMaps by; its value is "1"
}

func (a MonitoringArgs) withDefaults() MonitoringArgs {
	a.ScrapeInterval = or(a.ScrapeInterval, DefaultScrapeInterval)
	a.Queue = or(a.Queue, DefaultQueue)
	a.RunbookBase = or(a.RunbookBase, DefaultRunbookBase)
	a.DashboardLabel = or(a.DashboardLabel, DefaultDashboardLabel)
	if a.Deployments == nil {
		a.Deployments = []string{"backend", "celery-worker", "frontend", "redis"}
	}
	a.Targets = slices.Clone(a.Targets)
	for i, target := range a.Targets {
		a.Targets[i].Path = or(target.Path, DefaultMetricsPath)
	}
	if a.NamespaceOutput == nil {
		a.NamespaceOutput = pulumi.String(a.Namespace)
	}
	return a
}

// Validate returns every fault at once.
func (a MonitoringArgs) Validate() error {
	a = a.withDefaults()
	faults := []error{
		required("app", a.App), required("environment", a.Environment),
		required("namespace", a.Namespace), required("host", a.Host),
	}
	if len(a.Namespace) > dashboardUIDRoom {
		faults = append(faults, fmt.Errorf("namespace: %q is over %d characters, more than a dashboard's UID can hold; shorten it", a.Namespace, dashboardUIDRoom))
	}
	if strings.Contains(a.Host, "/") {
		faults = append(faults, fmt.Errorf("host: %q is no DNS name; leave out scheme and path", a.Host))
	}
	faults = append(faults, a.checkInterval(), a.checkTargets())
	if len(a.Deployments) == 0 {
		faults = append(faults, errors.New("deployments: an empty list would never alert; name one, or leave it out"))
	}
	for _, metric := range []string{a.ActiveUsersMetric, a.TaskDurationMetric} {
		if metric != "" && !metricName.MatchString(metric) {
			faults = append(faults, fmt.Errorf("metric: %q is no metric name; give the bare name without labels", metric))
		}
	}
	return errors.Join(faults...)
}

func (a MonitoringArgs) checkInterval() error {
	d := a.ScrapeInterval
	if d < minScrapeInterval || d > maxScrapeInterval || d%time.Second != 0 {
		return fmt.Errorf("scrapeInterval: %s is not a whole number of seconds from %s to %s; choose one", d, minScrapeInterval, maxScrapeInterval)
	}
	return nil
}

func (a MonitoringArgs) checkTargets() error {
	if len(a.Targets) == 0 {
		return errors.New("targets: is empty, so every alert would be blind; name at least the backend")
	}
	var faults []error
	seen := map[string]bool{}
	for i, target := range a.Targets {
		if target.App == "" || target.PortName == "" {
			faults = append(faults, fmt.Errorf("targets[%d]: app %q and port %q must both be set", i, target.App, target.PortName))
		}
		if !strings.HasPrefix(target.Path, "/") {
			faults = append(faults, fmt.Errorf("targets[%d]: path %q does not start with /; write /%s", i, target.Path, target.Path))
		}
		if seen[target.App] {
			faults = append(faults, fmt.Errorf("targets[%d]: app %q is there twice; its samples would be counted twice", i, target.App))
		}
		seen[target.App] = true
	}
	return errors.Join(faults...)
}

// NewMonitoring registers scrape targets, alert rules and dashboards.
func NewMonitoring(ctx *pulumi.Context, name string, args MonitoringArgs, opts ...pulumi.ResourceOption) (*Monitoring, error) {
	args = args.withDefaults()
	if err := join("monitoring", name, args.Validate()); err != nil {
		return nil, err
	}
	m := &Monitoring{}
	if err := ctx.RegisterComponentResource(typeMonitoring, name, m, opts...); err != nil {
		return nil, fmt.Errorf("register monitoring %q: %w", name, err)
	}
	for _, target := range args.Targets {
		if err := args.newPodMonitor(ctx, name, target, pulumi.Parent(m)); err != nil {
			return nil, fmt.Errorf("monitoring %q target %q: %w", name, target.App, err)
		}
	}
	for _, dashboard := range args.Dashboards() {
		if err := args.newDashboard(ctx, name, dashboard, pulumi.Parent(m)); err != nil {
			return nil, fmt.Errorf("monitoring %q dashboard %q: %w", name, dashboard.Name, err)
		}
	}
	rule, err := args.newRule(ctx, name, pulumi.Parent(m))
	if err != nil {
		return nil, fmt.Errorf("monitoring %q rule: %w", name, err)
	}
	m.Rule = rule.Metadata.Name().Elem()
	if err := ctx.RegisterResourceOutputs(m, pulumi.Map{"rule": m.Rule}); err != nil {
		return nil, fmt.Errorf("monitoring %q outputs: %w", name, err)
	}
	return m, nil
}

// job is the Prometheus job of a target. It is set by a relabelling, so that
// it does not depend on how the PodMonitor is called.
func (a MonitoringArgs) job(target ScrapeTarget) string { return a.App + "-" + target.App }

func (a MonitoringArgs) newPodMonitor(ctx *pulumi.Context, name string, target ScrapeTarget, opts ...pulumi.ResourceOption) error {
	match := map[string]string{"app": target.App}
	maps.Copy(match, a.MatchLabels)
	_, err := apiextensions.NewCustomResource(ctx, name+"-"+target.App, &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String(monitoringAPI),
		Kind:       pulumi.String("PodMonitor"),
		Metadata:   a.metadata(target.App, nil),
		OtherFields: kubernetes.UntypedArgs{"spec": pulumi.Map{
			"selector": pulumi.Map{"matchLabels": pulumi.ToStringMap(match)},
			"podMetricsEndpoints": pulumi.Array{pulumi.Map{
				"port":     pulumi.String(target.PortName),
				"path":     pulumi.String(target.Path),
				"interval": pulumi.String(promDuration(a.ScrapeInterval)),
				"relabelings": pulumi.Array{pulumi.StringMap{
					// The API server would add the action, and Argo CD see a difference.
					"action": pulumi.String("replace"), "targetLabel": pulumi.String("job"), "replacement": pulumi.String(a.job(target)),
				}},
			}},
		}},
	}, opts...)
	return err
}

func (a MonitoringArgs) newRule(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) (*apiextensions.CustomResource, error) {
	return apiextensions.NewCustomResource(ctx, name, &apiextensions.CustomResourceArgs{
		ApiVersion:  pulumi.String(monitoringAPI),
		Kind:        pulumi.String("PrometheusRule"),
		Metadata:    a.metadata(a.App, nil),
		OtherFields: kubernetes.UntypedArgs{"spec": pulumi.Map{"groups": a.ruleGroups()}},
	}, opts...)
}

// newDashboard writes a dashboard where Grafana's sidecar finds it. The
// sidecar puts all namespaces' files into one folder, hence the namespace in
// the key: without it the environments overwrite each other.
func (a MonitoringArgs) newDashboard(ctx *pulumi.Context, name string, dashboard Dashboard, opts ...pulumi.ResourceOption) error {
	text, err := json.MarshalIndent(dashboard, "", "  ")
	if err != nil {
		return err
	}
	_, err = corev1.NewConfigMap(ctx, name+"-"+dashboard.Name, &corev1.ConfigMapArgs{
		Metadata: a.metadata("grafana-dashboard-"+dashboard.Name, map[string]string{a.DashboardLabel: "1"}),
		Data:     pulumi.StringMap{a.Namespace + "-" + dashboard.Name + ".json": pulumi.String(text)},
	}, opts...)
	return err
}

func (a MonitoringArgs) metadata(name string, extra map[string]string) *metav1.ObjectMetaArgs {
	labels := maps.Clone(a.Labels)
	if labels == nil {
		labels = map[string]string{}
	}
	maps.Copy(labels, extra)
	return &metav1.ObjectMetaArgs{
		Name: pulumi.String(name), Namespace: a.NamespaceOutput, Labels: pulumi.ToStringMap(labels), Annotations: pulumi.ToStringMap(a.Owner),
	}
}

// promDuration writes a duration as Prometheus does: 90s, 5m.
func promDuration(d time.Duration) string {
	if d%time.Minute == 0 {
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return fmt.Sprintf("%ds", d/time.Second)
}
