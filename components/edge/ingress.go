package edge

import (
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
)

// publishIngress registers one Ingress. Its only annotation is cert-manager's:
// ingress-nginx, which serves the class nginx today, had its last release in
// March 2026, so nothing may depend on what only it understands.
func (a Args) publishIngress(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) error {
	meta := a.App.Named(edgeName, a.Name)
	meta.Annotations = object.Annotated(meta.Annotations, "cert-manager.io/cluster-issuer", a.Issuer)
	var paths networkingv1.HTTPIngressPathArray
	for _, p := range a.Paths {
		paths = append(paths, networkingv1.HTTPIngressPathArgs{
			Path: pulumi.String(p.Prefix), PathType: pulumi.String("Prefix"),
			Backend: networkingv1.IngressBackendArgs{Service: networkingv1.IngressServiceBackendArgs{
				Name: pulumi.String(p.Service),
				Port: networkingv1.ServiceBackendPortArgs{Number: pulumi.Int(p.Port)},
			}},
		})
	}
	_, err := networkingv1.NewIngress(ctx, name, &networkingv1.IngressArgs{
		Metadata: meta,
		Spec: networkingv1.IngressSpecArgs{
			IngressClassName: pulumi.String(a.Class),
			Tls: networkingv1.IngressTLSArray{networkingv1.IngressTLSArgs{
				Hosts: pulumi.ToStringArray([]string{a.Host}), SecretName: pulumi.String(a.TLSSecret),
			}},
			Rules: networkingv1.IngressRuleArray{networkingv1.IngressRuleArgs{
				Host: pulumi.String(a.Host), Http: networkingv1.HTTPIngressRuleValueArgs{Paths: paths},
			}},
		},
	}, append(opts, pulumi.Timeouts(&pulumi.CustomTimeouts{Create: "5m", Update: "5m"}))...)
	return err
}
