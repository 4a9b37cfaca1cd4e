package review

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"platform/policy/pack"
	"platform/policy/secret"
)

// stateOf is a resource on one side of the plan.
type stateOf = apitype.StepEventStateMetadata

// stateBefore and stateAfter are what a resource is before and after the plan;
// nil where there is none. One that is forgotten is not the program's after.
func stateBefore(p *planned) *stateOf { return p.old }

func stateAfter(p *planned) *stateOf {
	if p.op == "" && p.new == nil {
		return p.old
	}
	return p.new
}

// objectsOf are the resources of a stack as the policy pack sees them, sorted
// by URN, which is the order that the pack checks them in. The log has their
// inputs, parents and providers; of options it has only whether a resource is
// protected.
func objectsOf(stack string, all []*planned, state func(*planned) *stateOf) *pack.Stack {
	s := &pack.Stack{Name: stack}
	providers := map[string]*pack.Provider{}
	for _, one := range all {
		if of := state(one); of != nil && one.provider() {
			providers[one.urn] = &pack.Provider{
				URN: resource.URN(one.urn), Type: tokens.Type(one.kind), Name: lastOf(one.urn), Properties: properties(of.Inputs),
			}
		}
	}
	for _, one := range all {
		of := state(one)
		if of == nil {
			continue
		}
		provider := of.Provider
		if at := strings.LastIndex(provider, "::"); at >= 0 { // its id follows
			provider = provider[:at]
		}
		s.Objects = append(s.Objects, pack.NewObject(pack.Resource{
			URN: resource.URN(one.urn), Type: tokens.Type(one.kind), Name: lastOf(one.urn), Properties: properties(of.Inputs), Provider: providers[provider],
			Options: pack.Options{Protect: of.Protect, Parent: resource.URN(of.Parent)},
		}))
	}
	slices.SortStableFunc(s.Objects, func(a, b pack.Object) int { return strings.Compare(string(a.URN), string(b.URN)) })
	return s
}

func lastOf(urn string) string { return urn[strings.LastIndex(urn, "::")+2:] }

func properties(inputs map[string]any) resource.PropertyMap {
	all := resource.PropertyMap{}
	for key, value := range inputs {
		if !strings.HasPrefix(key, "__") { // as the engine sends them
			all[resource.PropertyKey(key)] = property(value)
		}
	}
	return all
}

// property is a value of the log as the SDK has it: masked ones are secret, and
// others may be unknown.
func property(value any) resource.PropertyValue {
	switch v := value.(type) {
	case map[string]any:
		if secret.Masked(v) {
			return masked
		}
		return resource.NewObjectProperty(nested(v))
	case []any:
		items := make([]resource.PropertyValue, 0, len(v))
		for _, item := range v {
			items = append(items, property(item))
		}
		return resource.NewArrayProperty(items)
	case string:
		switch {
		case secret.Masked(v):
			return masked
		case isUnknown(v):
			return resource.MakeComputed(resource.NewStringProperty(""))
		}
		return resource.NewStringProperty(v)
	case float64:
		return resource.NewNumberProperty(v)
	case bool:
		return resource.NewBoolProperty(v)
	}
	return resource.NewNullProperty()
}

func nested(object map[string]any) resource.PropertyMap {
	all := resource.PropertyMap{}
	for key, value := range object {
		all[resource.PropertyKey(key)] = property(value)
	}
	return all
}

// masked is a secret value of which not even the form is known, so that rules
// which look into it are not decidable rather than wrong.
var masked = resource.MakeSecret(resource.MakeComputed(resource.NewStringProperty("")))
