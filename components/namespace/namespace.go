// Package namespace is a namespace, its quota and the least that its pods have
// to be.
package namespace

import (
	"cmp"
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/config"
)

// Namespace is a namespace that refuses pods below a level of Pod Security and
// bounds what all its pods ask for together.
type Namespace struct {
	pulumi.ResourceState
	Name pulumi.StringOutput `pulumi:"name"`
}

// Args shapes a namespace. Name, App and Environment have no default.
type Args struct {
	Name        string
	App         string
	Environment string
	Owner       map[string]string // annotations that say which deployment it belongs to, see [object.App.Owner]
	Quota       *config.Quota     // nil means that its pods may ask for what the nodes have
	PodSecurity string            // the least that its pods have to be: restricted, baseline or privileged; default restricted
	Protect     bool              // refuse to delete it, and with it everything inside
}

// New registers a namespace with its quota.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Namespace, error) {
	n := &Namespace{}
	return object.Register(ctx, "Namespace", name, n, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		ns, err := corev1.NewNamespace(ctx, name, &corev1.NamespaceArgs{
			Metadata: &metav1.ObjectMetaArgs{Name: pulumi.String(args.Name), Labels: pulumi.ToStringMap(args.labels()), Annotations: pulumi.ToStringMap(args.Owner)},
		}, child, pulumi.Protect(args.Protect))
		if err != nil {
			return nil, err
		}
		n.Name = ns.Metadata.Name().Elem()
		if args.Quota != nil {
			if err := args.newQuota(ctx, name, n.Name, child); err != nil {
				return nil, fmt.Errorf("quota: %w", err)
			}
		}
		return pulumi.Map{"name": n.Name}, nil
	})
}

func (a Args) labels() map[string]string {
	labels := map[string]string{
		"app.kubernetes.io/part-of":    a.App,
		"app.kubernetes.io/managed-by": "pulumi",
		"platform/environment":         a.Environment,
	}
	// The audit log always tells what is below restricted. A warning at each
	// run about exemptions that are meant would only teach to ignore warnings.
	level := cmp.Or(a.PodSecurity, "restricted")
	for mode, level := range map[string]string{"enforce": level, "audit": "restricted", "warn": level} {
		labels["pod-security.kubernetes.io/"+mode] = level
		labels["pod-security.kubernetes.io/"+mode+"-version"] = "latest"
	}
	return labels
}

func (a Args) newQuota(ctx *pulumi.Context, name string, namespace pulumi.StringOutput, child pulumi.ResourceOption) error {
	app := object.App{Name: a.App, Environment: a.Environment, Namespace: namespace, Owner: a.Owner}
	_, err := corev1.NewResourceQuota(ctx, name, &corev1.ResourceQuotaArgs{
		Metadata: app.Unnamed("quota"),
		Spec: corev1.ResourceQuotaSpecArgs{Hard: pulumi.StringMap{
			"requests.cpu":     pulumi.String(a.Quota.Requests.CPU.String()),
			"requests.memory":  pulumi.String(a.Quota.Requests.Memory.String()),
			"limits.cpu":       pulumi.String(a.Quota.Limits.CPU.String()),
			"limits.memory":    pulumi.String(a.Quota.Limits.Memory.String()),
			"pods":             pulumi.String(fmt.Sprint(a.Quota.Pods)),
			"requests.storage": pulumi.String(fmt.Sprintf("%dGi", a.Quota.StorageGiB)),
		}},
	}, child)
	return err
}
