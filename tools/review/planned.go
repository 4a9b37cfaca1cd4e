package review

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"platform/policy/secret"
)

// planned is what becomes of one resource, however many steps it takes.
type planned struct {
	urn, kind    string // of the resource: its URN and its type
	op           Op     // empty where it stays
	old, new     *apitype.StepEventStateMetadata
	diff         map[string]apitype.PropertyDiff // by path; none where the engine has no details
	keys         []string                        // top-level properties, where there is no diff
	forcing      []string                        // paths that force a replacement, as a step says
	deletedFirst bool                            // it is gone before its replacement comes
	leaves       []change                        // values that differ
	kept         bool                            // only how the engine keeps it changes, see options
}

// ops are what each operation of the engine is to a reader. A resource that is
// read belongs to somebody else and stays. One that is imported is there
// already: what the program says differently of it is an update.
var ops = map[apitype.OpType]Op{
	apitype.OpSame: "", apitype.OpRead: "",
	apitype.OpCreate: OpCreate, apitype.OpUpdate: OpUpdate, apitype.OpDelete: OpDelete,
	apitype.OpReplace: OpReplace, apitype.OpCreateReplacement: OpReplace, apitype.OpDeleteReplaced: OpReplace,
	apitype.OpImport: OpUpdate, apitype.OpImportReplacement: OpReplace,
	apitype.OpReadReplacement: OpReplace, apitype.OpReadDiscard: OpForget, apitype.OpDiscardReplaced: OpForget,
}

// merged makes one of the steps of each resource, in the order of the first. A
// step of a kind that is not known counts as an update, so that somebody reads
// it.
func merged(steps []apitype.StepEventMetadata) []*planned {
	var all []*planned
	byURN := map[string]*planned{}
	for _, step := range steps {
		op, known := ops[step.Op]
		switch {
		case step.Op == apitype.OpRemovePendingReplace || step.Op == apitype.OpRefresh:
			continue
		case !known:
			op = OpUpdate
		case op == OpDelete && step.Old != nil && step.Old.RetainOnDelete:
			op = OpForget
		}
		one, seen := byURN[step.URN]
		if !seen || step.Op == apitype.OpDeleteReplaced && one.op != OpReplace || one.leftover() && step.Op != apitype.OpDeleteReplaced && op != OpReplace {
			one = &planned{urn: step.URN, kind: step.Type}
			byURN[step.URN], all = one, append(all, one)
		}
		one.add(step, op)
	}
	for _, one := range all {
		if one.leftover() { // of a replacement that an earlier run began
			one.op = OpDelete
		}
		if one.op == "" && !one.holder() && !one.provider() && len(one.options()) > 0 {
			one.op, one.kept = OpUpdate, true
		}
	}
	return all
}

// leftover reports whether nothing but the end of a replaced resource is known.
func (p *planned) leftover() bool { return p.op == OpReplace && p.new == nil }

func (p *planned) add(step apitype.StepEventMetadata, op Op) {
	p.deletedFirst = p.deletedFirst || step.Op == apitype.OpDeleteReplaced && p.new == nil
	p.op = op
	if step.Old != nil && p.old == nil {
		p.old = step.Old
	}
	if step.New != nil {
		p.new = step.New
	}
	if len(p.diff) == 0 {
		p.diff, p.keys = step.DetailedDiff, step.Diffs
	}
	if len(p.forcing) == 0 {
		p.forcing = step.Keys
	}
	if op == OpDelete || op == OpForget {
		p.new = nil
	}
}

// holder reports whether a resource only holds others: the stack, and
// components.
func (p *planned) holder() bool {
	state := p.state()
	return p.kind == string(resource.RootStackType) || state != nil && !state.Custom
}

func (p *planned) provider() bool { return strings.HasPrefix(p.kind, "pulumi:providers:") }

// state is the later of the two that there are.
func (p *planned) state() *apitype.StepEventStateMetadata {
	if p.new != nil {
		return p.new
	}
	return p.old
}

func inputsOf(state *apitype.StepEventStateMetadata) any {
	if state == nil || state.Inputs == nil {
		return nil
	}
	return state.Inputs
}

func outputsOf(state *apitype.StepEventStateMetadata) any {
	if state == nil || state.Outputs == nil {
		return nil
	}
	return state.Outputs
}

// changes are those of resources, without what only holds others: a component
// or a provider is among them where its own properties change.
func changes(all []*planned) []Change {
	var found []Change
	for _, one := range all {
		if one.op == "" || (one.holder() || one.provider()) && len(one.leaves) == 0 {
			continue
		}
		c := Change{Op: one.op, URN: one.urn, Kind: one.shortKind(), Object: one.object(), Forces: one.forces()}
		for _, leaf := range one.leaves {
			c.Diffs = append(c.Diffs, leaf.Diff)
		}
		found = append(found, c)
	}
	return found
}

// same counts the resources that stay as they are; not what only holds others,
// nor providers.
func same(all []*planned) int {
	count := 0
	for _, one := range all {
		if one.op == "" && !one.holder() && !one.provider() {
			count++
		}
	}
	return count
}

// shortKind is that of an object of Kubernetes, else the whole type.
func (p *planned) shortKind() string {
	if rest, found := strings.CutPrefix(p.kind, "kubernetes:"); found {
		return rest[strings.LastIndex(rest, ":")+1:]
	}
	return p.kind
}

// object is namespace/name in the cluster, where the kind is one of
// Kubernetes, else the name in the program.
func (p *planned) object() string {
	logical := lastOf(p.urn)
	if !strings.HasPrefix(p.kind, "kubernetes:") {
		return logical
	}
	for _, state := range []*apitype.StepEventStateMetadata{p.old, p.new} {
		if state == nil {
			continue
		}
		if state.ID != "" && !isUnknown(state.ID) {
			return state.ID
		}
		metadata, _ := state.Inputs["metadata"].(map[string]any)
		name, _ := metadata["name"].(string)
		if name == "" || isUnknown(name) || secret.Masked(name) {
			name = logical
		}
		if namespace, _ := metadata["namespace"].(string); namespace != "" && !isUnknown(namespace) && !secret.Masked(namespace) {
			return namespace + "/" + name
		}
		return name
	}
	return logical
}

// title is Kind/namespace/name.
func (p *planned) title() string { return p.shortKind() + "/" + p.object() }

// replacing are the kinds of differences that force a replacement.
var replacing = []apitype.DiffKind{apitype.DiffAddReplace, apitype.DiffDeleteReplace, apitype.DiffUpdateReplace}

// forces are the paths that force a replacement. A resource that is replaced
// because of one that it depends on has none: the engine then names properties
// that do not change.
func (p *planned) forces() []string {
	if p.op != OpReplace {
		return nil
	}
	var paths []string
	for path, diff := range p.diff {
		if slices.Contains(replacing, diff.Kind) {
			paths = append(paths, path)
		}
	}
	for _, path := range p.forcing {
		if p.changes(path) {
			paths = append(paths, path)
		}
	}
	for i, path := range paths {
		if parsed, err := resource.ParsePropertyPath(path); err == nil {
			paths[i] = parsed.String()
		}
	}
	slices.SortFunc(paths, compareNaturally)
	return slices.Compact(paths)
}

// changes reports whether a value is about to change at or below a path.
func (p *planned) changes(path string) bool {
	at, err := resource.ParsePropertyPath(path)
	return err != nil || slices.ContainsFunc(p.leaves, func(c change) bool { return at.Contains(c.at) || c.at.Contains(at) })
}
