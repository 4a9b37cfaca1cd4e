package pack

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// kubernetesTypes starts the type of every object of Kubernetes.
const kubernetesTypes = "kubernetes:"

// Object is one resource as it is to be. Of a resource that is no object of
// Kubernetes, such as a component or a provider, Kind is empty.
type Object struct {
	Value // its properties

	URN        resource.URN
	Type       string // such as kubernetes:apps/v1:Deployment
	Logical    string // its name in the program
	Options    Options
	Provider   *Provider
	Parent     resource.URN
	APIVersion string // such as apps/v1
	Kind       string // such as Deployment

	memo *memo // nil of one that [NewObject] did not make
}

// NewObject is the object of a resource.
func NewObject(r Resource) Object {
	o := Object{
		Value: of(nil, resource.NewObjectProperty(r.Properties), true),
		URN:   r.URN, Type: string(r.Type), Logical: r.Name, Options: r.Options, Provider: r.Provider, Parent: r.Options.Parent,
	}
	if rest, found := strings.CutPrefix(o.Type, kubernetesTypes); found {
		version, kind, _ := strings.Cut(rest, ":")
		o.APIVersion, o.Kind = strings.TrimPrefix(version, "core/"), kind
	}
	o.memo = newMemo(o)
	return o
}

// Name is the object's name in the cluster, or in the program where the
// cluster's is not known yet.
func (o Object) Name() string {
	if name := o.plain("metadata", "name"); name != "" {
		return name
	}
	return o.Logical
}

// Namespace is that of the object; empty where it has none, or where it is not
// known yet.
func (o Object) Namespace() string { return o.plain("metadata", "namespace") }

// Labels are the object's own.
func (o Object) Labels() map[string]string { return o.At("metadata", "labels").TextMap() }

// String is Kind/Name, as findings name an object.
func (o Object) String() string {
	if o.Kind == "" {
		return o.Type + "/" + o.Logical
	}
	return o.Kind + "/" + o.Name()
}
