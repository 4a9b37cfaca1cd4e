// Package account gives a component its identity in the cluster and the rights
// that it has.
package account

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
)

// rbacGroup is the API group of roles.
const rbacGroup = "rbac.authorization.k8s.io"

// Access is what a component may ask of the Kubernetes API. The zero value is
// nothing, and then its pods have no token either.
type Access struct {
	Name      string // of its ServiceAccount, roles and bindings; empty lets Pulumi choose
	Namespace []Rule // in the component's own namespace, or in that of In
	In        string // namespace that the rules of Namespace hold in; empty means the component's own
	Cluster   []Rule // in every namespace, and on what has none
}

// Rule allows verbs on resources, as a rule of a Role does.
type Rule struct {
	Groups    []string // API groups; "" is the core group
	Resources []string
	Names     []string // of the objects; none means all
	Verbs     []string
}

func (a Access) any() bool { return len(a.Namespace)+len(a.Cluster) > 0 }

// Account is the identity that pods run under.
type Account struct {
	Name  pulumi.StringInput
	Token bool // they get one, to ask the Kubernetes API with
}

// New gives a component its own identity, with the rights that it needs
// and no others. Its pods get a token only with rights.
func New(ctx *pulumi.Context, name string, app object.App, component string, access Access, opts ...pulumi.ResourceOption) (Account, error) {
	object, err := corev1.NewServiceAccount(ctx, name, &corev1.ServiceAccountArgs{
		Metadata:                     access.metadata(app, component),
		AutomountServiceAccountToken: pulumi.Bool(false), // pods ask for it themselves
	}, opts...)
	if err != nil {
		return Account{}, fmt.Errorf("service account %q: %w", name, err)
	}
	pods := Account{Name: object.Metadata.Name().Elem(), Token: access.any()}
	if err := access.grant(ctx, name, app, component, pods.Name, opts...); err != nil {
		return Account{}, fmt.Errorf("access of %q: %w", name, err)
	}
	return pods, nil
}

func (a Access) metadata(app object.App, component string) *metav1.ObjectMetaArgs {
	if a.Name == "" {
		return app.Unnamed(component)
	}
	return app.Named(component, a.Name)
}

func (a Access) grant(ctx *pulumi.Context, name string, app object.App, component string, account pulumi.StringInput, opts ...pulumi.ResourceOption) error {
	subject := rbacv1.SubjectArgs{
		Kind: pulumi.String("ServiceAccount"), Name: account.ToStringOutput(), Namespace: app.Namespace.ToStringOutput(),
	}
	if len(a.Namespace) > 0 {
		role, err := rbacv1.NewRole(ctx, name, &rbacv1.RoleArgs{Metadata: a.local(app, component), Rules: policyRules(a.Namespace)}, opts...)
		if err != nil {
			return err
		}
		if _, err := rbacv1.NewRoleBinding(ctx, name, &rbacv1.RoleBindingArgs{
			Metadata: a.local(app, component), Subjects: rbacv1.SubjectArray{subject},
			RoleRef: RoleRef("Role", role.Metadata.Name().Elem()),
		}, opts...); err != nil {
			return err
		}
	}
	if len(a.Cluster) == 0 {
		return nil
	}
	role, err := rbacv1.NewClusterRole(ctx, name, &rbacv1.ClusterRoleArgs{Metadata: a.global(app, component), Rules: policyRules(a.Cluster)}, opts...)
	if err != nil {
		return err
	}
	_, err = rbacv1.NewClusterRoleBinding(ctx, name, &rbacv1.ClusterRoleBindingArgs{
		Metadata: a.global(app, component), Subjects: rbacv1.SubjectArray{subject},
		RoleRef: RoleRef("ClusterRole", role.Metadata.Name().Elem()),
	}, opts...)
	return err
}

// local is the metadata of what holds in one namespace.
func (a Access) local(app object.App, component string) *metav1.ObjectMetaArgs {
	meta := a.metadata(app, component)
	if a.In != "" {
		meta.Namespace = pulumi.String(a.In)
	}
	return meta
}

// global is the metadata of an object without a namespace.
func (a Access) global(app object.App, component string) *metav1.ObjectMetaArgs {
	meta := a.metadata(app, component)
	meta.Namespace = nil
	return meta
}

// RoleRef names the role that a binding gives.
func RoleRef(kind string, name pulumi.StringInput) rbacv1.RoleRefArgs {
	return rbacv1.RoleRefArgs{ApiGroup: pulumi.String(rbacGroup), Kind: pulumi.String(kind), Name: name.ToStringOutput()}
}

func policyRules(rules []Rule) rbacv1.PolicyRuleArray {
	var args rbacv1.PolicyRuleArray
	for _, rule := range rules {
		one := rbacv1.PolicyRuleArgs{
			ApiGroups: pulumi.ToStringArray(rule.Groups), Resources: pulumi.ToStringArray(rule.Resources), Verbs: pulumi.ToStringArray(rule.Verbs),
		}
		if len(rule.Names) > 0 {
			one.ResourceNames = pulumi.ToStringArray(rule.Names)
		}
		args = append(args, one)
	}
	return args
}
