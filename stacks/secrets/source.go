// Package secrets reads secret values. Every value comes through one
// [Store], so that a stack does not know which source it uses.
package secrets

import (
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// Source hands out secret values. Each is marked secret before it is returned.
type Source interface {
	Value(ctx *pulumi.Context, value config.SecretValue) (pulumi.StringOutput, error)
}

// Store has the values that a stack declares that it needs, and no others.
type Store struct {
	source   Source
	declared map[string]config.SecretValue
	shared   *config.Common
}

// New opens the source that a stack names. What can be wrong with the values
// is found here, all of it at once, before anything is registered.
func New(ctx *pulumi.Context, cfg config.Platform) (*Store, error) {
	declared := map[string]config.SecretValue{}
	for _, value := range cfg.SecretValues() {
		declared[value.String()] = value
	}
	source, err := open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return &Store{source, declared, cfg.Shared()}, nil
}

func open(ctx *pulumi.Context, cfg config.Platform) (Source, error) {
	shared := cfg.Shared()
	if shared.Secrets.Delivery == config.DeliveryOperator {
		return NewOperator(shared.Secrets), nil
	}
	switch shared.Secrets.Source {
	case config.SourceGenerated:
		return &generated{}, nil
	case config.SourceInfisical:
		return fromInfisical(ctx, shared.Secrets.Infisical, config.SourceValues(cfg), os.LookupEnv)
	case config.SourceStack:
		return nil, nil // config has checked that the stack file has every value
	case config.SourceMasked:
		return newMasked(ctx, shared.Render.Directory != "")
	case config.SourceFixed:
		return Fixed{}, nil
	default:
		return nil, fmt.Errorf("secret source %q: config has let through what is none", shared.Secrets.Source)
	}
}

// Values are all that the stack declares, by the Kubernetes Secret that will hold
// them and their key there.
func (s *Store) Values(ctx *pulumi.Context) (map[string]pulumi.StringMap, error) {
	values := map[string]pulumi.StringMap{}
	for _, one := range s.declared {
		value, err := s.Value(ctx, one.Secret, one.Key)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", one, err)
		}
		if values[one.Secret] == nil {
			values[one.Secret] = pulumi.StringMap{}
		}
		values[one.Secret][one.Key] = value
	}
	return values, nil
}

// Value is one of the declared values, by the Kubernetes Secret that will hold
// it and its key there.
func (s *Store) Value(ctx *pulumi.Context, secret, key string) (pulumi.StringOutput, error) {
	name := config.SecretValue{Secret: secret, Key: key}.String()
	value, known := s.declared[name]
	if !known {
		return pulumi.StringOutput{}, fmt.Errorf("secret %s: the stack does not declare that it needs it; add it to SecretValues of its configuration", name)
	}
	if own, given := s.shared.StackSecret(value); given {
		return pulumi.ToSecret(pulumi.String(own.Reveal())).(pulumi.StringOutput), nil
	}
	return s.source.Value(ctx, value)
}

// asSecret marks a text that a source has at hand.
func asSecret(text string) pulumi.StringOutput {
	return pulumi.ToSecret(pulumi.String(text)).(pulumi.StringOutput)
}
