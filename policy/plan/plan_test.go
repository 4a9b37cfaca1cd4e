package plan

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"

	"platform/config"
)

// step is an operation on an object that the cluster has.
func step(op apitype.OpType, urn, kind, id string, inputs map[string]any) apitype.StepEventMetadata {
	state := &apitype.StepEventStateMetadata{Type: "kubernetes:" + kind, URN: urn, ID: id, Inputs: inputs}
	return apitype.StepEventMetadata{Op: op, URN: urn, Type: state.Type, Old: state}
}

func TestWhatHoldsDataOrAnAddressNeedsAWaiver(t *testing.T) {
	const claim = "core/v1:PersistentVolumeClaim"
	balancer := map[string]any{"spec": map[string]any{"type": "LoadBalancer"}}
	retained := step(apitype.OpDelete, "urn::r", claim, "core/data", nil)
	retained.Old.RetainOnDelete = true
	moved := step(apitype.OpReplace, "urn::m", claim, "core/data", nil)
	moved.Old.RetainOnDelete, moved.Keys = true, []string{"spec.storageClassName", "spec.accessModes"}
	for name, c := range map[string]struct {
		steps []apitype.StepEventMetadata
		want  []string
	}{
		"claim deleted":         {[]apitype.StepEventMetadata{step(apitype.OpDelete, "urn::c", claim, "core/data", nil)}, []string{"PersistentVolumeClaim/core/data is to be deleted: its data go with it"}},
		"claim that stays":      {[]apitype.StepEventMetadata{retained}, nil},
		"replaced, though kept": {[]apitype.StepEventMetadata{moved}, []string{"PersistentVolumeClaim/core/data is to be replaced (spec.accessModes, spec.storageClassName cannot change in place): its data go with it"}},
		"replacement in its three steps": {
			[]apitype.StepEventMetadata{
				step(apitype.OpCreateReplacement, "urn::c", claim, "core/data", nil), step(apitype.OpReplace, "urn::c", claim, "core/data", nil),
				step(apitype.OpDeleteReplaced, "urn::c", claim, "core/data", nil),
			},
			[]string{"PersistentVolumeClaim/core/data is to be replaced: its data go with it"},
		},
		"updated":          {[]apitype.StepEventMetadata{step(apitype.OpUpdate, "urn::c", claim, "core/data", nil)}, nil},
		"no data":          {[]apitype.StepEventMetadata{step(apitype.OpDelete, "urn::d", "apps/v1:Deployment", "core/api", nil)}, nil},
		"an address":       {[]apitype.StepEventMetadata{step(apitype.OpDelete, "urn::s", "core/v1:Service", "core/gateway", balancer)}, []string{"Service/core/gateway is to be deleted: its address on the network is given back"}},
		"an inner Service": {[]apitype.StepEventMetadata{step(apitype.OpDelete, "urn::s", "core/v1:Service", "core/api", nil)}, nil},
		"no object":        {[]apitype.StepEventMetadata{{Op: apitype.OpDelete, URN: "urn::p", Old: &apitype.StepEventStateMetadata{Type: "random:index/randomPassword:RandomPassword"}}}, nil},
		"made":             {[]apitype.StepEventMetadata{{Op: apitype.OpCreate, URN: "urn::n", Type: "kubernetes:" + claim}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var said []string
			for _, change := range Changes(c.steps, nil) {
				said = append(said, change.String())
				assert.Empty(t, change.Waived)
			}
			assert.Equal(t, c.want, said)
		})
	}
}

func TestWaiversNameOneChangeOfOneResource(t *testing.T) {
	steps := []apitype.StepEventMetadata{step(apitype.OpDelete, "urn::n", "core/v1:Namespace", "core", nil)}
	right := config.Waiver{Resource: "Namespace/core", Change: config.WaiveDelete, Reason: "the platform moves"}
	other := config.Waiver{Resource: "Namespace/core", Change: config.WaiveReplace, Reason: "renamed"}
	third := config.Waiver{Resource: "Namespace/other", Change: config.WaiveDelete, Reason: "gone"}
	changes := Changes(steps, []config.Waiver{other, third, right})
	assert.Equal(t, "the platform moves", changes[0].Waived)
	assert.Equal(t, []config.Waiver{other, third}, Unused([]config.Waiver{other, third, right}, changes))
	assert.Empty(t, Changes(steps, []config.Waiver{other, third})[0].Waived)
}

func TestRenamesWithoutAnAliasAreFound(t *testing.T) {
	made := func(urn, kind, namespace, name string) apitype.StepEventMetadata {
		return apitype.StepEventMetadata{Op: apitype.OpCreate, URN: urn, New: &apitype.StepEventStateMetadata{
			Type: "kubernetes:" + kind, Inputs: map[string]any{"metadata": map[string]any{"name": name, "namespace": namespace}},
		}}
	}
	const claim = "core/v1:PersistentVolumeClaim"
	renames := Renames([]apitype.StepEventMetadata{
		made("urn::new", claim, "core", "data"), made("urn::other", claim, "core", "more"), made("urn::service", "core/v1:Service", "core", "data"),
		step(apitype.OpDelete, "urn::old", claim, "core/data", nil), step(apitype.OpDelete, "urn::gone", claim, "core/gone", nil),
	})
	assert.Equal(t, []Rename{{Resource: "PersistentVolumeClaim/core/data", From: "urn::old", To: "urn::new"}}, renames)
	assert.Contains(t, renames[0].String(), "alias")
}
