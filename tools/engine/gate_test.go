package engine

import (
	"bytes"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
)

// ended is the deletion of a claim.
func ended() []apitype.StepEventMetadata {
	return []apitype.StepEventMetadata{{Op: apitype.OpDelete, URN: "urn::data", Old: &apitype.StepEventStateMetadata{
		Type: "kubernetes:core/v1:PersistentVolumeClaim", ID: "core/data",
	}}}
}

func TestWhatCannotBeMadeGoodIsRefused(t *testing.T) {
	var out bytes.Buffer
	s := &Session{Stack: "k3s", Config: &config.EddCloud{}, out: &out}
	require.NoError(t, s.check(nil))
	err := s.check(ended())
	require.ErrorContains(t, err, "stack k3s: what cannot be made good is refused, and nothing was done:")
	require.ErrorContains(t, err, "PersistentVolumeClaim/core/data is to be deleted: its data go with it")
	require.ErrorContains(t, err, "add to platform:waivers in Pulumi.k3s.yaml: {resource: PersistentVolumeClaim/core/data, change: deleted, reason: ...}")
	assert.Empty(t, out.String())
}

func TestWaiversAreToldAndLeftOverOnesToo(t *testing.T) {
	var out bytes.Buffer
	cfg := &config.EddCloud{}
	cfg.Waivers = []config.Waiver{
		{Resource: "PersistentVolumeClaim/core/data", Change: config.WaiveDelete, Reason: "restored from an archive"},
		{Resource: "Namespace/core", Change: config.WaiveDelete, Reason: "moved"},
	}
	s := &Session{Stack: "k3s", Config: cfg, out: &out}
	require.NoError(t, s.check(ended()))
	assert.Contains(t, out.String(), "waived: PersistentVolumeClaim/core/data is to be deleted: its data go with it; restored from an archive")
	assert.Contains(t, out.String(), "a waiver is left over: Namespace/core is not to be deleted; remove it from Pulumi.k3s.yaml")
}

func TestGatePlansWhatIsAsked(t *testing.T) {
	s := &Session{}
	events := &eventLog{"folder"}
	args, err := s.previewing(t.Context(), []string{"--yes", "--policy-pack", "folder", "--diff", "--skip-preview"}, events)
	require.NoError(t, err)
	assert.Equal(t, []string{"preview", "--parallel", "64", "--skip-plugin-pre-install", "--policy-pack", "folder", "--event-log", "folder/events.json"}, args)
}
