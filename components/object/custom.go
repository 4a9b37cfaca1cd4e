package object

import (
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Custom is an object of a kind that the SDK has no type for.
type Custom struct {
	APIVersion string
	Kind       string
	Metadata   *metav1.ObjectMetaArgs
	Spec       map[string]any
}

// NewCustom registers an object as its controller will find it. Nobody waits
// for what the controller makes of it.
func NewCustom(ctx *pulumi.Context, name string, object Custom, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	registered, err := apiextensions.NewCustomResource(ctx, name, &apiextensions.CustomResourceArgs{
		ApiVersion:  pulumi.String(object.APIVersion),
		Kind:        pulumi.String(object.Kind),
		Metadata:    object.Metadata,
		OtherFields: kubernetes.UntypedArgs{"spec": object.Spec},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("%s %q: %w", object.Kind, name, err)
	}
	return registered, nil
}

// Global is the metadata of a named object that lives in no namespace.
func (a App) Global(component, name string) *metav1.ObjectMetaArgs {
	meta := a.Named(component, name)
	meta.Namespace = nil
	return meta
}
