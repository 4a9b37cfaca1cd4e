package object

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Register registers a component, and then its children by a function, which
// passes the option child to each of them and returns the component's outputs.
// A child waits for what the options say that the component depends on.
//
// The state remembers the type: change it only with an alias.
func Register[C pulumi.ComponentResource](
	ctx *pulumi.Context, kind, name string, component C, opts []pulumi.ResourceOption,
	children func(child pulumi.ResourceOption) (pulumi.Map, error),
) (C, error) {
	var none C
	if err := ctx.RegisterComponentResource("platform:components:"+kind, name, component, opts...); err != nil {
		return none, fmt.Errorf("register %s %q: %w", kind, name, err)
	}
	given, err := pulumi.NewResourceOptions(opts...)
	if err != nil {
		return none, fmt.Errorf("%s %q options: %w", kind, name, err)
	}
	child := []pulumi.ResourceOption{pulumi.Parent(component), pulumi.DependsOn(given.DependsOn)}
	for _, input := range given.DependsOnInputs {
		child = append(child, pulumi.DependsOnInputs(input))
	}
	outputs, err := children(pulumi.Composite(child...))
	if err != nil {
		return none, fmt.Errorf("%s %q: %w", kind, name, err)
	}
	if outputs == nil {
		outputs = pulumi.Map{} // the SDK takes no nil
	}
	if err := ctx.RegisterResourceOutputs(component, outputs); err != nil {
		return none, fmt.Errorf("%s %q outputs: %w", kind, name, err)
	}
	return component, nil
}
