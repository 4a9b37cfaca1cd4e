package edge

import (
	"fmt"
	"strings"

	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/account"
	"platform/components/object"
)

// The identity of OpenShift's router, which reads the certificate.
const (
	routerNamespace = "openshift-ingress"
	routerAccount   = "router"
)

// publishRoute registers one OpenShift Route a path, all of the same host, with
// TLS ended at the router by cert-manager's certificate.
func (a Args) publishRoute(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) error {
	if err := a.newCertificate(ctx, name, opts...); err != nil {
		return err
	}
	if err := a.letRouterRead(ctx, name, opts...); err != nil {
		return err
	}
	for _, p := range a.Paths {
		suffix := strings.ReplaceAll(p.path(), "/", "-")
		if _, err := object.NewCustom(ctx, name+"-route"+suffix, a.object("route.openshift.io/v1", "Route", a.Name+suffix, a.route(p)), opts...); err != nil {
			return err
		}
	}
	return nil
}

func (a Args) route(p PathRule) map[string]any {
	return map[string]any{
		"host":           a.Host,
		"path":           p.Prefix,
		"wildcardPolicy": "None",
		"to":             map[string]any{"kind": "Service", "name": p.Service, "weight": 100},
		"port":           map[string]any{"targetPort": "http"}, // the name of the Service's port
		"tls": map[string]any{
			"termination":                   "edge",
			"insecureEdgeTerminationPolicy": "Redirect",
			"externalCertificate":           map[string]any{"name": a.TLSSecret},
		},
	}
}

// letRouterRead lets the router see that one Secret, which OpenShift asks of
// whoever names an external certificate.
func (a Args) letRouterRead(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) error {
	role, err := rbacv1.NewRole(ctx, name+"-certificate-reader", &rbacv1.RoleArgs{
		Metadata: a.App.Unnamed(edgeName),
		Rules: rbacv1.PolicyRuleArray{rbacv1.PolicyRuleArgs{
			ApiGroups:     pulumi.ToStringArray([]string{""}),
			Resources:     pulumi.ToStringArray([]string{"secrets"}),
			ResourceNames: pulumi.ToStringArray([]string{a.TLSSecret}),
			Verbs:         pulumi.ToStringArray([]string{"get", "list", "watch"}),
		}},
	}, opts...)
	if err != nil {
		return fmt.Errorf("role: %w", err)
	}
	_, err = rbacv1.NewRoleBinding(ctx, name+"-certificate-reader", &rbacv1.RoleBindingArgs{
		Metadata: a.App.Unnamed(edgeName),
		RoleRef:  account.RoleRef("Role", role.Metadata.Name().Elem()),
		Subjects: rbacv1.SubjectArray{rbacv1.SubjectArgs{
			Kind: pulumi.String("ServiceAccount"), Name: pulumi.String(routerAccount), Namespace: pulumi.String(routerNamespace),
		}},
	}, opts...)
	if err != nil {
		return fmt.Errorf("role binding: %w", err)
	}
	return nil
}
