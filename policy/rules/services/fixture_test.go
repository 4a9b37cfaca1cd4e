package services

import "platform/policy/packtest"

const api = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: a}
spec:
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]}
`

const service = `
apiVersion: v1
kind: Service
metadata: {name: api, namespace: a}
spec:
  type: ClusterIP
  selector: {app: api}
  ports: [{name: http, port: 80, targetPort: http}]
`

const balancer = `
apiVersion: v1
kind: Service
metadata: {name: lb, namespace: a, annotations: {metallb.io/loadBalancerIPs: 10.0.0.5}}
spec:
  type: LoadBalancer
  allocateLoadBalancerNodePorts: false
  selector: {app: api}
  ports: [{name: http, port: 80}, {name: https, port: 443}]
`

const pool = `
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: pool, namespace: m, labels: {x: a}}
spec: {addresses: [10.0.0.1-10.0.0.9, 10.1.0.0/30]}
`

const advertisement = `
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata: {name: l2, namespace: m}
spec: {ipAddressPools: [pool]}
`

// of joins documents, and but replaces texts of one.
var of, but = packtest.Join, packtest.But
