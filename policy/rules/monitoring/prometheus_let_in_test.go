package monitoring

import (
	"testing"

	"platform/policy/packtest"
)

func TestPrometheusLetIn(t *testing.T) {
	const at = "PodMonitor/api: spec.podMetricsEndpoints[0]"
	with := func(changes ...string) string { return of(api, podMonitor, deny, but(allow, changes...)) }
	const peer = `- namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}
      podSelector: {matchLabels: {app.kubernetes.io/name: prometheus}}`
	const ports = "ports: [{port: 9121, protocol: TCP}]"
	packtest.Run(t, prometheusLetIn, map[string]packtest.Case{
		"let in":              {Objects: with()},
		"open to all":         {Objects: of(api, podMonitor)},
		"absent":              {Objects: of(api, podMonitor, deny), Want: []string{at}},
		"denied elsewhere":    {Objects: of(api, podMonitor, but(deny, "namespace: a", "namespace: b"))},
		"only going out":      {Objects: of(api, podMonitor, but(deny, "[Ingress, Egress]", "[Egress]"))},
		"coming in unless":    {Objects: of(api, podMonitor, but(deny, ", policyTypes: [Ingress, Egress]", "")), Want: []string{at}},
		"all pods unless":     {Objects: of(api, podMonitor, but(deny, "podSelector: {}, ", "")), Want: []string{at}},
		"other pods denied":   {Objects: of(api, podMonitor, but(deny, "podSelector: {}", "podSelector: {matchLabels: {app: web}}"))},
		"to other pods":       {Objects: with("app: api", "app: web"), Want: []string{at}},
		"to another port":     {Objects: with("port: 9121", "port: 8080"), Want: []string{at}},
		"to a named port":     {Objects: with("port: 9121", "port: metrics")},
		"to another name":     {Objects: with("port: 9121", "port: http"), Want: []string{at}},
		"by UDP":              {Objects: with("protocol: TCP", "protocol: UDP"), Want: []string{at}},
		"to a range":          {Objects: with("port: 9121", "port: 9000, endPort: 9121")},
		"to a range before":   {Objects: with("port: 9121", "port: 9000, endPort: 9120"), Want: []string{at}},
		"to a range after":    {Objects: with("port: 9121", "port: 9122, endPort: 9200"), Want: []string{at}},
		"not scraped":         {Objects: of(api, but(podMonitor, "port: metrics", "port: web"), deny)},
		"to every port":       {Objects: with(ports, "")},
		"to all of TCP":       {Objects: with("port: 9121, ", "")},
		"from another space":  {Objects: with("metadata.name: monitoring", "metadata.name: other"), Want: []string{at}},
		"from other pods":     {Objects: with("name: prometheus", "name: grafana"), Want: []string{at}},
		"from the namespace":  {Objects: with("podSelector: {matchLabels: {app.kubernetes.io/name: prometheus}}", "")},
		"from its own":        {Objects: with(peer, "- podSelector: {}"), Want: []string{at}},
		"from Prometheus'":    {Objects: with(peer, "- podSelector: {}"), Parameters: map[string]any{"namespace": "a"}},
		"from everybody":      {Objects: with("from:\n    "+peer, "from: []")},
		"from the network":    {Objects: with(peer, "- ipBlock: {cidr: 10.0.0.0/8}")},
		"from another":        {Objects: with(peer, "- ipBlock: {cidr: 192.168.0.0/16}"), Want: []string{at}},
		"from a part":         {Objects: with(peer, "- ipBlock: {cidr: 10.42.0.0/24}"), Want: []string{at}},
		"from all but a part": {Objects: with(peer, "- ipBlock: {cidr: 10.0.0.0/8, except: [10.42.7.0/24]}"), Want: []string{at}},
		"from all but others": {Objects: with(peer, "- ipBlock: {cidr: 10.0.0.0/8, except: [10.43.0.0/16]}")},
		"from all but what":   {Objects: with(peer, "- ipBlock: {cidr: 10.0.0.0/8, except: [some]}"), Want: []string{at}},
		"no network":          {Objects: with(peer, "- ipBlock: {cidr: all}"), Want: []string{at}},
		"networks unknown":    {Objects: with(peer, "- ipBlock: {cidr: 0.0.0.0/0}"), Parameters: map[string]any{"networks": []any{}}, Want: []string{at}},
		"by another label":    {Objects: with("name: prometheus", "name: agent"), Parameters: map[string]any{"labels": []any{"app.kubernetes.io/name=agent"}}},
		"by the space's label": {
			Objects: of(with("kubernetes.io/metadata.name: monitoring", "team: x"), "{apiVersion: v1, kind: Namespace, metadata: {name: monitoring, labels: {team: x}}}"),
		},
		"on the node's network": {Objects: of(but(api, "spec: {containers", "spec: {hostNetwork: true, containers"), podMonitor, deny)},
		"another port's policy": {Objects: of(api, but(podMonitor, "[{port: metrics}]", "[{port: metrics}, {port: http}]"), deny, allow), Want: []string{"PodMonitor/api: spec.podMetricsEndpoints[1]"}},
		"through a Service":     {Objects: of(api, service, serviceMonitor, deny), Want: []string{"ServiceMonitor/api: spec.endpoints[0]"}},
		"wrong type":            {Objects: with("port: 9121", "port: true"), Want: []string{"PodMonitor/api: spec.ingress[0].ports[0].port"}},
		"not known":             {Objects: with("port: 9121", "port: <unknown>"), Undecided: []string{"PodMonitor/api: spec.ingress[0].ports[0].port"}},
	})
}
