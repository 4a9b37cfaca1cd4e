// Package stacks composes components into the stacks of the platform.
package stacks

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
	"platform/policy/plan"
)

// Stack loads its configuration, checks all of it, and registers its resources.
type Stack func(ctx *pulumi.Context) error

// ByName holds every stack under the name that pulumi selects it by. They
// differ by the values of their Pulumi.<stack>.yaml.
var ByName = map[string]Stack{
	"local":   epfl,
	"dev":     epfl,
	"staging": epfl,
	"prod":    epfl,

	"k3s":       eddCloud,
	"k3s-local": eddCloud,
}

// Run deploys the stack that pulumi selected.
func Run(ctx *pulumi.Context) error {
	stack, ok := ByName[ctx.Stack()]
	if !ok {
		names := slices.Sorted(maps.Keys(ByName))
		return fmt.Errorf("stack %q: is not one of %s; select one of them", ctx.Stack(), strings.Join(names, ", "))
	}
	if os.Getenv(plan.EnvDown) == ctx.Stack() {
		return giveUp(ctx)
	}
	return stack(ctx)
}

// owner is the annotations that say whose the objects are.
func owner(ctx *pulumi.Context) map[string]string {
	return config.OwnerHere(ctx.Project(), ctx.Stack()).Annotations()
}

func epfl(ctx *pulumi.Context) error {
	cfg, err := config.FromEnvironment[config.EPFL](ctx.Stack(), ctx.RootDirectory())
	if err != nil {
		return err
	}
	return EPFL(ctx, cfg)
}

func eddCloud(ctx *pulumi.Context) error {
	cfg, err := config.FromEnvironment[config.EddCloud](ctx.Stack(), ctx.RootDirectory())
	if err != nil {
		return err
	}
	return EddCloud(ctx, cfg)
}
