package availability

import "strings"

// api is a Deployment with a Service, a budget and an autoscaler, as cases vary
// them.
const api = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: a}
spec:
  replicas: 2
  strategy: {type: RollingUpdate}
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api, tier: x}}
    spec:
      topologySpreadConstraints:
      - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: api}}}
      containers:
      - {name: api, resources: {requests: {cpu: 100m}}}
`

const service = "{apiVersion: v1, kind: Service, metadata: {name: api, namespace: a}, spec: {selector: {app: api}}}"

const budget = `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: api, namespace: a}
spec:
  minAvailable: 1
  selector: {matchLabels: {app: api}}
`

const scaler = `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: api, namespace: a}
spec:
  minReplicas: 2
  maxReplicas: 4
  scaleTargetRef: {kind: Deployment, name: api}
  metrics:
  - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}
`

// of joins documents.
func of(documents ...string) string { return strings.Join(documents, "\n---\n") }

// but is a document with texts replaced: old, new, and so on.
func but(document string, changes ...string) string {
	for i := 0; i < len(changes); i += 2 {
		if !strings.Contains(document, changes[i]) {
			panic("the document has no " + changes[i])
		}
	}
	return strings.NewReplacer(changes...).Replace(document)
}
