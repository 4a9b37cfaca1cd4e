package stacks

import (
	"errors"
	"os"
	"slices"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
	"platform/policy/plan"
	"platform/policy/secret"
)

// The names of the hooks. The state remembers them with each resource, and the
// engine refuses to delete one whose hook the program does not register: they
// never change, and never go.
const (
	hookEnd     = "platform-data-ends"     // of what holds data or an address
	hookReplace = "platform-data-replaced" // of what stays in the cluster when it leaves the program
	hookChange  = "platform-data-at-risk"  // of what runs pods, and of what they are given
)

// guard checks each step of a deployment before it is done, as [plan.Changes]
// does. Whoever deploys by pulumi itself is stopped by it, as make is by the
// whole plan.
type guard struct {
	stack      string
	waivers    []config.Waiver
	silent     bool     // whoever runs the preview checks it
	registered sync.Map // type and name of what the program has
}

// protect binds the hooks to what is registered after it.
func protect(ctx *pulumi.Context, waivers []config.Waiver) error {
	g := &guard{stack: ctx.Stack(), waivers: waivers, silent: ctx.DryRun() && os.Getenv(plan.EnvChecked) != ""}
	hooks, err := registerHooks(ctx, g.end, g.replaced, g.change)
	if err != nil {
		return err
	}
	return ctx.RegisterStackTransformation(func(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
		g.registered.Store(args.Type+" "+args.Name, true)
		bound := hooks.bind(args)
		if bound == nil {
			return nil
		}
		return &pulumi.ResourceTransformationResult{Props: args.Props, Opts: append(slices.Clone(args.Opts), pulumi.ResourceHooks(bound))}
	})
}

// giveUp registers the hooks, lets everything end, and has no resources: the
// program of a stack that make down takes away.
func giveUp(ctx *pulumi.Context) error {
	nothing := func(*pulumi.ResourceHookArgs) error { return nil }
	_, err := registerHooks(ctx, nothing, nothing, nothing)
	return err
}

type hooks struct{ end, replace, change *pulumi.ResourceHook }

func registerHooks(ctx *pulumi.Context, end, replace, change pulumi.ResourceHookFunction) (hooks, error) {
	inPreview := &pulumi.ResourceHookOptions{OnDryRun: true}
	var all hooks
	var errs [3]error
	all.end, errs[0] = ctx.RegisterResourceHook(hookEnd, end, inPreview)
	all.replace, errs[1] = ctx.RegisterResourceHook(hookReplace, replace, inPreview)
	all.change, errs[2] = ctx.RegisterResourceHook(hookChange, change, inPreview)
	return all, errors.Join(errs[:]...)
}

// bind is what a resource is bound to; nil for most. The engine itself keeps
// what is protected from being deleted or replaced.
func (h hooks) bind(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceHookBinding {
	var bound pulumi.ResourceHookBinding
	options, err := pulumi.NewResourceOptions(args.Opts...)
	if err != nil {
		return nil // no option can cause one
	}
	if plan.MayHold(args.Type) && !options.Protect {
		bound.BeforeDelete = []*pulumi.ResourceHook{h.end}
		if options.RetainOnDelete {
			bound.BeforeDelete[0] = h.replace
		}
	}
	if plan.MayLeave(args.Type) {
		bound.BeforeUpdate = []*pulumi.ResourceHook{h.change}
	}
	if bound.BeforeDelete == nil && bound.BeforeUpdate == nil {
		return nil
	}
	return &bound
}

// end checks the deletion of what holds data or an address. Of what the program
// still has it is half of a replacement, or destroy takes the whole stack: either
// waiver lets it happen.
func (g *guard) end(args *pulumi.ResourceHookArgs) error {
	if !g.has(args) {
		return g.check(args, apitype.OpDelete)
	}
	replaced := g.check(args, apitype.OpReplace)
	if replaced == nil || g.check(args, apitype.OpDelete) == nil {
		return nil
	}
	return replaced
}

// replaced checks what stays in the cluster when it leaves the program.
func (g *guard) replaced(args *pulumi.ResourceHookArgs) error {
	if !g.has(args) {
		return nil
	}
	return g.end(args)
}

func (g *guard) change(args *pulumi.ResourceHookArgs) error { return g.check(args, apitype.OpUpdate) }

func (g *guard) has(args *pulumi.ResourceHookArgs) bool {
	_, has := g.registered.Load(string(args.Type) + " " + args.Name)
	return has
}

// check refuses what no waiver lets happen, all at once.
func (g *guard) check(args *pulumi.ResourceHookArgs, op apitype.OpType) error {
	if g.silent {
		return nil
	}
	step := apitype.StepEventMetadata{Op: op, URN: string(args.URN), Type: string(args.Type), Old: stateOf(args, args.OldInputs)}
	if op == apitype.OpUpdate {
		step.New = stateOf(args, args.NewInputs)
	}
	var problems []error
	for _, change := range plan.Changes([]apitype.StepEventMetadata{step}, g.waivers) {
		if change.Waived == "" {
			problems = append(problems, errors.New(change.String()+"; "+change.Remedy(g.stack)))
		}
	}
	return errors.Join(problems...)
}

// stateOf is a resource as the engine's events tell of it: without what is
// secret or not known.
func stateOf(args *pulumi.ResourceHookArgs, inputs resource.PropertyMap) *apitype.StepEventStateMetadata {
	return &apitype.StepEventStateMetadata{Type: string(args.Type), URN: string(args.URN), ID: string(args.ID), Inputs: inputs.MapRepl(nil, told)}
}

func told(value resource.PropertyValue) (any, bool) {
	switch {
	case value.IsSecret(), value.IsOutput() && value.OutputValue().Secret:
		return secret.Shown, true
	case value.IsOutput() && value.OutputValue().Known:
		return value.OutputValue().Element.MapRepl(nil, told), true
	case value.IsComputed(), value.IsOutput():
		return plan.Unknown, true
	}
	return nil, false
}
