package components

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

type claimArgs struct {
	app          App
	component    string
	name         string // fixed: runbooks and restores refer to it
	storageGiB   int
	storageClass string
	protect      bool
}

// newClaim registers a claim for one pod and returns its name. A protected
// claim cannot be deleted by the engine, and one that is taken out of the
// program stays in the cluster.
func newClaim(ctx *pulumi.Context, name string, args claimArgs, opts ...pulumi.ResourceOption) (pulumi.StringOutput, error) {
	claim, err := corev1.NewPersistentVolumeClaim(ctx, name, &corev1.PersistentVolumeClaimArgs{
		Metadata: args.app.named(args.component, args.name),
		Spec:     args.spec(),
	}, append(opts, pulumi.Protect(args.protect), pulumi.RetainOnDelete(args.protect))...)
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("claim %q: %w", args.name, err)
	}
	args.app.Made.claim(args.name)
	return claim.Metadata.Name().Elem(), nil
}

func (a claimArgs) spec() corev1.PersistentVolumeClaimSpecArgs {
	return corev1.PersistentVolumeClaimSpecArgs{
		AccessModes:      pulumi.ToStringArray([]string{"ReadWriteOnce"}),
		StorageClassName: pulumi.String(a.storageClass),
		Resources: corev1.VolumeResourceRequirementsArgs{
			Requests: pulumi.StringMap{"storage": pulumi.String(fmt.Sprintf("%dGi", a.storageGiB))},
		},
	}
}

// template is what a StatefulSet makes a claim of for each of its pods. It
// never changes, so it carries no labels: the StatefulSet adds its selector's.
func (a claimArgs) template() corev1.PersistentVolumeClaimTypeArgs {
	return corev1.PersistentVolumeClaimTypeArgs{
		Metadata: &metav1.ObjectMetaArgs{Name: pulumi.String(a.name)},
		Spec:     a.spec(),
	}
}
