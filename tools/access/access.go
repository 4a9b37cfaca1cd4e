// Package access is what a preview from CI may ask of a cluster: an identity
// with the rights that the stack's own objects need, and a policy that refuses
// whatever that identity would really write.
//
// A preview sends every change to the API server as a dry run, which is
// authorized as the write that it stands for. RBAC cannot tell the two apart;
// an admission policy can.
package access

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"platform/policy/pack"
)

// Account is the identity's name, and that of everything made for it.
const Account = "ci-preview"

// Access is all objects of the identity, in the order in which they are
// applied: the policy comes before the rights.
type Access struct {
	Stack     string
	Namespace string // of the account
	Objects   []any

	lists []string
}

// previewing are the verbs of a preview: it reads an object, and applies it as
// a dry run (patch), which for one that is not there yet is a create. Without
// the latter two the provider says nothing and compares by itself, which misses
// what the server would refuse.
var previewing = []string{"get", "create", "patch"}

// reached is the namespace that the program reads to see whether the cluster
// answers, and that it is the one meant.
const reached = "kube-system"

// granting are asked for in addition to change a role or a binding, even as a
// dry run: the server would else refuse rights that the identity has not
// itself. They are given for the stack's own roles alone.
var granting = map[string]string{"roles": "escalate", "clusterroles": "escalate"}

// New is what a preview of these objects needs. They are as rendered: what is
// in a namespace names it. The program also lists the resources named in lists,
// such as deployments, in the namespaces where it has some.
func New(stack *pack.Stack, lists ...string) (*Access, error) {
	a := &Access{Stack: stack.Name, lists: lists}
	for _, o := range stack.Objects {
		if o.Kind == "Namespace" {
			a.Namespace = o.Name()
			break
		}
	}
	if a.Namespace == "" {
		return nil, fmt.Errorf("stack %s: has no Namespace for the account %s; render the whole stack", stack.Name, Account)
	}
	kinds, err := kindsOf(stack)
	if err != nil {
		return nil, err
	}
	a.Objects = append(a.Objects, a.account(), a.policy(), a.binding())
	a.Objects = append(a.Objects, a.roles(kinds)...)
	return a, nil
}

// kind is objects of one kind in one namespace; without one they are the
// cluster's.
type kind struct {
	namespace string
	schema.GroupResource
	names []string
}

func kindsOf(stack *pack.Stack) ([]kind, error) {
	all := []kind{{GroupResource: schema.GroupResource{Resource: "namespaces"}, names: []string{reached}}}
	for _, o := range stack.Objects {
		version, err := schema.ParseGroupVersion(o.APIVersion)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o, err)
		}
		plural, _ := meta.UnsafeGuessKindToResource(version.WithKind(o.Kind))
		one := kind{namespace: o.Namespace(), GroupResource: plural.GroupResource()}
		at := slices.IndexFunc(all, func(k kind) bool { return k.namespace == one.namespace && k.GroupResource == one.GroupResource })
		if at < 0 {
			all, at = append(all, one), len(all)
		}
		all[at].names = append(all[at].names, o.Name())
	}
	slices.SortFunc(all, func(a, b kind) int {
		return cmp.Or(cmp.Compare(a.namespace, b.namespace), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Resource, b.Resource))
	})
	return all, nil
}

func (a *Access) account() any {
	return &corev1.ServiceAccount{TypeMeta: typed("v1", "ServiceAccount"), ObjectMeta: a.named(Account, a.Namespace)}
}

func typed(version, kind string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: version, Kind: kind}
}

func (a *Access) named(name, namespace string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Namespace: namespace, Labels: map[string]string{
		"app.kubernetes.io/name": Account, "app.kubernetes.io/part-of": "platform", "app.kubernetes.io/managed-by": "platformctl",
	}}
}

// cluster is the name of what has no namespace: other stacks may be in the same
// cluster.
func (a *Access) cluster() string { return Account + "-" + a.Namespace }

func (a *Access) subject() rbacv1.Subject {
	return rbacv1.Subject{Kind: "ServiceAccount", Name: Account, Namespace: a.Namespace}
}

// Write writes the objects as manifests, divided by ---.
func (a *Access) Write(out io.Writer) error {
	fmt.Fprintf(out, "# What a preview of stack %s from CI may do: apply it as an administrator, and again when the stack has another kind of object or another Secret.\n", a.Stack)
	for _, object := range a.Objects {
		text, err := yaml.Marshal(object)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "---\n%s", text)
	}
	return nil
}
