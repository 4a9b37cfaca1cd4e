package components

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeNamespace = "platform:components:Namespace" // the state remembers it: change it only with an alias

// Namespace is a namespace that refuses pods below Pod Security's level
// restricted and bounds what all its pods ask for together.
type Namespace struct {
	pulumi.ResourceState
	Name pulumi.StringOutput `pulumi:"name"`
}

// NamespaceArgs shapes a namespace. Name, App and Environment have no default.
type NamespaceArgs struct {
	Name        string
	App         string
	Environment string
	Quota       Quota
	Protect     bool // refuse to delete it, and with it everything inside
}

// Quota bounds the sums over all pods and claims of a namespace.
type Quota struct {
	Resources  Resources
	Pods       int
	StorageGiB int
}

// Validate returns every fault at once.
func (a NamespaceArgs) Validate() error {
	faults := []error{required("name", a.Name), required("app", a.App), required("environment", a.Environment)}
	faults = append(faults, a.Quota.Resources.Validate())
	if a.Quota.Pods < 1 {
		faults = append(faults, fmt.Errorf("quota: %d pods would run nothing; set 1 or more", a.Quota.Pods))
	}
	return join("namespace", a.Name, faults...)
}

// NewNamespace registers a namespace with its quota.
func NewNamespace(ctx *pulumi.Context, name string, args NamespaceArgs, opts ...pulumi.ResourceOption) (*Namespace, error) {
	if err := args.Validate(); err != nil {
		return nil, err
	}
	n := &Namespace{}
	if err := ctx.RegisterComponentResource(typeNamespace, name, n, opts...); err != nil {
		return nil, fmt.Errorf("register namespace %q: %w", name, err)
	}
	ns, err := corev1.NewNamespace(ctx, name, &corev1.NamespaceArgs{
		Metadata: &metav1.ObjectMetaArgs{Name: pulumi.String(args.Name), Labels: pulumi.ToStringMap(args.labels())},
	}, pulumi.Parent(n), pulumi.Protect(args.Protect))
	if err != nil {
		return nil, fmt.Errorf("namespace %q: %w", name, err)
	}
	n.Name = ns.Metadata.Name().Elem()
	if err := args.newQuota(ctx, name, n); err != nil {
		return nil, fmt.Errorf("namespace %q quota: %w", name, err)
	}
	if err := ctx.RegisterResourceOutputs(n, pulumi.Map{"name": n.Name}); err != nil {
		return nil, fmt.Errorf("namespace %q outputs: %w", name, err)
	}
	return n, nil
}

func (a NamespaceArgs) labels() map[string]string {
	labels := map[string]string{
		"app.kubernetes.io/part-of":    a.App,
		"app.kubernetes.io/managed-by": "pulumi",
		"platform/environment":         a.Environment,
	}
	for _, mode := range []string{"enforce", "audit", "warn"} {
		labels["pod-security.kubernetes.io/"+mode] = "restricted"
		labels["pod-security.kubernetes.io/"+mode+"-version"] = "latest"
	}
	return labels
}

func (a NamespaceArgs) newQuota(ctx *pulumi.Context, name string, n *Namespace) error {
	app := App{Name: a.App, Environment: a.Environment, Namespace: n.Name}
	_, err := corev1.NewResourceQuota(ctx, name, &corev1.ResourceQuotaArgs{
		Metadata: app.unnamed("quota"),
		Spec: corev1.ResourceQuotaSpecArgs{Hard: pulumi.StringMap{
			"requests.cpu":     pulumi.String(a.Quota.Resources.CPURequest.String()),
			"requests.memory":  pulumi.String(a.Quota.Resources.MemoryRequest.String()),
			"limits.cpu":       pulumi.String(a.Quota.Resources.CPULimit.String()),
			"limits.memory":    pulumi.String(a.Quota.Resources.MemoryLimit.String()),
			"pods":             pulumi.String(fmt.Sprint(a.Quota.Pods)),
			"requests.storage": pulumi.String(fmt.Sprintf("%dGi", a.Quota.StorageGiB)),
		}},
	}, pulumi.Parent(n))
	return err
}
