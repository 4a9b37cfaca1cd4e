package monitoring

import "platform/policy/packtest"

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

const deny = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: a}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
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
