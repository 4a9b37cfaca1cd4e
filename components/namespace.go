package components

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeNamespace = "platform:components:Namespace" // the state remembers it: change it only with an alias

// Namespace is a namespace that refuses pods below a level of Pod Security and
// bounds what all its pods ask for together.
type Namespace struct {
	pulumi.ResourceState
	Name pulumi.StringOutput `pulumi:"name"`
}

// NamespaceArgs shapes a namespace. Name, App and Environment have no default.
type NamespaceArgs struct {
	Name        string
	App         string
	Environment string
	Owner       map[string]string // annotations that say which deployment it belongs to, see [App.Owner]
	Quota       *Quota            // nil means that its pods may ask for what the nodes have
	PodSecurity string            // the least that its pods have to be: restricted, baseline or privileged; default restricted
	Protect     bool              // refuse to delete it, and with it everything inside
}

// podSecurityLevels are those of Kubernetes, strictest first.
var podSecurityLevels = []string{"restricted", "baseline", "privileged"}

// Quota bounds the sums over all pods and claims of a namespace.
type Quota struct {
	Resources  Resources
	Pods       int
	StorageGiB int
}

// Validate returns every fault at once.
func (a NamespaceArgs) Validate() error {
	faults := []error{required("name", a.Name), required("app", a.App), required("environment", a.Environment)}
	if a.Quota != nil {
		faults = append(faults, a.Quota.validate())
	}
	if level := or(a.PodSecurity, podSecurityLevels[0]); !slices.Contains(podSecurityLevels, level) {
		faults = append(faults, fmt.Errorf("podSecurity: %q is none of %s", level, strings.Join(podSecurityLevels, ", ")))
	}
	return join("namespace", a.Name, faults...)
}

func (q Quota) validate() error {
	faults := []error{q.Resources.Validate()}
	if q.Pods < 1 {
		faults = append(faults, fmt.Errorf("quota: %d pods would run nothing; set 1 or more", q.Pods))
	}
	return errors.Join(faults...)
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
		Metadata: &metav1.ObjectMetaArgs{Name: pulumi.String(args.Name), Labels: pulumi.ToStringMap(args.labels()), Annotations: pulumi.ToStringMap(args.Owner)},
	}, pulumi.Parent(n), pulumi.Protect(args.Protect))
	if err != nil {
		return nil, fmt.Errorf("namespace %q: %w", name, err)
	}
	n.Name = ns.Metadata.Name().Elem()
	if args.Quota != nil {
		if err := args.newQuota(ctx, name, n); err != nil {
			return nil, fmt.Errorf("namespace %q quota: %w", name, err)
		}
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
	// The audit log always tells what is below restricted. A warning at each
	// run about exemptions that are meant would only teach to ignore warnings.
	level := or(a.PodSecurity, podSecurityLevels[0])
	for mode, level := range map[string]string{"enforce": level, "audit": podSecurityLevels[0], "warn": level} {
		labels["pod-security.kubernetes.io/"+mode] = level
		labels["pod-security.kubernetes.io/"+mode+"-version"] = "latest"
	}
	return labels
}

func (a NamespaceArgs) newQuota(ctx *pulumi.Context, name string, n *Namespace) error {
	app := App{Name: a.App, Environment: a.Environment, Namespace: n.Name, Owner: a.Owner}
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
