package ingress

import (
	"testing"

	"platform/tests/packtest"
)

func TestBackendExists(t *testing.T) {
	const service = "Ingress/edge: spec.rules[0].http.paths[0].backend.service"
	const ref = "HTTPRoute/edge: spec.rules[0].backendRefs[0]"
	with := func(changes ...string) string { return of(but(ingress, changes...), web) }
	packtest.Run(t, packtest.Named(Rules, "edge-backend-exists"), map[string]packtest.Case{
		"there":               {Objects: of(ingress, httpRoute, redirect, route, web)},
		"not there":           {Objects: of(ingress, httpRoute, route), Want: []string{service + ".name", ref + ".name", "Route/edge: spec.to.name"}},
		"another namespace":   {Objects: of(ingress, but(web, "namespace: a", "namespace: b")), Want: []string{service + ".name"}},
		"by name":             {Objects: with("number: 80", "name: http")},
		"another name":        {Objects: with("number: 80", "name: https"), Want: []string{service + ".port.name"}},
		"another number":      {Objects: with("number: 80", "number: 8080"), Want: []string{service + ".port.number"}},
		"absent":              {Objects: with("{number: 80}", "{}"), Want: []string{service + ".port.name"}},
		"absent in both":      {Objects: of(but(ingress, "{number: 80}", "{}"), but(web, "name: http, ", "")), Want: []string{service + ".port.name"}},
		"a Route's other":     {Objects: but(route, "kind: Service", "kind: Bucket")},
		"by default":          {Objects: with("ingressClassName: nginx", "defaultBackend: {service: {name: other, port: {number: 80}}}"), Want: []string{"Ingress/edge: spec.defaultBackend.service.name"}},
		"no Service":          {Objects: with("service: {name: web, port: {number: 80}}", "resource: {kind: Bucket, name: b}")},
		"a route's port":      {Objects: of(but(httpRoute, "port: 80", "port: 81"), web), Want: []string{ref + ".port"}},
		"a pods' port":        {Objects: of(but(httpRoute, "port: 80", "port: 8080"), web), Want: []string{ref + ".port"}},
		"no kind is Service":  {Objects: of(but(httpRoute, "kind: Service, ", ""), but(route, "kind: Service, ", "")), Want: []string{ref + ".name", "Route/edge: spec.to.name"}},
		"from elsewhere":      {Objects: of(but(httpRoute, "name: web", "name: web, namespace: b"), web), Want: []string{ref + ".name"}},
		"a route's other":     {Objects: but(httpRoute, "kind: Service", "kind: Bucket")},
		"the pods' port":      {Objects: of(but(route, "targetPort: http", "targetPort: 8080"), web)},
		"no pods' port":       {Objects: of(but(route, "targetPort: http", "targetPort: 8081"), web), Want: []string{"Route/edge: spec.port.targetPort"}},
		"beside the first":    {Objects: of(but(route, "port: {", "alternateBackends: [{kind: Service, name: other}]\n  port: {"), web), Want: []string{"Route/edge: spec.alternateBackends[0].name"}},
		"wrong type":          {Objects: with("name: web", "name: 1"), Want: []string{service + ".name"}},
		"not known":           {Objects: with("name: web", "name: <unknown>"), Undecided: []string{service + ".name"}},
		"a name is not known": {Objects: of(ingress, but(web, "name: web", "name: <unknown>")), Undecided: []string{"Ingress/edge: metadata.name"}},
		"one of two unknown": {
			Objects:   with("paths: [", "paths: [<unknown>, ", "name: web", "name: other"),
			Undecided: []string{"Ingress/edge: spec.rules[0].http.paths[0]"}, Want: []string{"Ingress/edge: spec.rules[0].http.paths[1].backend.service.name"},
		},
	})
}

func TestCertificateCovers(t *testing.T) {
	const annotated = "cert-manager.io/cluster-issuer: letsencrypt-prod"
	const gatewaySecret = "Gateway/edge: spec.listeners[1].tls.certificateRefs[0].name"
	const routeSecret = "Route/edge: spec.tls.externalCertificate.name"
	const secret = "{apiVersion: v1, kind: Secret, metadata: {name: tls, namespace: a}}"
	bare := but(ingress, annotated, "")
	packtest.Run(t, packtest.Named(Rules, "edge-has-a-certificate-for-its-hosts"), map[string]packtest.Case{
		"by annotation":     {Objects: ingress},
		"by a Certificate":  {Objects: of(bare, gateway, route, certificate)},
		"absent":            {Objects: of(bare, gateway, route), Want: []string{"Ingress/edge: spec.tls[0].secretName", gatewaySecret, routeSecret}},
		"another Secret":    {Objects: of(route, but(certificate, "secretName: tls", "secretName: other")), Want: []string{routeSecret}},
		"another namespace": {Objects: of(route, but(certificate, "namespace: a", "namespace: b")), Want: []string{routeSecret}},
		"a Secret":          {Objects: of(bare, secret)},
		"elsewhere":         {Objects: of(bare, but(secret, "namespace: a", "namespace: b")), Want: []string{"Ingress/edge: spec.tls[0].secretName"}},
		"by parameter":      {Objects: bare, Parameters: map[string]any{"secrets-of-others": []any{"tls"}}},
		"another host": {
			Objects: of(bare, gateway, route, but(certificate, "web.test", "api.test")),
			Want:    []string{"Ingress/edge: spec.tls[0].hosts[0]", "Gateway/edge: spec.listeners[1].hostname", "Route/edge: spec.host"},
		},
		"no Secret named":    {Objects: but(bare, ", secretName: tls", "")},
		"other Secrets":      {Objects: of(bare, but(secret, "name: tls", "name: other")), Want: []string{"Ingress/edge: spec.tls[0].secretName"}},
		"no host named":      {Objects: of(but(gateway, "port: 443, hostname: web.test", "port: 443"), certificate)},
		"a Route cannot ask": {Objects: but(route, "namespace: a", "namespace: a, annotations: {"+annotated+"}"), Want: []string{routeSecret}},
		"by its own issuer":  {Objects: but(ingress, "cluster-issuer", "issuer")},
		"a Gateway's own":    {Objects: but(gateway, "name: tls}", "name: tls, namespace: a}"), Want: []string{gatewaySecret}},
		"a wildcard":         {Objects: of(route, but(certificate, "web.test", "'*.test'"))},
		"a Gateway's other":  {Objects: but(gateway, "name: tls}", "name: tls, namespace: b}")},
		"a Route of none":    {Objects: but(route, ", externalCertificate: {name: tls}", "")},
		"wrong type":         {Objects: of(but(route, "{name: tls}", "{name: 1}"), certificate), Want: []string{routeSecret}},
		"not known":          {Objects: of(but(route, "{name: tls}", "{name: <unknown>}"), certificate), Undecided: []string{routeSecret}},
		"names unknown":      {Objects: of(route, but(certificate, "[web.test]", "<unknown>")), Undecided: []string{"Route/edge: spec.dnsNames"}},
	})
}

func TestCertificateKey(t *testing.T) {
	const at = "Certificate/tls: spec."
	with := func(fields string) string { return but(certificate, "secretName: tls", "secretName: tls, "+fields) }
	packtest.Run(t, packtest.Named(Rules, "certificate-key-is-strong-and-new"), map[string]packtest.Case{
		"new":        {Objects: with("privateKey: {rotationPolicy: Always, algorithm: ECDSA, size: 256}")},
		"RSA":        {Objects: with("privateKey: {rotationPolicy: Always, size: 2048}")},
		"short":      {Objects: with("privateKey: {rotationPolicy: Always, algorithm: RSA, size: 1024}"), Want: []string{at + "privateKey.size"}},
		"kept":       {Objects: with("privateKey: {rotationPolicy: Never}"), Want: []string{at + "privateKey.rotationPolicy"}},
		"absent":     {Objects: certificate, Want: []string{at + "privateKey.rotationPolicy"}},
		"authority":  {Objects: with("privateKey: {rotationPolicy: Always}, isCA: true"), Want: []string{at + "isCA"}},
		"wrong type": {Objects: with("privateKey: {rotationPolicy: 1}"), Want: []string{at + "privateKey.rotationPolicy"}},
		"not known":  {Objects: with("privateKey: <unknown>"), Undecided: []string{at + "privateKey"}},
	})
}

func TestCertificateNames(t *testing.T) {
	const at = "Certificate/tls: spec.dnsNames"
	packtest.Run(t, packtest.With(packtest.Named(Rules, "certificate-is-for-our-names"), map[string]any{"domains": []any{"eddisonso.com", "epfl.ch", "test"}}), map[string]packtest.Case{
		"ours":       {Objects: certificate},
		"the domain": {Objects: but(certificate, "web.test", "eddisonso.com, '*.cloud.eddisonso.com'")},
		"theirs":     {Objects: but(certificate, "web.test", "web.test, example.org"), Want: []string{at + "[1]"}},
		"near miss":  {Objects: but(certificate, "web.test", "noteddisonso.com"), Want: []string{at + "[0]"}},
		"none":       {Objects: but(certificate, "[web.test]", "[]"), Want: []string{at}},
		"absent":     {Objects: but(certificate, "dnsNames: [web.test], ", ""), Want: []string{at}},
		"wrong type": {Objects: but(certificate, "[web.test]", "web.test"), Want: []string{at}},
		"not known":  {Objects: but(certificate, "[web.test]", "<unknown>"), Undecided: []string{at}},
	})
}

func TestCertificateTrusted(t *testing.T) {
	const at = "Certificate/tls: spec.issuerRef.name"
	stagingServer := but(issuer, "acme-v02", "acme-staging-v02")
	selfSigned := but(issuer, "{acme: {server: https://acme-v02.api.letsencrypt.org/directory}}", "{selfSigned: {}}")
	packtest.Run(t, packtest.Named(Rules, "certificate-is-trusted"), map[string]packtest.Case{
		"trusted":                   {Objects: of(certificate, issuer, ingress)},
		"staging":                   {Objects: but(certificate, "name: acme", "name: letsencrypt-staging"), Want: []string{at}},
		"by annotation":             {Objects: but(ingress, "letsencrypt-prod", "LetsEncrypt-Staging"), Want: []string{"Ingress/edge: metadata.annotations.cert-manager.io/cluster-issuer"}},
		"staging twice":             {Objects: of(but(certificate, "name: acme", "name: staging"), but(stagingServer, "name: acme", "name: staging")), Want: []string{at}},
		"staging, all else unknown": {Objects: of(but(certificate, "name: acme", "name: staging"), but(issuer, "name: acme", "name: <unknown>")), Want: []string{at}},
		"its server":                {Objects: of(certificate, stagingServer), Want: []string{at}},
		"another's":                 {Objects: of(certificate, but(stagingServer, "name: acme", "name: other"))},
		"self-signed":               {Objects: of(certificate, selfSigned), Want: []string{at}},
		"in production":             {Objects: of(certificate, stagingServer), Want: []string{at}},
		"a trial":                   {Objects: of(certificate, stagingServer), Parameters: map[string]any{"trial": true}},
		"absent":                    {Objects: but(certificate, ", issuerRef: {kind: ClusterIssuer, name: acme}", "")},
		"wrong type":                {Objects: of(certificate, but(issuer, "https://acme-v02.api.letsencrypt.org/directory", "1")), Want: []string{"Certificate/tls: spec.acme.server"}},
		"not known":                 {Objects: but(certificate, "name: acme", "name: <unknown>"), Undecided: []string{at}},
		"server unknown":            {Objects: of(certificate, but(issuer, "https://acme-v02.api.letsencrypt.org/directory", "<unknown>")), Undecided: []string{"Certificate/tls: spec.acme.server"}},
	})
}

func TestClassAllowed(t *testing.T) {
	const at = "Ingress/edge: spec.ingressClassName"
	with := func(class string) string { return but(ingress, "ingressClassName: nginx", class) }
	former := but(with("x: z"), "annotations: {", "annotations: {kubernetes.io/ingress.class: nginx, ")
	packtest.Run(t, packtest.With(packtest.Named(Rules, "edge-class-is-allowed"), map[string]any{"classes": []any{"nginx"}}), map[string]packtest.Case{
		"known":           {Objects: of(ingress, gateway)},
		"another":         {Objects: with("ingressClassName: public"), Want: []string{at}},
		"absent":          {Objects: with("x: z"), Want: []string{at}},
		"by annotation":   {Objects: former},
		"another by it":   {Objects: but(former, "ingress.class: nginx", "ingress.class: public"), Want: []string{"Ingress/edge: metadata.annotations.kubernetes.io/ingress.class"}},
		"both":            {Objects: but(former, "x: z", "ingressClassName: public"), Want: []string{at}},
		"another Gateway": {Objects: but(gateway, "gatewayClassName: nginx", "gatewayClassName: public"), Want: []string{"Gateway/edge: spec.gatewayClassName"}},
		"by parameter":    {Objects: with("ingressClassName: public"), Parameters: map[string]any{"classes": []any{"public"}}},
		"wrong type":      {Objects: with("ingressClassName: 1"), Want: []string{at}},
		"not known":       {Objects: with("ingressClassName: <unknown>"), Undecided: []string{at}},
	})
}

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

func TestGatewayTLS(t *testing.T) {
	const certificates = "Gateway/edge: spec.listeners[1].tls.certificateRefs"
	const rule = "HTTPRoute/edge: spec.rules[0]"
	const refs = ", certificateRefs: [{kind: Secret, name: tls}]"
	packtest.Run(t, packtest.Named(Rules, "gateway-has-tls"), map[string]packtest.Case{
		"with TLS":           {Objects: of(gateway, httpRoute, redirect)},
		"no certificate":     {Objects: but(gateway, refs, ""), Want: []string{certificates}},
		"absent":             {Objects: but(gateway, ", tls: {mode: Terminate"+refs+"}", ""), Want: []string{certificates}},
		"passed through":     {Objects: but(gateway, "protocol: HTTPS", "protocol: TLS", "mode: Terminate"+refs, "mode: Passthrough")},
		"in clear":           {Objects: of(gateway, but(httpRoute, "sectionName: https", "sectionName: http")), Want: []string{rule}},
		"on every listener":  {Objects: of(gateway, but(httpRoute, ", sectionName: https", "")), Want: []string{rule}},
		"another Gateway's":  {Objects: of(gateway, but(httpRoute, "name: edge, sectionName: https", "name: other, sectionName: http"))},
		"another namespace":  {Objects: of(gateway, but(httpRoute, "namespace: a", "namespace: b", "sectionName: https", "sectionName: http"))},
		"from there":         {Objects: of(gateway, but(httpRoute, "namespace: a", "namespace: b", "sectionName: https", "sectionName: http, namespace: a")), Want: []string{rule}},
		"redirected to http": {Objects: of(gateway, but(redirect, "scheme: https", "scheme: http")), Want: []string{"HTTPRoute/redirect: spec.rules[0]"}},
		"not redirected":     {Objects: of(gateway, but(redirect, "type: RequestRedirect", "type: URLRewrite")), Want: []string{"HTTPRoute/redirect: spec.rules[0]"}},
		"another protocol":   {Objects: but(gateway, "protocol: HTTP,", "protocol: TCP,"), Want: []string{"Gateway/edge: spec.listeners[0].protocol"}},
		"wrong type":         {Objects: but(gateway, "protocol: HTTPS", "protocol: 1"), Want: []string{"Gateway/edge: spec.listeners[1].protocol"}},
		"not known":          {Objects: but(gateway, "[{kind: Secret, name: tls}]", "<unknown>"), Undecided: []string{certificates}},
		"section unknown":    {Objects: of(gateway, but(httpRoute, "sectionName: https", "sectionName: <unknown>")), Undecided: []string{"HTTPRoute/edge: spec.parentRefs[0].sectionName"}},
	})
}

func TestHostSet(t *testing.T) {
	const at = "Ingress/edge: spec.rules[0].host"
	with := func(host string) string { return but(ingress, "- host: web.test", "- host: "+host) }
	packtest.Run(t, packtest.Named(Rules, "edge-names-its-host"), map[string]packtest.Case{
		"in full":              {Objects: of(ingress, gateway, httpRoute, route)},
		"absent":               {Objects: with("null"), Want: []string{at}},
		"a wildcard":           {Objects: with("'*.test'"), Want: []string{at}},
		"no rules":             {Objects: but(ingress, "rules:", "x:"), Want: []string{"Ingress/edge: spec.rules"}},
		"wrong type":           {Objects: with("1"), Want: []string{at}},
		"not known":            {Objects: with("<unknown>"), Undecided: []string{at}},
		"rule unknown":         {Objects: but(ingress, "rules:\n", "rules:\n  - <unknown>\n  - host: '*.b'\n"), Undecided: []string{"Ingress/edge: spec.rules[0]"}, Want: []string{"Ingress/edge: spec.rules[1].host"}},
		"a Gateway for all":    {Objects: but(gateway, "port: 80, hostname: web.test", "port: 80"), Want: []string{"Gateway/edge: spec.listeners[0].hostname"}},
		"a Gateway's wildcard": {Objects: but(gateway, "port: 80, hostname: web.test", "port: 80, hostname: '*.test'"), Want: []string{"Gateway/edge: spec.listeners[0].hostname"}},
		"no listeners":         {Objects: but(gateway, "listeners:", "x:"), Want: []string{"Gateway/edge: spec.listeners"}},
		"an HTTPRoute for all": {Objects: but(httpRoute, "hostnames: [web.test]", "hostnames: []"), Want: []string{"HTTPRoute/edge: spec.hostnames"}},
		"one of two":           {Objects: but(httpRoute, "hostnames: [web.test]", "hostnames: [web.test, '*']"), Want: []string{"HTTPRoute/edge: spec.hostnames[1]"}},
		"a Route for all":      {Objects: but(route, "host: web.test", "x: z"), Want: []string{"Route/edge: spec.host"}},
		"other kinds":          {Objects: web},
	})
}

func TestIngressTLS(t *testing.T) {
	const host, entries = "Ingress/edge: spec.rules[0].host", "Ingress/edge: spec.tls"
	with := func(tls string) string { return but(ingress, "[{hosts: [web.test], secretName: tls}]", tls) }
	packtest.Run(t, packtest.Named(Rules, "ingress-has-tls"), map[string]packtest.Case{
		"with TLS":      {Objects: ingress},
		"absent":        {Objects: with("null"), Want: []string{host, entries}},
		"empty":         {Objects: with("[]"), Want: []string{host, entries}},
		"another host":  {Objects: with("[{hosts: [api.test], secretName: tls}]"), Want: []string{host}},
		"a wildcard":    {Objects: with("[{hosts: ['*.test'], secretName: tls}]")},
		"two levels up": {Objects: but(with("[{hosts: ['*.test'], secretName: tls}]"), "- host: web.test", "- host: www.web.test"), Want: []string{host}},
		"no Secret":     {Objects: with("[{hosts: [web.test]}]"), Want: []string{"Ingress/edge: spec.tls[0].secretName"}},
		"no host":       {Objects: but(ingress, "- host: web.test", "- host: ''")},
		"wrong type":    {Objects: with("[{hosts: web.test, secretName: tls}]"), Want: []string{"Ingress/edge: spec.tls[0].hosts"}},
		"not known":     {Objects: with("[{hosts: <unknown>, secretName: tls}]"), Undecided: []string{"Ingress/edge: spec.tls[0].hosts"}},
		"all unknown":   {Objects: with("<unknown>"), Undecided: []string{entries}},
	})
}

func TestIssuerAsks(t *testing.T) {
	const at = "ClusterIssuer/acme: spec.acme."
	with := func(fields string) string { return but(issuer, "server: https", fields+", server: https") }
	packtest.Run(t, packtest.Named(Rules, "issuer-asks-its-authority-safely"), map[string]packtest.Case{
		"safely":     {Objects: with("solvers: [{dns01: {cloudflare: {apiTokenSecretRef: {name: a, key: b}}}}]")},
		"by HTTP":    {Objects: but(issuer, "https:", "http:"), Want: []string{at + "server"}},
		"absent":     {Objects: but(issuer, "server: https://acme-v02.api.letsencrypt.org/directory", "email: a@b"), Want: []string{at + "server"}},
		"believing":  {Objects: with("skipTLSVerify: true"), Want: []string{at + "skipTLSVerify"}},
		"no token":   {Objects: with("solvers: [{dns01: {cloudflare: {email: a@b}}}]"), Want: []string{at + "solvers[0].dns01.cloudflare.apiTokenSecretRef"}},
		"of its own": {Objects: but(issuer, "acme: {server: https://acme-v02.api.letsencrypt.org/directory}", "selfSigned: {}")},
		"wrong type": {Objects: with("skipTLSVerify: 'true'"), Want: []string{at + "skipTLSVerify"}},
		"not known":  {Objects: with("skipTLSVerify: <unknown>"), Undecided: []string{at + "skipTLSVerify"}},
	})
}

func TestIssuerExists(t *testing.T) {
	const at = "Certificate/tls: spec.issuerRef.name"
	const annotation = "Ingress/edge: metadata.annotations.cert-manager.io/"
	own := but(certificate, "kind: ClusterIssuer, ", "")
	ownIssuer := but(issuer, "ClusterIssuer", "Issuer", "name: acme", "name: acme, namespace: a")
	packtest.Run(t, packtest.With(packtest.Named(Rules, "certificate-issuer-exists"), map[string]any{"cluster-issuers": []any{"letsencrypt-prod"}}), map[string]packtest.Case{
		"there":                  {Objects: of(certificate, issuer)},
		"not there":              {Objects: certificate, Want: []string{at}},
		"another name":           {Objects: of(certificate, but(issuer, "name: acme", "name: other")), Want: []string{at}},
		"of the cluster":         {Objects: of(but(certificate, "name: acme", "name: letsencrypt-prod"), ingress)},
		"by parameter":           {Objects: certificate, Parameters: map[string]any{"cluster-issuers": []any{"acme"}}},
		"of the namespace":       {Objects: of(own, ownIssuer)},
		"absent means that":      {Objects: of(own, issuer), Want: []string{at}},
		"of another namespace":   {Objects: of(own, but(ownIssuer, "namespace: a", "namespace: b")), Want: []string{at}},
		"no Issuer by parameter": {Objects: but(own, "name: acme", "name: letsencrypt-prod"), Want: []string{at}},
		"of another group":       {Objects: but(certificate, "kind: ClusterIssuer", "group: x.test, kind: ClusterIssuer")},
		"by annotation":          {Objects: but(ingress, "letsencrypt-prod", "acme"), Want: []string{annotation + "cluster-issuer"}},
		"by another":             {Objects: but(ingress, "cluster-issuer: letsencrypt-prod", "issuer: acme"), Want: []string{annotation + "issuer"}},
		"by another's group":     {Objects: but(ingress, "letsencrypt-prod", "acme, cert-manager.io/issuer-group: x.test")},
		"no annotation":          {Objects: gateway},
		"wrong type":             {Objects: but(certificate, "name: acme", "name: 1"), Want: []string{at}},
		"not known":              {Objects: but(certificate, "name: acme", "name: <unknown>"), Undecided: []string{at}},
	})
}

func TestNoDefaultBackend(t *testing.T) {
	const at = "Ingress/edge: spec.defaultBackend"
	with := func(value string) string { return but(ingress, "ingressClassName: nginx", "defaultBackend: "+value) }
	packtest.Run(t, packtest.Named(Rules, "ingress-has-no-default-backend"), map[string]packtest.Case{
		"absent":     {Objects: ingress},
		"null":       {Objects: with("null")},
		"there":      {Objects: with("{service: {name: web, port: {number: 80}}}"), Want: []string{at}},
		"wrong type": {Objects: with("web"), Want: []string{at}},
		"not known":  {Objects: with("<unknown>"), Undecided: []string{at}},
	})
}

func TestNoSnippets(t *testing.T) {
	const at = "Ingress/edge: metadata.annotations.nginx.ingress.kubernetes.io/"
	with := func(annotation string) string {
		return but(ingress, "cert-manager.io/cluster-issuer: letsencrypt-prod", annotation)
	}
	packtest.Run(t, packtest.Named(Rules, "ingress-runs-no-snippets"), map[string]packtest.Case{
		"none":         {Objects: ingress},
		"absent":       {Objects: with("")},
		"a snippet":    {Objects: with("nginx.ingress.kubernetes.io/server-snippet: x"), Want: []string{at + "server-snippet"}},
		"a login":      {Objects: with("nginx.ingress.kubernetes.io/auth-url: x"), Want: []string{at + "auth-url"}},
		"of a realm":   {Objects: with("nginx.ingress.kubernetes.io/auth-realm: x")},
		"by parameter": {Objects: with("a.test/x: z"), Parameters: map[string]any{"endings": []any{"/x"}}, Want: []string{"Ingress/edge: metadata.annotations.a.test/x"}},
		"wrong type":   {Objects: but(ingress, "{cert-manager.io/cluster-issuer: letsencrypt-prod}", "[x]"), Want: []string{"Ingress/edge: metadata.annotations"}},
		"not known":    {Objects: but(ingress, "{cert-manager.io/cluster-issuer: letsencrypt-prod}", "<unknown>"), Undecided: []string{"Ingress/edge: metadata.annotations"}},
		"its text is":  {Objects: with("nginx.ingress.kubernetes.io/server-snippet: <unknown>"), Want: []string{at + "server-snippet"}},
	})
}

func TestPathType(t *testing.T) {
	const at = "Ingress/edge: spec.rules[0].http.paths[0].pathType"
	packtest.Run(t, packtest.Named(Rules, "ingress-paths-are-plain"), map[string]packtest.Case{
		"prefix":     {Objects: ingress},
		"exact":      {Objects: but(ingress, "Prefix", "Exact")},
		"its own":    {Objects: but(ingress, "Prefix", "ImplementationSpecific"), Want: []string{at}},
		"absent":     {Objects: but(ingress, "pathType: Prefix, ", ""), Want: []string{at}},
		"wrong type": {Objects: but(ingress, "Prefix", "1"), Want: []string{at}},
		"not known":  {Objects: but(ingress, "Prefix", "<unknown>"), Undecided: []string{at}},
	})
}

func TestRedirects(t *testing.T) {
	const key = "nginx.ingress.kubernetes.io/ssl-redirect"
	const at = "Ingress/edge: metadata.annotations." + key
	with := func(value string) string { return but(ingress, "annotations: {", "annotations: {"+key+": "+value+", ") }
	packtest.Run(t, packtest.Named(Rules, "ingress-redirects-to-tls"), map[string]packtest.Case{
		"absent":     {Objects: ingress},
		"on":         {Objects: with("'true'")},
		"off":        {Objects: with("'false'"), Want: []string{at}},
		"wrong type": {Objects: with("false"), Want: []string{at}},
		"not known":  {Objects: with("<unknown>"), Undecided: []string{at}},
	})
}

func TestRouteParent(t *testing.T) {
	const at = "HTTPRoute/edge: spec.parentRefs[0]"
	with := func(changes ...string) string { return of(gateway, but(httpRoute, changes...)) }
	packtest.Run(t, packtest.Named(Rules, "http-route-has-its-gateway"), map[string]packtest.Case{
		"there":              {Objects: of(gateway, httpRoute, redirect)},
		"not there":          {Objects: httpRoute, Want: []string{at + ".name"}},
		"another listener":   {Objects: with("sectionName: https", "sectionName: tls"), Want: []string{at + ".sectionName"}},
		"any listener":       {Objects: with(", sectionName: https", "")},
		"of a namespace":     {Objects: with("name: edge, sectionName", "namespace: b, name: edge, sectionName")},
		"of the same":        {Objects: with("name: edge, sectionName", "namespace: a, name: other, sectionName"), Want: []string{at + ".name"}},
		"of a Service":       {Objects: with("kind: Gateway, name: edge", "kind: Service, name: other")},
		"no kind is Gateway": {Objects: with("kind: Gateway, name: edge", "name: other"), Want: []string{at + ".name"}},
		"absent":             {Objects: with("parentRefs: [{kind: Gateway, name: edge, sectionName: https}]", "x: z"), Want: []string{"HTTPRoute/edge: spec.parentRefs"}},
		"wrong type":         {Objects: with("name: edge, sectionName", "name: 1, sectionName"), Want: []string{at + ".name"}},
		"not known":          {Objects: with("name: edge, sectionName", "name: <unknown>, sectionName"), Undecided: []string{at + ".name"}},
		"listeners unknown":  {Objects: of(but(gateway, "name: https", "name: <unknown>"), httpRoute), Undecided: []string{"HTTPRoute/edge: spec.listeners[1].name"}},
	})
}

func TestRouteTLS(t *testing.T) {
	const termination, insecure = "Route/edge: spec.tls.termination", "Route/edge: spec.tls.insecureEdgeTerminationPolicy"
	packtest.Run(t, packtest.Named(Rules, "route-has-tls"), map[string]packtest.Case{
		"redirected":   {Objects: route},
		"refused":      {Objects: but(route, "insecureEdgeTerminationPolicy: Redirect, ", "")},
		"none":         {Objects: but(route, "Redirect", "None")},
		"in clear too": {Objects: but(route, "Redirect", "Allow"), Want: []string{insecure}},
		"absent":       {Objects: but(route, "tls: {termination: edge, insecureEdgeTerminationPolicy: Redirect, externalCertificate: {name: tls}}", ""), Want: []string{termination}},
		"misspelt":     {Objects: but(route, "termination: edge", "termination: Edge"), Want: []string{termination}},
		"wrong type":   {Objects: but(route, "termination: edge", "termination: true"), Want: []string{termination}},
		"not known":    {Objects: but(route, "termination: edge", "termination: <unknown>"), Undecided: []string{termination}},
	})
}
