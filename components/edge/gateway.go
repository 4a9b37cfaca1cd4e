package edge

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
)

const gatewayAPI = "gateway.networking.k8s.io/v1"

// publishGateway registers a Gateway with TLS, the HTTPRoute of the paths, and
// one that sends plain HTTP to HTTPS.
func (a Args) publishGateway(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) error {
	if err := a.newCertificate(ctx, name, opts...); err != nil {
		return err
	}
	for _, one := range []struct {
		suffix string
		object.Custom
	}{
		{"-gateway", a.object(gatewayAPI, "Gateway", a.Name, a.gateway())},
		{"-route", a.object(gatewayAPI, "HTTPRoute", a.Name, a.httpRoute())},
		{"-redirect", a.object(gatewayAPI, "HTTPRoute", a.Name+"-redirect", a.redirect())},
	} {
		if _, err := object.NewCustom(ctx, name+one.suffix, one.Custom, opts...); err != nil {
			return err
		}
	}
	return nil
}

func (a Args) gateway() map[string]any {
	own := map[string]any{"namespaces": map[string]any{"from": "Same"}}
	return map[string]any{
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

func (a Args) parent(listener string) []any {
	return []any{map[string]any{
		"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": a.Name, "sectionName": listener,
	}}
}

func (a Args) httpRoute() map[string]any {
	var rules []any
	for _, p := range a.Paths {
		rules = append(rules, map[string]any{
			"matches": []any{map[string]any{"path": map[string]any{"type": "PathPrefix", "value": p.Prefix}}},
			"backendRefs": []any{map[string]any{
				"group": "", "kind": "Service", "name": p.Service, "port": p.Port, "weight": 1,
			}},
		})
	}
	return map[string]any{"parentRefs": a.parent("https"), "hostnames": []string{a.Host}, "rules": rules}
}

func (a Args) redirect() map[string]any {
	return map[string]any{
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
