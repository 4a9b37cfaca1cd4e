// Package ingress holds the rules about the edge: an Ingress, a Gateway with
// its HTTPRoutes, or OpenShift's Routes, and the certificates of each.
package ingress

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// backends are those of each kind.
var backends = map[string]func(*pack.Report, pack.Object) []backend{
	"Ingress": func(r *pack.Report, o pack.Object) []backend {
		var all []backend
		add := func(at pack.Value) {
			if service := at.At("service"); service.Set() {
				port := service.At("port", "number")
				if !port.Set() {
					port = service.At("port", "name")
				}
				all = append(all, backend{service.At("name"), o.At("metadata", "namespace").Text(), port, false})
			}
		}
		add(o.At("spec", "defaultBackend"))
		pack.Each(r, o, o.At("spec", "rules").Items(), func(rule pack.Value) {
			pack.Each(r, o, rule.At("http", "paths").Items(), func(path pack.Value) { add(path.At("backend")) })
		})
		return all
	},
	"HTTPRoute": func(r *pack.Report, o pack.Object) []backend {
		var all []backend
		pack.Each(r, o, o.At("spec", "rules").Items(), func(rule pack.Value) {
			pack.Each(r, o, rule.At("backendRefs").Items(), func(ref pack.Value) {
				if ref.At("kind").Is("", "Service") {
					namespace := or(ref.At("namespace").Text(), o.At("metadata", "namespace").Text())
					all = append(all, backend{ref.At("name"), namespace, ref.At("port"), false})
				}
			})
		})
		return all
	},
	"Route": func(r *pack.Report, o pack.Object) []backend {
		var all []backend
		to := append([]pack.Value{o.At("spec", "to")}, o.At("spec", "alternateBackends").Items()...)
		pack.Each(r, o, to, func(ref pack.Value) {
			if ref.At("kind").Is("", "Service") {
				all = append(all, backend{ref.At("name"), o.At("metadata", "namespace").Text(), o.At("spec", "port", "targetPort"), true})
			}
		})
		return all
	},
}

// leastRSA is the shortest key that public authorities sign, in bits.
const leastRSA = 2048

// issuerAnnotations are those by which an Ingress or a Gateway asks.
var issuerAnnotations = map[string]string{"cert-manager.io/issuer": "Issuer", "cert-manager.io/cluster-issuer": "ClusterIssuer"}

// issuerGroup is that of cert-manager's own issuers. What other groups have is
// not known here.
const issuerGroup = "cert-manager.io"

// Rules are all of this group, in the order of the list.
var Rules = pack.In(pack.Ingress, []pack.Rule{
	{
		Name: "ingress-has-tls", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "passwords and sessions cross the network in clear",
		Remedy:    "list each host of the rules under tls, with the Secret of its certificate",
		Reference: "https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",
		Kinds:     []string{"Ingress"},
		Object: func(o pack.Object, r *pack.Report) {
			entries := o.At("spec", "tls")
			pack.Each(r, o, o.At("spec", "rules").Items(), func(rule pack.Value) {
				host := rule.At("host")
				name := host.Text()
				if name == "" {
					return // a finding of the rule for hosts
				}
				entry, listed := pack.First(entries.Items(), func(entry pack.Value) bool { return covered(entry.At("hosts"), name) })
				if !listed {
					r.Violated(o, host, "is %s, which no entry of tls lists", name)
				} else if secret := entry.At("secretName"); secret.Text() == "" {
					r.Violated(o, secret, "is missing: %s gets the controller's own certificate", name)
				}
			})
			pack.Each(r, o, []pack.Value{entries}, func(entries pack.Value) {
				if len(entries.Items()) == 0 {
					r.Violated(o, entries, "is missing")
				}
			})
		},
	},
	{
		Name: "gateway-has-tls", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "passwords and sessions cross the network in clear",
		Remedy:    "give each HTTPS listener a certificate, and let routes of an HTTP listener redirect to https and do nothing else",
		Reference: "https://gateway-api.sigs.k8s.io/guides/tls/",
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, s.Kinds("Gateway"), func(gateway pack.Object) {
				pack.Each(r, gateway, gateway.At("spec", "listeners").Items(), func(listener pack.Value) {
					protocol := listener.At("protocol")
					switch protocol.Text() {
					case "HTTPS", "TLS":
						if at := listener.At("tls", "certificateRefs"); len(at.Items()) == 0 && !listener.At("tls", "mode").Is("Passthrough") {
							r.Violated(gateway, at, "names no certificate")
						}
					case "HTTP":
						pack.Each(r, gateway, s.Kinds("HTTPRoute"), func(route pack.Object) {
							if attached(route, gateway, listener.At("name").Text()) {
								checkPlain(r, route)
							}
						})
					default:
						r.Violated(gateway, protocol, "is %q, which has no TLS", protocol.Text())
					}
				})
			})
		},
	},
	{
		Name: "route-has-tls", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "passwords and sessions cross the network in clear",
		Remedy:    "set tls.termination, and tls.insecureEdgeTerminationPolicy to Redirect or None",
		Reference: "https://docs.openshift.com/container-platform/4.16/networking/routes/secured-routes.html",
		Kinds:     []string{"Route"},
		Object: func(o pack.Object, r *pack.Report) {
			if at := o.At("spec", "tls", "termination"); !at.Is("edge", "reencrypt", "passthrough") {
				r.Violated(o, at, "is none of edge, reencrypt and passthrough")
			}
			if at := o.At("spec", "tls", "insecureEdgeTerminationPolicy"); at.Is("Allow") {
				r.Violated(o, at, "is Allow: the same is answered in clear")
			}
		},
	},
	{
		Name: "edge-names-its-host", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "without a host, or with a wildcard, it answers for every name that leads to the controller, and takes it from others",
		Remedy:    "name each host in full",
		Reference: "https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards",
		Kinds:     []string{"Gateway", "HTTPRoute", "Ingress", "Route"},
		Object: func(o pack.Object, r *pack.Report) {
			places, list := places(o)
			if len(places) == 0 {
				r.Violated(o, list, "names no host")
			}
			pack.Each(r, o, places, func(at pack.Value) {
				switch host := at.Text(); {
				case host == "":
					r.Violated(o, at, "is missing")
				case strings.Contains(host, "*"):
					r.Violated(o, at, "is %s, for every such name", host)
				}
			})
		},
	},
	{
		Name: "ingress-runs-no-snippets", Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
		Reason:    "a snippet is configuration of the controller, who may read every Secret of the cluster (CVE-2021-25742, CVE-2025-1974)",
		Remedy:    "remove the annotation; what it did belongs into the backend",
		Reference: "https://github.com/kubernetes/kubernetes/issues/131009",
		// Ends of the names of annotations whose text ends up in the controller's
		// configuration as it is.
		Parameters: map[string]any{"endings": []any{
			"-snippet", "/auth-url", "/auth-signin", "/auth-tls-match-cn", "/mirror-target", "/mirror-host",
		}},
		Kinds: []string{"Ingress"},
		Object: func(o pack.Object, r *pack.Report) {
			annotations := o.At("metadata", "annotations")
			for _, key := range annotations.Keys() {
				for _, ending := range r.List("endings") {
					if strings.HasSuffix(key, ending) {
						r.Violated(o, annotations.At(key), "is written into the controller's configuration")
					}
				}
			}
		},
	},
	{
		Name: "edge-class-is-allowed", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:     "no controller serves a class that the cluster does not have, and a second one may face another network",
		Remedy:     "set ingressClassName, or gatewayClassName, to the class of platform:edge",
		Reference:  "the platform's description: Ingress",
		Parameters: map[string]any{"classes": []any{}},
		Kinds:      []string{"Gateway", "Ingress"},
		Object: func(o pack.Object, r *pack.Report) {
			at := o.At("spec", "ingressClassName")
			if o.Kind == "Gateway" {
				at = o.At("spec", "gatewayClassName")
			} else if former := o.At("metadata", "annotations", "kubernetes.io/ingress.class"); !at.Set() && former.Set() {
				at = former
			}
			switch class := at.Text(); {
			case class == "":
				r.Violated(o, at, "is not set")
			case !slices.Contains(r.List("classes"), class):
				r.Violated(o, at, "is %s", class)
			}
		},
	},
	{
		Name: "edge-backend-exists", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "users get an error 503 for a path whose Service, or whose port of it, is not there",
		Remedy:    "name a Service of the namespace and one of its ports",
		Reference: "https://kubernetes.io/docs/concepts/services-networking/ingress/#resource-backend",
		Stack: func(s *pack.Stack, r *pack.Report) {
			for _, kind := range []string{"HTTPRoute", "Ingress", "Route"} {
				pack.Each(r, nil, s.Kinds(kind), func(o pack.Object) {
					pack.Each(r, o, backends[kind](r, o), func(b backend) { b.check(s, r, o) })
				})
			}
		},
	},
	{
		Name: "http-route-has-its-gateway", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a route without a Gateway, or with a listener that the Gateway does not have, is served by nobody",
		Remedy:    "name a Gateway of the namespace in parentRefs, and one of its listeners in sectionName",
		Reference: "https://gateway-api.sigs.k8s.io/api-types/httproute/#attaching-to-gateways",
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, s.Kinds("HTTPRoute"), func(route pack.Object) {
				parents := route.At("spec", "parentRefs")
				if len(parents.Items()) == 0 {
					r.Violated(route, parents, "is missing")
				}
				pack.Each(r, route, parents.Items(), func(parent pack.Value) {
					if !parent.At("kind").Is("", "Gateway") || !inNamespace(route, or(parent.At("namespace").Text(), route.At("metadata", "namespace").Text())) {
						return // a Gateway of another namespace is another stack's
					}
					gateway, found := pack.First(s.Kinds("Gateway"), func(gateway pack.Object) bool { return parentIs(route, parent, gateway) })
					if !found {
						r.Violated(route, parent.At("name"), "is %q, a Gateway that the namespace does not have", parent.At("name").Text())
						return
					}
					section := parent.At("sectionName")
					if name := section.Text(); name != "" && !pack.Some(gateway.At("spec", "listeners").Items(), func(listener pack.Value) bool {
						return listener.At("name").Is(name)
					}) {
						r.Violated(route, section, "is %q, a listener that %s does not have", name, gateway)
					}
				})
			})
		},
	},
	{
		Name: "certificate-issuer-exists", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:     "a certificate of an issuer that is not there is never issued, and an old one expires",
		Remedy:     "name an issuer of this stack, or add the cluster's own to the rule's parameter",
		Reference:  "https://cert-manager.io/docs/concepts/issuer/",
		Parameters: map[string]any{"cluster-issuers": []any{}}, // of whoever runs the cluster
		Stack: func(s *pack.Stack, r *pack.Report) {
			wishes(s, r, func(w wish) {
				name := w.name.Text()
				if w.kind == "ClusterIssuer" && slices.Contains(r.List("cluster-issuers"), name) {
					return
				}
				if _, found := w.issuer(s); !found {
					r.Violated(w.object, w.name, "is %q, and there is no such %s", name, w.kind)
				}
			})
		},
	},
	{
		Name: "certificate-is-trusted", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:     "browsers refuse certificates of a staging or self-signed issuer, and users learn to click warnings away",
		Remedy:     "name an issuer of the authority's production server",
		Reference:  "https://letsencrypt.org/docs/staging-environment/",
		Parameters: map[string]any{"trial": false},
		Stack: func(s *pack.Stack, r *pack.Report) {
			if r.Trial() {
				return
			}
			wishes(s, r, func(w wish) {
				if name := w.name.Text(); staging(name) {
					r.Violated(w.object, w.name, "is %s", name)
				} else if issuer, found := w.issuer(s); found {
					w.check(r, issuer)
				}
			})
		},
	},
	{
		Name: "edge-has-a-certificate-for-its-hosts", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "without a Secret that somebody writes the controller answers with its own certificate, which browsers refuse",
		Remedy:    "have a Certificate for the host write the Secret, or ask an issuer by annotation",
		Reference: "https://cert-manager.io/docs/usage/certificate/",
		// Secrets that others write into the namespace.
		Parameters: map[string]any{"secrets-of-others": []any{}},
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, s.Kinds("Gateway", "Ingress", "Route"), func(o pack.Object) {
				if asksByAnnotation(o) {
					return
				}
				pack.Each(r, o, presented(o), func(p presentation) {
					name := p.secret.Text()
					if name == "" || slices.Contains(r.List("secrets-of-others"), name) ||
						pack.Some(s.Kinds("Secret"), func(secret pack.Object) bool { return secret.Called(name) && secret.Beside(o) }) {
						return
					}
					certificate, found := pack.First(s.Kinds("Certificate"), func(c pack.Object) bool {
						return c.At("spec", "secretName").Is(name) && c.Beside(o)
					})
					if !found {
						r.Violated(o, p.secret, "is %q, a Secret that nobody writes", name)
						return
					}
					pack.Each(r, o, p.hosts, func(host pack.Value) {
						if host.Text() != "" && !covered(certificate.At("spec", "dnsNames"), host.Text()) {
							r.Violated(o, host, "is %s, which %s is not for", host.Text(), certificate)
						}
					})
				})
			})
		},
	},
	{
		Name: "ingress-has-no-default-backend", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a default backend answers for every host and path that nobody listed",
		Remedy:    "list the hosts and paths in spec.rules",
		Reference: "https://kubernetes.io/docs/concepts/services-networking/ingress/#default-backend",
		Kinds:     []string{"Ingress"},
		Object: func(o pack.Object, r *pack.Report) {
			if at := o.At("spec", "defaultBackend"); at.Set() {
				r.Violated(o, at, "answers for whatever is not listed")
			}
		},
	},
	{
		Name: "ingress-paths-are-plain", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "the controller reads a path of its own kind as a pattern and writes it into its configuration",
		Remedy:    "set pathType to Prefix or Exact",
		Reference: "https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types",
		Kinds:     []string{"Ingress"},
		Object: func(o pack.Object, r *pack.Report) {
			pack.Each(r, o, o.At("spec", "rules").Items(), func(rule pack.Value) {
				pack.Each(r, o, rule.At("http", "paths").Items(), func(path pack.Value) {
					if kind := path.At("pathType"); !kind.Is("Exact", "Prefix") {
						r.Violated(o, kind, "is neither Prefix nor Exact")
					}
				})
			})
		},
	},
	{
		Name: "ingress-redirects-to-tls", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "who types the address without https sends the first request, with its cookies, in clear",
		Remedy:    "remove the annotation: the controller redirects by itself",
		Reference: "https://kubernetes.github.io/ingress-nginx/user-guide/tls/#server-side-https-enforcement-through-redirect",
		Kinds:     []string{"Ingress"},
		Parameters: map[string]any{"annotations": []any{
			"nginx.ingress.kubernetes.io/ssl-redirect", "nginx.ingress.kubernetes.io/force-ssl-redirect",
		}},
		Object: func(o pack.Object, r *pack.Report) {
			annotations := o.At("metadata", "annotations")
			pack.Each(r, o, r.List("annotations"), func(key string) {
				if at := annotations.At(key); at.Is("false") {
					r.Violated(o, at, "leaves requests in clear as they are")
				}
			})
		},
	},
	{
		Name: "certificate-key-is-strong-and-new", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a key that stays for ever or is short is one that somebody has, and a certificate that signs others is one for every name",
		Remedy:    "set privateKey.rotationPolicy to Always with ECDSA, Ed25519 or RSA of 2048 bits, and leave out isCA",
		Reference: "https://cert-manager.io/docs/usage/certificate/#issuance-behavior-rotation-of-the-private-key",
		Kinds:     []string{"Certificate"},
		Object: func(o pack.Object, r *pack.Report) {
			key := o.At("spec", "privateKey")
			if at := key.At("rotationPolicy"); !at.Is("Always") {
				r.Violated(o, at, "keeps the key when the certificate is renewed")
			}
			if size := key.At("size"); key.At("algorithm").Is("", "RSA") && size.Set() && size.Int() < leastRSA {
				r.Violated(o, size, "is %d bits of RSA", size.Int())
			}
			if at := o.At("spec", "isCA"); at.True() {
				r.Violated(o, at, "signs other certificates")
			}
		},
	},
	{
		Name: "certificate-is-for-our-names", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:     "a certificate without names is refused, and one for the name of somebody else is a try that the authority counts and publishes",
		Remedy:     "list the hosts of the stack in dnsNames, all of them in its own domain",
		Reference:  "https://cert-manager.io/docs/usage/certificate/",
		Kinds:      []string{"Certificate"},
		Parameters: map[string]any{"domains": []any{}},
		Object: func(o pack.Object, r *pack.Report) {
			names := o.At("spec", "dnsNames")
			if len(names.Items()) == 0 {
				r.Violated(o, names, "names no host")
			}
			pack.Each(r, o, names.Items(), func(name pack.Value) {
				if !slices.ContainsFunc(r.List("domains"), func(domain string) bool {
					return name.Text() == domain || strings.HasSuffix(name.Text(), "."+domain)
				}) {
					r.Violated(o, name, "is %s, which is not ours", name.Text())
				}
			})
		},
	},
	{
		Name: "issuer-asks-its-authority-safely", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "who stands between the issuer and its authority signs what it likes, and without the token of the solver nothing is signed",
		Remedy:    "name the server by https, leave out skipTLSVerify, and refer to the token of each solver",
		Reference: "https://cert-manager.io/docs/configuration/acme/",
		Kinds:     []string{"ClusterIssuer", "Issuer"},
		Object: func(o pack.Object, r *pack.Report) {
			acme := o.At("spec", "acme")
			if !acme.Set() {
				return
			}
			if at := acme.At("server"); !strings.HasPrefix(at.Text(), "https://") {
				r.Violated(o, at, "is not asked by https")
			}
			if at := acme.At("skipTLSVerify"); at.True() {
				r.Violated(o, at, "believes whoever answers")
			}
			pack.Each(r, o, acme.At("solvers").Items(), func(solver pack.Value) {
				cloudflare := solver.At("dns01", "cloudflare")
				if token := cloudflare.At("apiTokenSecretRef"); cloudflare.Set() && token.At("name").Text() == "" {
					r.Violated(o, token, "names no Secret")
				}
			})
		},
	},
})

// backend is a Service that requests go to.
type backend struct {
	name      pack.Value
	namespace string
	port      pack.Value // number or name; not set means none
	ofPods    bool       // a number may be that of the pods' port
}

// check looks for the Service and its port.
func (b backend) check(s *pack.Stack, r *pack.Report, o pack.Object) {
	name := b.name.Text()
	service, found := pack.First(s.Kinds("Service"), func(service pack.Object) bool {
		return service.Called(name) && inNamespace(service, b.namespace)
	})
	if !found {
		r.Violated(o, b.name, "is %q, a Service that the namespace does not have", name)
		return
	}
	port := b.port.Port()
	if !pack.Some(service.At("spec", "ports").Items(), func(one pack.Value) bool {
		return port != "" && (one.At("port").Port() == port || one.At("name").Text() == port ||
			b.ofPods && one.At("targetPort").Port() == port)
	}) {
		r.Violated(o, b.port, "is %q, a port that %s does not have", port, service)
	}
}

// asksByAnnotation reports whether cert-manager makes the certificates of an
// object from its own hosts.
func asksByAnnotation(o pack.Object) bool {
	if o.Kind == "Route" {
		return false
	}
	annotations := o.At("metadata", "annotations")
	return annotations.At("cert-manager.io/issuer").Set() || annotations.At("cert-manager.io/cluster-issuer").Set()
}

// presentation is a certificate that an object shows for hosts.
type presentation struct {
	secret pack.Value
	hosts  []pack.Value
}

func presented(o pack.Object) []presentation {
	var all []presentation
	switch o.Kind {
	case "Route":
		all = append(all, presentation{o.At("spec", "tls", "externalCertificate", "name"), []pack.Value{o.At("spec", "host")}})
	case "Ingress":
		for _, entry := range o.At("spec", "tls").Items() {
			all = append(all, presentation{entry.At("secretName"), entry.At("hosts").Items()})
		}
	case "Gateway":
		for _, listener := range o.At("spec", "listeners").Items() {
			for _, ref := range listener.At("tls", "certificateRefs").Items() {
				if namespace := ref.At("namespace").Text(); namespace == "" || inNamespace(o, namespace) {
					all = append(all, presentation{ref.At("name"), []pack.Value{listener.At("hostname")}})
				}
			}
		}
	}
	return all
}

// check checks the issuer that is asked.
func (w wish) check(r *pack.Report, issuer pack.Object) {
	if server := issuer.At("spec", "acme", "server").Text(); staging(server) {
		r.Violated(w.object, w.name, "is %s, whose server is %s", issuer, server)
	}
	if issuer.At("spec", "selfSigned").Set() {
		r.Violated(w.object, w.name, "is %s, which is self-signed", issuer)
	}
}

func staging(text string) bool { return strings.Contains(strings.ToLower(text), "staging") }

// attached reports whether a route takes requests of a Gateway's listener. A
// route that names no listener takes those of all.
func attached(route, gateway pack.Object, listener string) bool {
	return pack.Some(route.At("spec", "parentRefs").Items(), func(parent pack.Value) bool {
		section := parent.At("sectionName").Text()
		return parentIs(route, parent, gateway) && (section == "" || section == listener)
	})
}

// parentIs reports whether a reference of a route means a Gateway.
func parentIs(route pack.Object, parent pack.Value, gateway pack.Object) bool {
	namespace := or(parent.At("namespace").Text(), route.At("metadata", "namespace").Text())
	return gateway.Called(parent.At("name").Text()) && inNamespace(gateway, namespace)
}

// judgePlain checks a route that gets requests in clear.
func checkPlain(r *pack.Report, route pack.Object) {
	pack.Each(r, route, route.At("spec", "rules").Items(), func(rule pack.Value) {
		redirects := pack.Some(rule.At("filters").Items(), func(filter pack.Value) bool {
			return filter.At("type").Is("RequestRedirect") && filter.At("requestRedirect", "scheme").Is("https")
		})
		if !redirects {
			r.Violated(route, rule, "answers requests in clear instead of redirecting them to https")
		}
	})
}

// places is where an object of the edge names hosts, and what lists them.
func places(o pack.Object) ([]pack.Value, pack.Value) {
	var all []pack.Value
	switch o.Kind {
	case "HTTPRoute":
		list := o.At("spec", "hostnames")
		return list.Items(), list
	case "Route":
		return []pack.Value{o.At("spec", "host")}, o.At("spec", "host")
	}
	list, key := o.At("spec", "rules"), "host"
	if o.Kind == "Gateway" {
		list, key = o.At("spec", "listeners"), "hostname"
	}
	for _, item := range list.Items() {
		if item.Known() {
			item = item.At(key)
		}
		all = append(all, item)
	}
	return all, list
}

// wish is an issuer that an object asks for a certificate.
type wish struct {
	object pack.Object
	name   pack.Value
	kind   string // Issuer or ClusterIssuer
}

// wishes are all of a stack.
func wishes(s *pack.Stack, r *pack.Report, check func(wish)) {
	pack.Each(r, nil, s.Kinds("Certificate"), func(o pack.Object) {
		if ref := o.At("spec", "issuerRef"); ref.At("group").Is("", issuerGroup) {
			check(wish{o, ref.At("name"), or(ref.At("kind").Text(), "Issuer")})
		}
	})
	pack.Each(r, nil, s.Kinds("Ingress", "Gateway"), func(o pack.Object) {
		for _, key := range []string{"cert-manager.io/issuer", "cert-manager.io/cluster-issuer"} {
			if at := o.At("metadata", "annotations", key); at.Set() && o.At("metadata", "annotations", "cert-manager.io/issuer-group").Is("", issuerGroup) {
				check(wish{o, at, issuerAnnotations[key]})
			}
		}
	})
}

// issuer is what a wish asks; false where the stack does not have it.
func (w wish) issuer(s *pack.Stack) (pack.Object, bool) {
	name := w.name.Text()
	return pack.First(s.Kinds(w.kind), func(o pack.Object) bool {
		return o.Called(name) && (w.kind == "ClusterIssuer" || o.Beside(w.object))
	})
}

// covered reports whether a list of DNS names holds a host, by itself or by a
// wildcard for one level.
func covered(names pack.Value, host string) bool {
	return pack.Some(names.Items(), func(name pack.Value) bool {
		_, parent, _ := strings.Cut(host, ".")
		return name.Text() == host || name.Text() == "*."+parent
	})
}

// inNamespace reports whether an object is in a namespace.
func inNamespace(o pack.Object, namespace string) bool {
	return o.At("metadata", "namespace").Text() == namespace
}

// or is a text, or another where it is empty.
func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
