package ingress

import "platform/policy/packtest"

const ingress = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: edge, namespace: a, annotations: {cert-manager.io/cluster-issuer: letsencrypt-prod}}
spec:
  ingressClassName: nginx
  tls: [{hosts: [web.test], secretName: tls}]
  rules:
  - host: web.test
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
`

const gateway = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: a}
spec:
  gatewayClassName: nginx
  listeners:
  - {name: http, protocol: HTTP, port: 80, hostname: web.test}
  - {name: https, protocol: HTTPS, port: 443, hostname: web.test, tls: {mode: Terminate, certificateRefs: [{kind: Secret, name: tls}]}}
`

const httpRoute = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: edge, namespace: a}
spec:
  parentRefs: [{kind: Gateway, name: edge, sectionName: https}]
  hostnames: [web.test]
  rules:
  - matches: [{path: {type: PathPrefix, value: /}}]
    backendRefs: [{kind: Service, name: web, port: 80}]
`

const redirect = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: redirect, namespace: a}
spec:
  parentRefs: [{kind: Gateway, name: edge, sectionName: http}]
  hostnames: [web.test]
  rules:
  - matches: [{path: {type: PathPrefix, value: /}}]
    filters: [{type: RequestRedirect, requestRedirect: {scheme: https, statusCode: 301}}]
`

const route = `
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: edge, namespace: a}
spec:
  host: web.test
  path: /
  to: {kind: Service, name: web}
  port: {targetPort: http}
  tls: {termination: edge, insecureEdgeTerminationPolicy: Redirect, externalCertificate: {name: tls}}
`

const web = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: a}
spec: {ports: [{name: http, port: 80, targetPort: 8080}]}
`

const certificate = `
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: tls, namespace: a}
spec: {secretName: tls, dnsNames: [web.test], issuerRef: {kind: ClusterIssuer, name: acme}}
`

const issuer = `
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: acme}
spec: {acme: {server: https://acme-v02.api.letsencrypt.org/directory}}
`

// of joins documents, and but replaces texts of one.
var of, but = packtest.Join, packtest.But
