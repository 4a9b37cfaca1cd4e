package main

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-random/sdk/v4/go/random"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/tests/badstack/documents"
)

// object is whatever a document describes.
type object struct{ pulumi.CustomResourceState }

// registrar registers documents.
type registrar struct {
	ctx     *pulumi.Context
	cluster pulumi.ProviderResource
	made    map[string]pulumi.Resource // by name
	later   *random.RandomString       // whose result is not known in a preview; made when needed
}

func (r *registrar) register(d documents.Document) error {
	if len(d.Content) == 0 {
		return nil // comments about the stack as a whole
	}
	properties, err := r.properties(d.Properties())
	if err != nil {
		return err
	}
	options, err := r.options(d)
	if err != nil {
		return err
	}
	o := &object{}
	r.made[d.Name()] = o
	return r.ctx.RegisterResource(d.Type(), d.Name(), properties, o, options...)
}

func (r *registrar) options(d documents.Document) ([]pulumi.ResourceOption, error) {
	options := []pulumi.ResourceOption{
		pulumi.Protect(d.Options.Protect), pulumi.IgnoreChanges(d.Options.IgnoreChanges),
	}
	if d.Options.DeleteBeforeReplace {
		options = append(options, pulumi.DeleteBeforeReplace(true))
	}
	if d.Options.Provider == "" && strings.HasPrefix(d.Type(), "kubernetes:") {
		options = append(options, pulumi.Provider(r.cluster))
	}
	if name := d.Options.Parent; name != "" {
		parent, found := r.made[name]
		if !found {
			return nil, fmt.Errorf("options: parent %q is no document before it", name)
		}
		options = append(options, pulumi.Parent(parent))
	}
	return options, nil
}

// properties are those of a resource, with what their texts stand for.
func (r *registrar) properties(values map[string]any) (pulumi.Map, error) {
	all := pulumi.Map{}
	for key, value := range values {
		input, err := r.input(value)
		if err != nil {
			return nil, err
		}
		all[key] = input
	}
	return all, nil
}

func (r *registrar) input(value any) (pulumi.Input, error) {
	switch v := value.(type) {
	case map[string]any:
		return r.properties(v)
	case []any:
		items := pulumi.Array{}
		for _, one := range v {
			item, err := r.input(one)
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
		return items, nil
	case string:
		if v == documents.Unknown {
			return r.unknown()
		}
		if rest, secret := strings.CutPrefix(v, documents.SecretPrefix); secret {
			return pulumi.ToSecret(pulumi.String(rest)), nil
		}
		return pulumi.String(v), nil
	default:
		return pulumi.Any(v), nil
	}
}

// unknown is a text that is known only once a deployment has made it.
func (r *registrar) unknown() (pulumi.Input, error) {
	if r.later == nil {
		made, err := random.NewRandomString(r.ctx, "later", &random.RandomStringArgs{Length: pulumi.Int(8)})
		if err != nil {
			return nil, err
		}
		r.later = made
	}
	return r.later.Result, nil
}
