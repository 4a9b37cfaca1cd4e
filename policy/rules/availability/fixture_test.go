package availability

import "platform/policy/packtest"

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

// of joins documents, and but replaces texts of one.
var of, but = packtest.Join, packtest.But
