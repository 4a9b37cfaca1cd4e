// Package claim asks for storage that outlives pods.
package claim

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
)

// Args shapes a claim. All but Protect have no default.
type Args struct {
	App          object.App
	Component    string
	Name         string // fixed: runbooks and restores refer to it
	StorageGiB   int
	StorageClass string
	Protect      bool
}

// New registers a claim for one pod and returns its name. A protected
// claim cannot be deleted by the engine, and one that is taken out of the
// program stays in the cluster.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (pulumi.StringOutput, error) {
	claim, err := corev1.NewPersistentVolumeClaim(ctx, name, &corev1.PersistentVolumeClaimArgs{
		Metadata: args.App.Named(args.Component, args.Name),
		Spec:     args.spec(),
	}, append(opts, pulumi.Protect(args.Protect), pulumi.RetainOnDelete(args.Protect))...)
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("claim %q: %w", args.Name, err)
	}
	args.App.Made.AddClaim(args.Name)
	return claim.Metadata.Name().Elem(), nil
}

func (a Args) spec() corev1.PersistentVolumeClaimSpecArgs {
	return corev1.PersistentVolumeClaimSpecArgs{
		AccessModes:      pulumi.ToStringArray([]string{"ReadWriteOnce"}),
		StorageClassName: pulumi.String(a.StorageClass),
		Resources: corev1.VolumeResourceRequirementsArgs{
			Requests: pulumi.StringMap{"storage": pulumi.String(fmt.Sprintf("%dGi", a.StorageGiB))},
		},
	}
}

// Template is what a StatefulSet makes a claim of for each of its pods. It
// never changes, so it carries no labels: the StatefulSet adds its selector's.
func (a Args) Template() corev1.PersistentVolumeClaimTypeArgs {
	return corev1.PersistentVolumeClaimTypeArgs{
		Metadata: &metav1.ObjectMetaArgs{Name: pulumi.String(a.Name)},
		Spec:     a.spec(),
	}
}
