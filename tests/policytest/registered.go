// Package policytest has the resources of the program's stacks as the engine
// hands them to the policy pack, for tests of rules.
package policytest

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
	"platform/policy/pack"
	"platform/stacks"
	"platform/tests/recorder"
)

// Objects is the configuration of a stack, and its objects as the program
// registers them. Root is the folder with the stack's file.
func Objects(t testing.TB, root, stack string) (config.Platform, []pack.Object) {
	t.Helper()
	cfg, resources, err := Registered(root, stack, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	objects := make([]pack.Object, 0, len(resources))
	for _, one := range resources {
		objects = append(objects, pack.NewObject(one))
	}
	return cfg, objects
}

// Registered is the configuration of a stack, and its resources as the program registers them, under
// the names that the provider gives, with what is secret marked so. The program
// is told to render to the folder scratch, so that it asks no cluster.
func Registered(root, stack, scratch string) (config.Platform, []pack.Resource, error) {
	cfg, err := read(stack, filepath.Join(root, "Pulumi."+stack+".yaml"))
	if err != nil {
		return nil, nil, err
	}
	cfg.Shared().Render.Directory = scratch
	cfg.Shared().Secrets.Source = config.SourceFixed
	registered, err := recorder.Run(stack, func(ctx *pulumi.Context) error {
		if cfg, ok := cfg.(*config.EddCloud); ok {
			return stacks.EddCloud(ctx, cfg)
		}
		return stacks.EPFL(ctx, cfg.(*config.EPFL))
	})
	if err != nil {
		return nil, nil, fmt.Errorf("stack %s: %w", stack, err)
	}
	resources := make([]pack.Resource, 0, len(registered))
	for _, one := range registered {
		resources = append(resources, analyzed(stack, one))
	}
	return cfg, resources, nil
}

// read reads a stack file. Of a stack that is new, Edd Cloud's name begins with
// k3s.
func read(stack, path string) (config.Platform, error) {
	if strings.HasPrefix(stack, "k3s") {
		return config.ParseFile[config.EddCloud](stack, path)
	}
	return config.ParseFile[config.EPFL](stack, path)
}

// analyzed is a resource as a policy pack sees it.
func analyzed(stack string, r recorder.Resource) pack.Resource {
	properties := marked(r.Inputs, r.Clear).ObjectValue()
	if metadata := properties["metadata"]; strings.HasPrefix(r.Type, "kubernetes:") && metadata.IsObject() && !metadata.ObjectValue().HasValue("name") {
		metadata.ObjectValue()["name"] = resource.NewStringProperty(r.Name + "-auto")
	}
	one := pack.Resource{
		URN:  resource.NewURN(tokens.QName(stack), "platform", "", tokens.Type(r.Type), r.Name),
		Type: tokens.Type(r.Type), Name: r.Name, Properties: properties,
		Options: pack.Options{Protect: r.Protect, Parent: resource.URN(r.Parent)},
	}
	if r.Provider != "" {
		urn := resource.URN(r.Provider[:strings.LastIndex(r.Provider, "::")])
		one.Provider = &pack.Provider{URN: urn, Type: urn.Type(), Name: urn.Name()}
	}
	return one
}

// marked is a value in clear, with what is masked in another marked secret.
func marked(masked, plain any) resource.PropertyValue {
	switch masked := masked.(type) {
	case string:
		if masked == recorder.Masked {
			return resource.MakeSecret(resource.NewPropertyValue(plain))
		}
	case map[string]any:
		properties := resource.PropertyMap{}
		for key, value := range masked {
			properties[resource.PropertyKey(key)] = marked(value, plain.(map[string]any)[key])
		}
		return resource.NewObjectProperty(properties)
	case []any:
		items := []resource.PropertyValue{}
		for i, value := range masked {
			items = append(items, marked(value, plain.([]any)[i]))
		}
		return resource.NewArrayProperty(items)
	}
	return resource.NewPropertyValue(plain)
}
