// Package monitoring is what Prometheus and Grafana know of the
// co2-calculator: monitors, alerts and dashboards.
package monitoring

import (
	"embed"
	_ "embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"text/template"
	"time"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/config"
)

// monitoringAPI is the Prometheus operator's API.
const monitoringAPI = "monitoring.coreos.com/v1"

// Monitoring is what Prometheus and Grafana need to watch one environment of
// an application: scrape targets, alert rules and dashboards. Prometheus, its
// operator and Grafana with its sidecar must run in the cluster already.
type Monitoring struct {
	pulumi.ResourceState
}

// Args shapes the monitoring of one environment.
type Args struct {
	*config.EPFL
	App object.App
}

// scrapeTarget is one kind of pod that serves metrics.
type scrapeTarget struct {
	App      string // the pods' label app
	PortName string // of the container
}

// targets are the pods that serve metrics.
func (a Args) targets() []scrapeTarget {
	targets := []scrapeTarget{{config.BackendName, "http"}}
	if a.HasRedis() {
		targets = append(targets, scrapeTarget{config.RedisName, "metrics"})
	}
	return targets
}

// deployments are those whose outage is the application's.
func (a Args) deployments() []string {
	names := []string{config.BackendName, config.FrontendName}
	if worker, runs := a.Worker.Name(); runs {
		names = append(names, worker)
	}
	if a.HasRedis() {
		names = append(names, config.RedisName)
	}
	slices.Sort(names)
	return names
}

// New registers scrape targets, alert rules and dashboards.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Monitoring, error) {
	return object.Register(ctx, "Monitoring", name, &Monitoring{}, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		for _, target := range args.targets() {
			if _, err := object.NewCustom(ctx, name+"-"+target.App, args.podMonitor(target), child); err != nil {
				return nil, err
			}
		}
		boards, err := args.dashboards()
		if err != nil {
			return nil, err
		}
		for board, text := range boards {
			meta := args.metadata("grafana-dashboard-" + board)
			meta.Labels = object.Annotated(meta.Labels, "grafana_dashboard", "1") // what Grafana's sidecar looks for
			// The sidecar puts all namespaces' files into one folder, hence the namespace in
			// the key: without it the environments overwrite each other.
			if _, err := object.NewConfigMap(ctx, name+"-"+board, meta, map[string]string{args.Namespace() + "-" + board + ".json": text}, child); err != nil {
				return nil, err
			}
		}
		groups, err := args.ruleGroups()
		if err != nil {
			return nil, err
		}
		_, err = object.NewCustom(ctx, name, object.Custom{
			APIVersion: monitoringAPI, Kind: "PrometheusRule", Metadata: args.metadata(args.App.Name), Spec: map[string]any{"groups": groups},
		}, child)
		return nil, err
	})
}

// podMonitor sets the job by a relabelling, so that it does not depend on how
// the PodMonitor is called.
func (a Args) podMonitor(target scrapeTarget) object.Custom {
	return object.Custom{
		APIVersion: monitoringAPI, Kind: "PodMonitor", Metadata: a.metadata(target.App),
		Spec: map[string]any{
			"selector": map[string]any{"matchLabels": map[string]any{"app": target.App, "app.kubernetes.io/instance": a.App.Name}},
			"podMetricsEndpoints": []any{map[string]any{
				"port": target.PortName, "path": "/metrics", "interval": promDuration(a.Monitoring.ScrapeInterval),
				"relabelings": []any{map[string]any{
					// The API server would add the action, and Argo CD see a difference.
					"action": "replace", "targetLabel": "job", "replacement": a.App.Name + "-" + target.App,
				}},
			}},
		},
	}
}

func (a Args) metadata(name string) *metav1.ObjectMetaArgs {
	return a.App.Named("monitoring", name)
}

// dashboards are Grafana's of the environment, as the operating manual lists
// them: JSON by name.
func (a Args) dashboards() (map[string]string, error) {
	entries, err := monitoringFiles.ReadDir("dashboards")
	if err != nil {
		return nil, err
	}
	boards := map[string]string{}
	for _, entry := range entries {
		text, err := a.filled(path.Join("dashboards", entry.Name()))
		if err != nil {
			return nil, err
		}
		boards[strings.TrimSuffix(entry.Name(), ".json.tmpl")] = strings.TrimSuffix(text, "\n")
	}
	return boards, nil
}

//go:embed alerts.yaml.tmpl dashboards/*.json.tmpl
var monitoringFiles embed.FS

// filled is a file with the facts of the environment in it. Its marks are not
// the usual ones, which Prometheus and Grafana have for themselves.
func (a Args) filled(file string) (string, error) {
	parsed, err := template.New(path.Base(file)).Delims("[[", "]]").Option("missingkey=error").
		Funcs(template.FuncMap{"join": strings.Join}).ParseFS(monitoringFiles, file)
	if err != nil {
		return "", err
	}
	interval, age := a.Monitoring.ScrapeInterval, a.Postgres.Backup.MaxAge()
	var text strings.Builder
	err = parsed.Execute(&text, map[string]any{
		"App": a.App.Name, "Environment": a.Environment, "Namespace": a.Namespace(), "Host": a.Edge.Host, "TLSSecret": a.Edge.TLSSecret,
		"Postgres": a.Postgres.Mode == config.PostgresStatefulSet, "Queueless": a.Worker.Kind != config.WorkerCelery,
		"Targets": a.targets(), "Deployments": a.deployments(),
		"ScrapeInterval": promDuration(interval), "RateWindow": "[" + promDuration(max(4*interval, 2*time.Minute)) + "]",
		"BackupSeconds": int(age.Seconds()), "BackupHours": fmt.Sprintf("%.0f", age.Hours()),
	})
	return text.String(), err
}

// promDuration writes a duration as Prometheus does: 90s, 5m.
func promDuration(d time.Duration) string {
	if d%time.Minute == 0 {
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return fmt.Sprintf("%ds", d/time.Second)
}
