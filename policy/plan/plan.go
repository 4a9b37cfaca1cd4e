// Package plan checks what a deployment is about to do: what no list of
// manifests shows. It reads the steps that the engine logs of a preview.
package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/config"
	"platform/policy/pack"
)

// Change is what is about to happen to one resource that cannot be made good.
type Change struct {
	Resource string // Kind/namespace/name, or Kind/name where the kind has no namespaces; of a database or a stream Database or Stream
	URN      string // of the resource
	Kind     config.WaiverKind
	Why      string // what forces it, such as the properties that cannot change in place, or what changes
	Loses    string // what is lost with it, and what to do instead
	Waived   string // reason of the waiver that names it; empty means that none does
}

// String is one line that a person reads at night.
func (c Change) String() string {
	text := c.Resource + " is to " + c.Kind.Verb()
	if c.Why != "" {
		text += " (" + c.Why + ")"
	}
	return text + ": " + c.Loses
}

// losses are what goes with an object of each kind.
var losses = map[string]string{
	"PersistentVolumeClaim":    "its data go with it",
	"PersistentVolume":         "its data go with it",
	"StatefulSet":              "what it runs stops, and another does not follow by itself",
	"Namespace":                "everything in it goes, data included",
	"CustomResourceDefinition": "every object of the kind goes with it",
	"Secret":                   "its values go with it, and what reads them does not start",
	"IPAddressPool":            "Services lose the addresses that they have of it",
	"Service":                  "its address on the network is given back",
}

// Loses tells what goes with an object of a kind; empty where that is nothing.
func Loses(kind string) string { return losses[kind] }

// Remedy is the waiver that lets the change happen in a stack, to be pasted.
func (c Change) Remedy(stack string) string {
	return fmt.Sprintf("if that is meant, add to %s:waivers in Pulumi.%s.yaml: {resource: %s, change: %s, reason: ...}",
		config.Namespace, stack, c.Resource, c.Kind)
}

// Changes are what the steps do that loses data or an address, or that the data
// may not survive, with the waivers that name it.
func Changes(steps []apitype.StepEventMetadata, waivers []config.Waiver) []Change {
	ended := ends(steps)
	var changes []Change
	for _, change := range slices.Concat(ended, upgrades(steps), moves(steps, ended), lists(steps), addresses(steps)) {
		if !slices.ContainsFunc(changes, func(other Change) bool { return other.Resource == change.Resource && other.Kind == change.Kind }) {
			change.Waived = waived(waivers, change)
			changes = append(changes, change)
		}
	}
	return changes
}

// ends are the deletions and replacements. A resource that stays in the cluster
// when it leaves the program loses nothing.
func ends(steps []apitype.StepEventMetadata) []Change {
	var changes []Change
	for _, step := range steps {
		kind, ends := endings[step.Op]
		if !ends || step.Old == nil || step.Old.RetainOnDelete && kind == config.WaiveDelete {
			continue
		}
		loses, holds := holds(*step.Old)
		if !holds {
			continue
		}
		change := Change{Resource: named(*step.Old), URN: step.URN, Kind: kind, Loses: loses}
		if keys := slices.Sorted(slices.Values(step.Keys)); len(keys) > 0 {
			change.Why = strings.Join(keys, ", ") + " cannot change in place"
		}
		changes = append(changes, change)
	}
	return changes
}

// endings are the operations with which an object ends.
var endings = map[apitype.OpType]config.WaiverKind{
	apitype.OpDelete:  config.WaiveDelete,
	apitype.OpReplace: config.WaiveReplace,
}

// holds tells what an object's end would lose; false where that is nothing.
func holds(state apitype.StepEventStateMetadata) (string, bool) {
	kind := kindOf(state.Type)
	return losses[kind], Holds(kind, state.Inputs)
}

// Holds reports whether data or an address goes with an object of a kind.
func Holds(kind string, object map[string]any) bool {
	if kind == "Service" {
		spec, _ := object["spec"].(map[string]any)
		return spec["type"] == "LoadBalancer"
	}
	return losses[kind] != ""
}

// MayHold reports whether objects of a type of Pulumi's, such as
// kubernetes:core/v1:Secret, may hold data or an address.
func MayHold(kind string) bool { return losses[kindOf(kind)] != "" }

// MayLeave reports whether an update of an object of such a type may leave data or
// an address behind, or have other software open the data.
func MayLeave(kind string) bool {
	return slices.Contains([]string{"ConfigMap", "Service", "IPAddressPool"}, kindOf(kind)) || pack.PodPaths[kindOf(kind)] != nil
}

// What platformctl tells the program by its environment.
const (
	// EnvJudged is set where whoever runs a preview checks its steps, and wants
	// to see all of them.
	EnvChecked = "PLATFORM_PLAN_JUDGED"
	// EnvDown names the stack that make down takes away, whatever it holds.
	EnvDown = "PLATFORM_DOWN"
)

func waived(waivers []config.Waiver, change Change) string {
	for _, waiver := range waivers {
		if waiver.Resource == change.Resource && waiver.Change == change.Kind {
			return waiver.Reason
		}
	}
	return ""
}

// Unused are the waivers that no change needs: they would let the next one
// through.
func Unused(waivers []config.Waiver, changes []Change) []config.Waiver {
	return slices.DeleteFunc(slices.Clone(waivers), func(w config.Waiver) bool {
		return slices.ContainsFunc(changes, func(c Change) bool { return c.Resource == w.Resource && c.Kind == w.Change })
	})
}

// Rename is an object that is to be deleted under one name of the program and
// made under another. The engine makes it first, which takes the live object
// over, and then deletes that.
type Rename struct {
	Resource string // Kind/namespace/name
	From, To string // URNs
}

// String tells the remedy as well.
func (r Rename) String() string {
	return fmt.Sprintf("%s is the object of two resources: %s is to be made and then %s to be deleted, which deletes the one that was made; "+
		"give the new one the old name as an alias", r.Resource, r.To, r.From)
}

// Renames finds them.
func Renames(steps []apitype.StepEventMetadata) []Rename {
	made := map[string]string{}
	for _, step := range steps {
		if step.Op == apitype.OpCreate && step.New != nil && kindOf(step.New.Type) != "" {
			made[named(*step.New)] = step.URN
		}
	}
	var renames []Rename
	for _, step := range steps {
		if step.Op != apitype.OpDelete || step.Old == nil || kindOf(step.Old.Type) == "" {
			continue
		}
		if to, found := made[named(*step.Old)]; found && to != step.URN {
			renames = append(renames, Rename{Resource: named(*step.Old), From: step.URN, To: to})
		}
	}
	return renames
}

// kindOf is the kind of an object of Kubernetes; empty for anything else.
func kindOf(kind string) string {
	rest, found := strings.CutPrefix(kind, "kubernetes:")
	if !found {
		return ""
	}
	return rest[strings.LastIndex(rest, ":")+1:]
}

// named is Kind/namespace/name: the live name where there is an object already.
func named(state apitype.StepEventStateMetadata) string {
	kind := kindOf(state.Type)
	if state.ID != "" {
		return kind + "/" + state.ID
	}
	metadata, _ := state.Inputs["metadata"].(map[string]any)
	name, _ := metadata["name"].(string)
	if namespace, _ := metadata["namespace"].(string); namespace != "" {
		return kind + "/" + namespace + "/" + name
	}
	return kind + "/" + name
}
