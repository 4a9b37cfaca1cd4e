package config

import (
	"fmt"
	"time"
)

// The bounds of a scrape interval. Below the first, Prometheus' own timeout of
// 10 s would exceed it; above the second, a series is stale after two losses.
const (
	shortestScrape = 10 * time.Second
	longestScrape  = 2 * time.Minute
)

// exampleHost is a name as EPFL writes them.
const exampleHost = "co2calculator.epfl.ch"

func (e Edge) validate(into *collector) {
	const key = "edge"
	into.host(key+".host", e.Host, exampleHost)
	into.name(key+".issuer", e.Issuer, "a ClusterIssuer")
	into.name(key+".tlsSecret", e.TLSSecret, "a Secret")
	if oneOf(into, key+".kind", e.Kind, EdgeKinds) && e.Kind != EdgeRoute {
		into.name(key+".class", e.Class, "a class of the ingress controller")
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
