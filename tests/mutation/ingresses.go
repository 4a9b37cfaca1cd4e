package mutation

const groupIngress = "ingress"

var (
	ingressKinds = []string{"Ingress"}
	routeKinds   = []string{"Route"}
	gatewayKinds = []string{"Gateway"}
)

var ingresses = []Operator{
	{Group: groupIngress, Name: "tls", Kinds: ingressKinds, At: "spec tls", Do: []Change{removed, emptied}},
	{Group: groupIngress, Name: "secretName", Kinds: ingressKinds, At: "spec tls * secretName", Do: []Change{removed}},
	{Group: groupIngress, Name: "secretName", Kinds: ingressKinds, At: "spec tls * secretName", Where: certified, Do: []Change{replaced("another-tls")}},
	{Group: groupIngress, Name: "hosts of tls", Kinds: ingressKinds, At: "spec tls * hosts", Do: []Change{removed, replaced([]any{"other.example"})}},
	{Group: groupIngress, Name: "host", Kinds: ingressKinds, At: "spec rules * host", Do: []Change{removed, set("*.example.org"), set("other.example")}},
	{Group: groupIngress, Name: "rules", Kinds: ingressKinds, At: "spec rules", Do: []Change{appended("one without a host", map[string]any{"http": map[string]any{"paths": []any{}}})}},
	{Group: groupIngress, Name: "defaultBackend", Kinds: ingressKinds, At: "spec defaultBackend", Do: []Change{set(map[string]any{"service": map[string]any{"name": "backend-service", "port": map[string]any{"number": 8000}}})}},
	{Group: groupIngress, Name: "ingressClassName", Kinds: ingressKinds, At: "spec ingressClassName", Do: []Change{removed, set("another")}},
	{Group: groupIngress, Name: "backend", Kinds: ingressKinds, At: "spec rules * http paths * backend service name", Do: []Change{set("postgres-service"), set("nobody")}},
	{Group: groupIngress, Name: "port of the backend", Kinds: ingressKinds, At: "spec rules * http paths * backend service port number", Do: []Change{other}},
	{Group: groupIngress, Name: "path", Kinds: ingressKinds, At: "spec rules * http paths * pathType", Do: []Change{set("ImplementationSpecific")}},
	{Group: groupIngress, Name: "issuer", Kinds: ingressKinds, At: annotations + "cert-manager.io/cluster-issuer", Do: []Change{removed, replaced("nobody"), replaced("selfsigned")}},
	{Group: groupIngress, Name: "redirect", Kinds: ingressKinds, At: annotations + "nginx.ingress.kubernetes.io/ssl-redirect", Do: []Change{set("false")}},
	{Group: groupIngress, Name: "forced redirect", Kinds: ingressKinds, At: annotations + "nginx.ingress.kubernetes.io/force-ssl-redirect", Do: []Change{replaced("false")}},
	{Group: groupIngress, Name: "snippet", Kinds: ingressKinds, At: annotations + "nginx.ingress.kubernetes.io/configuration-snippet", Do: []Change{set("return 200;")}},
	{Group: groupIngress, Name: "server snippet", Kinds: ingressKinds, At: annotations + "nginx.ingress.kubernetes.io/server-snippet", Do: []Change{set("location / {}")}},
	{Group: groupIngress, Name: "auth snippet", Kinds: ingressKinds, At: annotations + "nginx.ingress.kubernetes.io/auth-snippet", Do: []Change{set("x")}},
	{Group: groupIngress, Name: "tls", Kinds: routeKinds, At: "spec tls", Do: []Change{removed}},
	{Group: groupIngress, Name: "termination", Kinds: routeKinds, At: "spec tls insecureEdgeTerminationPolicy", Do: []Change{removed, set("Allow")}},
	{Group: groupIngress, Name: "host", Kinds: routeKinds, At: "spec host", Do: []Change{removed, set("other.example")}},
	{Group: groupIngress, Name: "wildcardPolicy", Kinds: routeKinds, At: "spec wildcardPolicy", Do: []Change{set("Subdomain")}},
	{Group: groupIngress, Name: "tls", Kinds: gatewayKinds, At: "spec listeners * tls", Do: []Change{removed}},
}

// certified leaves out an Ingress that asks an issuer by annotation: that one
// writes the Secret, whatever its name.
func certified(s Site) bool {
	return !s.Object.At("metadata", "annotations", "cert-manager.io/cluster-issuer").Set()
}
