package pack

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// Resource is what the engine says of a resource before it changes it.
type Resource struct {
	URN        resource.URN
	Type       tokens.Type
	Name       string               // in the program
	Properties resource.PropertyMap // its inputs; values that are secret or not known are marked so
	Options    Options
	Provider   *Provider // nil of a component, and of a provider
}

// Options are what the program asks of the engine for a resource.
type Options struct {
	Protect                 bool
	IgnoreChanges           []string
	DeleteBeforeReplace     *bool // nil where it is left to the provider
	AdditionalSecretOutputs []resource.PropertyKey
	Aliases                 []resource.URN
	CustomTimeouts          resource.CustomTimeouts // seconds
	Parent                  resource.URN
}

// Provider is the one that a resource is made by.
type Provider struct {
	URN        resource.URN
	Type       tokens.Type
	Name       string
	Properties resource.PropertyMap
}
