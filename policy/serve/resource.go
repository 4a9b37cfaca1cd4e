package serve

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/proto"

	"platform/policy/pack"
)

// The fields of a resource, which are numbered alike wherever the protocol has
// one: about to be changed, of a whole stack, and as another's provider.
const (
	typeOfResource       = 1
	propertiesOfResource = 2
	urnOfResource        = 3
	nameOfResource       = 4
	optionsOfResource    = 5
	providerOfResource   = 6
)

// subject is a resource that is judged, beside its inputs, whose marks of what
// is secret an object does not keep.
type subject struct {
	pack.Object
	inputs resource.PropertyMap
}

// subjectOf reads a resource.
func subjectOf(sent []byte) (subject, error) {
	read, err := resourceOf(sent)
	if err != nil {
		urn, _ := urnOf(sent)
		return subject{}, fmt.Errorf("resource %s: %w", urn, err)
	}
	return subject{pack.NewObject(read), read.Properties}, nil
}

// urnOf is the URN of a resource, which is read no further.
func urnOf(sent []byte) (resource.URN, error) {
	var urn resource.URN
	for len(sent) > 0 {
		part, rest, err := next(sent)
		if err != nil {
			return urn, err
		}
		if sent = rest; part.is(urnOfResource) {
			urn = resource.URN(part.content)
		}
	}
	return urn, nil
}

func resourceOf(sent []byte) (pack.Resource, error) {
	var read pack.Resource
	for len(sent) > 0 {
		part, rest, err := next(sent)
		if err != nil {
			return pack.Resource{}, err
		}
		sent = rest
		switch {
		case part.is(typeOfResource):
			read.Type = tokens.Type(part.content)
		case part.is(propertiesOfResource):
			read.Properties, err = properties(part.content)
		case part.is(urnOfResource):
			read.URN = resource.URN(part.content)
		case part.is(nameOfResource):
			read.Name = string(part.content)
		case part.is(optionsOfResource):
			read.Options, err = optionsOf(part.content)
		case part.is(providerOfResource):
			read.Provider, err = providerOf(part.content)
		}
		if err != nil {
			return pack.Resource{}, err
		}
	}
	return read, nil
}

// providerOf reads a provider, which is a resource without options.
func providerOf(sent []byte) (*pack.Provider, error) {
	read, err := resourceOf(sent)
	return &pack.Provider{URN: read.URN, Type: read.Type, Name: read.Name, Properties: read.Properties}, err
}

func optionsOf(sent []byte) (pack.Options, error) {
	var o pulumirpc.AnalyzerResourceOptions
	if err := proto.Unmarshal(sent, &o); err != nil {
		return pack.Options{}, fmt.Errorf("options: %w", err)
	}
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
	return options, nil
}
