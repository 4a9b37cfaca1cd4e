package serve

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"

	"platform/policy/pack"
)

// subject is a resource that is checked, beside its inputs, whose marks of what
// is secret an object does not keep.
type subject struct {
	pack.Object
	inputs resource.PropertyMap
}

// sent is a resource as the protocol has it, wherever it has one.
type sent interface {
	GetType() string
	GetUrn() string
	GetName() string
	GetProperties() *structpb.Struct
	GetOptions() *pulumirpc.AnalyzerResourceOptions
	GetProvider() *pulumirpc.AnalyzerProviderResource
}

// subjectOf reads a resource.
func subjectOf(r sent) (subject, error) {
	read := pack.Resource{URN: resource.URN(r.GetUrn()), Type: tokens.Type(r.GetType()), Name: r.GetName(), Options: optionsOf(r.GetOptions())}
	var err error
	if read.Properties, err = properties(r.GetProperties()); err != nil {
		return subject{}, fmt.Errorf("resource %s: %w", read.URN, err)
	}
	if provider := r.GetProvider(); provider != nil {
		read.Provider = &pack.Provider{URN: resource.URN(provider.GetUrn()), Type: tokens.Type(provider.GetType()), Name: provider.GetName()}
		if read.Provider.Properties, err = properties(provider.GetProperties()); err != nil {
			return subject{}, fmt.Errorf("provider of resource %s: %w", read.URN, err)
		}
	}
	return subject{pack.NewObject(read), read.Properties}, nil
}

// properties reads an object. What is secret or not known stays marked so.
func properties(from *structpb.Struct) (resource.PropertyMap, error) {
	return plugin.UnmarshalProperties(from, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
}

func optionsOf(o *pulumirpc.AnalyzerResourceOptions) pack.Options {
	options := pack.Options{
		Protect: o.GetProtect(), IgnoreChanges: o.GetIgnoreChanges(), Parent: resource.URN(o.GetParent()),
		CustomTimeouts: resource.CustomTimeouts{
			Create: o.GetCustomTimeouts().GetCreate(), Update: o.GetCustomTimeouts().GetUpdate(),
			Delete: o.GetCustomTimeouts().GetDelete(), Read: o.GetCustomTimeouts().GetRead(),
		},
	}
	if o.GetDeleteBeforeReplaceDefined() {
		first := o.GetDeleteBeforeReplace()
		options.DeleteBeforeReplace = &first
	}
	for _, output := range o.GetAdditionalSecretOutputs() {
		options.AdditionalSecretOutputs = append(options.AdditionalSecretOutputs, resource.PropertyKey(output))
	}
	for _, alias := range o.GetAliases() {
		options.Aliases = append(options.Aliases, resource.URN(alias))
	}
	return options
}
