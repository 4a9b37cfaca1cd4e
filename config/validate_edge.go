package config

import "time"

// shortestScrape keeps Prometheus from asking more often than an answer takes.
const shortestScrape = 5 * time.Second

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
	if m.ScrapeInterval < shortestScrape {
		into.add(key+".scrapeInterval", "raise it to "+shortestScrape.String()+" or more",
			"%s is under the floor of %s", m.ScrapeInterval, shortestScrape)
	}
}
