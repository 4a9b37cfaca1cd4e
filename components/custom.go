package components

import (
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// custom is an object of a kind that the SDK has no type for.
type custom struct {
	apiVersion string
	kind       string
	metadata   *metav1.ObjectMetaArgs
	spec       map[string]any
}

// newCustom registers an object as its controller will find it. Nobody waits
// for what the controller makes of it.
func newCustom(ctx *pulumi.Context, name string, object custom, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	registered, err := apiextensions.NewCustomResource(ctx, name, &apiextensions.CustomResourceArgs{
		ApiVersion:  pulumi.String(object.apiVersion),
		Kind:        pulumi.String(object.kind),
		Metadata:    object.metadata,
		OtherFields: kubernetes.UntypedArgs{"spec": object.spec},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("%s %q: %w", object.kind, name, err)
	}
	return registered, nil
}

// global is the metadata of a named object that lives in no namespace.
func (a App) global(component, name string) *metav1.ObjectMetaArgs {
	meta := a.named(component, name)
	meta.Namespace = nil
	return meta
}
