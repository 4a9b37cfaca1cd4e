// Package stacks composes components into the stacks of the platform.
package stacks

import (
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
	"platform/policy/plan"
)

// Run loads the configuration of the stack that pulumi selected, checks all of
// it, and registers the resources of its platform.
func Run(ctx *pulumi.Context) error {
	platform, err := config.PlatformOf(ctx.Stack())
	if err != nil {
		return err
	}
	if os.Getenv(plan.EnvDown) == ctx.Stack() {
		return giveUp(ctx)
	}
	if _, is := platform.(*config.EddCloud); is {
		return eddCloud(ctx)
	}
	return epfl(ctx)
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
