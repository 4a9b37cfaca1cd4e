package config

import (
	"fmt"
	"time"
)

// Monitoring configures scraping, alerts and dashboards.
type Monitoring struct {
	Enabled          bool              `key:"enabled"`
	Namespace        string            `key:"namespace"`        // where Prometheus runs; default monitoring
	PrometheusLabels map[string]string `key:"prometheusLabels"` // of its pods; default app.kubernetes.io/name: prometheus
	ScrapeInterval   time.Duration     `key:"scrapeInterval"`   // default 30s
}

const (
	// DefaultMonitoringNamespace is where Prometheus runs.
	DefaultMonitoringNamespace = "monitoring"
	// DefaultScrapeInterval is how often metrics are read.
	DefaultScrapeInterval = 30 * time.Second
)

// defaultPrometheusLabels select the pods of Prometheus, as its operator and
// its charts label them.
func defaultPrometheusLabels() map[string]string {
	return map[string]string{"app.kubernetes.io/name": "prometheus"}
}

// The bounds of a scrape interval. Below the first, Prometheus' own timeout of
// 10 s would exceed it; above the second, a series is stale after two losses.
const (
	shortestScrape = 10 * time.Second
	longestScrape  = 2 * time.Minute
)

func (m *Monitoring) applyDefaults() {
	setDefault(&m.Namespace, DefaultMonitoringNamespace)
	setDefault(&m.ScrapeInterval, DefaultScrapeInterval)
	if len(m.PrometheusLabels) == 0 {
		m.PrometheusLabels = defaultPrometheusLabels()
	}
}

func (m Monitoring) validate(into *collector) {
	const key = "monitoring"
	into.label(key+".namespace", m.Namespace, "write the namespace of Prometheus, such as "+DefaultMonitoringNamespace)
	into.labels(key+".prometheusLabels", m.PrometheusLabels)
	if d := m.ScrapeInterval; d < shortestScrape || d > longestScrape || d%time.Second != 0 {
		into.add(key+".scrapeInterval", fmt.Sprintf("choose one from %s to %s", shortestScrape, longestScrape),
			"%s is not a whole number of seconds from %s to %s", d, shortestScrape, longestScrape)
	}
}
