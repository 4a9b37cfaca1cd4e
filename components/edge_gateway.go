package components

import (
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const gatewayAPI = "gateway.networking.k8s.io/v1"

// publishGateway registers a Gateway with TLS, the HTTPRoute of the paths, and
// one that sends plain HTTP to HTTPS.
func (a EdgeArgs) publishGateway(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) error {
	if err := a.newCertificate(ctx, name, opts...); err != nil {
		return err
	}
	if err := a.custom(ctx, name+"-gateway", gatewayAPI, "Gateway", a.Name, a.gateway(), opts...); err != nil {
		return err
	}
	if err := a.custom(ctx, name+"-route", gatewayAPI, "HTTPRoute", a.Name, a.httpRoute(), opts...); err != nil {
		return err
	}
	return a.custom(ctx, name+"-redirect", gatewayAPI, "HTTPRoute", a.Name+"-redirect", a.redirect(), opts...)
}

func (a EdgeArgs) gateway() kubernetes.UntypedArgs {
	own := map[string]any{"namespaces": map[string]any{"from": "Same"}}
	return kubernetes.UntypedArgs{
		"gatewayClassName": a.Class,
		"listeners": []any{
			map[string]any{"name": "http", "protocol": "HTTP", "port": 80, "hostname": a.Host, "allowedRoutes": own},
			map[string]any{
				"name": "https", "protocol": "HTTPS", "port": 443, "hostname": a.Host, "allowedRoutes": own,
				"tls": map[string]any{
					"mode":            "Terminate",
					"certificateRefs": []any{map[string]any{"group": "", "kind": "Secret", "name": a.TLSSecret}},
				},
			},
		},
	}
}

func (a EdgeArgs) parent(listener string) []any {
	return []any{map[string]any{
		"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": a.Name, "sectionName": listener,
	}}
}

func (a EdgeArgs) httpRoute() kubernetes.UntypedArgs {
	var rules []any
	for _, p := range a.Paths {
		rules = append(rules, map[string]any{
			"matches": []any{map[string]any{"path": map[string]any{"type": "PathPrefix", "value": p.Prefix}}},
			"backendRefs": []any{map[string]any{
				"group": "", "kind": "Service", "name": p.Service, "port": p.Port, "weight": 1,
			}},
		})
	}
	return kubernetes.UntypedArgs{"parentRefs": a.parent("https"), "hostnames": []string{a.Host}, "rules": rules}
}

func (a EdgeArgs) redirect() kubernetes.UntypedArgs {
	return kubernetes.UntypedArgs{
		"parentRefs": a.parent("http"),
		"hostnames":  []string{a.Host},
		"rules": []any{map[string]any{
			"matches": []any{map[string]any{"path": map[string]any{"type": "PathPrefix", "value": "/"}}},
			"filters": []any{map[string]any{
				"type":            "RequestRedirect",
				"requestRedirect": map[string]any{"scheme": "https", "statusCode": 301},
			}},
		}},
	}
}
