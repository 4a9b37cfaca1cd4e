package serve

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// sent is a resource as the protocol has it, of which there are two forms: one
// that is about to be changed, and one of a whole stack.
type sent interface {
	GetUrn() string
	GetType() string
	GetName() string
	GetProperties() *structpb.Struct
	GetOptions() *pulumirpc.AnalyzerResourceOptions
	GetProvider() *pulumirpc.AnalyzerProviderResource
}

// resourceOf reads a resource as the SDK has it. Values that are secret or not
// known stay so. Properties that are known already are not read again.
func resourceOf(r sent, properties resource.PropertyMap) (plugin.AnalyzerResource, error) {
	var err error
	if properties == nil {
		if properties, err = propertiesOf(r.GetProperties()); err != nil {
			return plugin.AnalyzerResource{}, err
		}
	}
	read := plugin.AnalyzerResource{
		URN: resource.URN(r.GetUrn()), Type: tokens.Type(r.GetType()), Name: r.GetName(),
		Properties: properties, Options: optionsOf(r.GetOptions()),
	}
	if provider := r.GetProvider(); provider != nil {
		if properties, err = propertiesOf(provider.GetProperties()); err != nil {
			return plugin.AnalyzerResource{}, err
		}
		read.Provider = &plugin.AnalyzerProviderResource{
			URN: resource.URN(provider.GetUrn()), Type: tokens.Type(provider.GetType()), Name: provider.GetName(), Properties: properties,
		}
	}
	return read, nil
}

func propertiesOf(sent *structpb.Struct) (resource.PropertyMap, error) {
	return plugin.UnmarshalProperties(sent, plugin.MarshalOptions{
		KeepUnknowns: true, KeepSecrets: true, KeepResources: true, KeepOutputValues: true, SkipInternalKeys: true,
	})
}

func optionsOf(o *pulumirpc.AnalyzerResourceOptions) plugin.AnalyzerResourceOptions {
	options := plugin.AnalyzerResourceOptions{
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
		options.AliasURNs = append(options.AliasURNs, resource.URN(alias))
	}
	return options
}
