package review_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/tools/review"
)

const (
	claims      = "core/v1:PersistentVolumeClaim"
	deployments = "apps/v1:Deployment"
	named       = "metadata: {name: data, namespace: core}"
)

func TestWhatIsAtRisk(t *testing.T) {
	replaced := at(one(t, apitype.OpReplace, claims, "data", "{"+named+", spec: {storageClassName: a}}", "{"+named+", spec: {storageClassName: b}}"), apitype.DiffUpdateReplace, "spec.storageClassName")
	replaced.Keys = []string{"spec.storageClassName"}
	kept := one(t, apitype.OpDelete, claims, "data", "{"+named+"}", "")
	kept.Old.RetainOnDelete = true
	database := func(op apitype.OpType, volume string) apitype.StepEventMetadata {
		inputs := "{metadata: {name: db, namespace: core}, spec: {template: {spec: {containers: [{name: a, volumeMounts: [{name: v, mountPath: /d}, {name: r, mountPath: /r, readOnly: true}]}], volumes: [" + volume + "]}}}}"
		return one(t, op, deployments, "db", inputs, "")
	}
	server := func(image string) string {
		return "{metadata: {name: db, namespace: core}, spec: {template: {spec: {containers: [{name: a, image: '" + image + "', volumeMounts: [{name: v, mountPath: /d}]}], volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]}}}}"
	}
	left := one(t, apitype.OpDeleteReplaced, claims, "data", "{"+named+"}", "")
	const loses = "its data go with it"
	for name, c := range map[string]struct {
		steps []apitype.StepEventMetadata
		want  []review.Risk
	}{
		"claim goes":                   {[]apitype.StepEventMetadata{one(t, apitype.OpDelete, claims, "data", "{"+named+"}", "")}, []review.Risk{{Object: "PersistentVolumeClaim/core/data", Op: review.OpDelete, Loses: loses, Refused: true}}},
		"claim stays":                  {[]apitype.StepEventMetadata{kept}, nil},
		"claim left by an earlier run": {[]apitype.StepEventMetadata{left}, []review.Risk{{Object: "PersistentVolumeClaim/core/data", Op: review.OpDelete, Loses: loses, Refused: true}}},
		"claim is replaced": {
			[]apitype.StepEventMetadata{replaced},
			[]review.Risk{{Object: "PersistentVolumeClaim/core/data", Op: review.OpReplace, Why: "spec.storageClassName cannot change in place", Loses: loses, Refused: true}},
		},
		"database whose claim stays": {
			[]apitype.StepEventMetadata{database(apitype.OpDelete, "{name: v, persistentVolumeClaim: {claimName: data}}")},
			[]review.Risk{{Object: "Deployment/core/db", Op: review.OpDelete, Loses: "what it serves stops; its claim data stays"}},
		},
		"database whose claim goes": {
			[]apitype.StepEventMetadata{one(t, apitype.OpDelete, claims, "data", "{"+named+"}", ""), database(apitype.OpDelete, "{name: v, persistentVolumeClaim: {claimName: data}}")},
			[]review.Risk{
				{Object: "PersistentVolumeClaim/core/data", Op: review.OpDelete, Loses: loses, Refused: true},
				{Object: "Deployment/core/db", Op: review.OpDelete, Loses: "what it serves stops; its claim data goes with its data"},
			},
		},
		"data in a folder of the node": {
			[]apitype.StepEventMetadata{database(apitype.OpDelete, "{name: v, hostPath: {path: /data/gfs, type: DirectoryOrCreate}}, {name: r, hostPath: {path: /sys}}")},
			[]review.Risk{{Object: "Deployment/core/db", Op: review.OpDelete, Loses: "what it serves stops; its folder /data/gfs stays on the node"}},
		},
		"other software on the data": {
			[]apitype.StepEventMetadata{one(t, apitype.OpUpdate, "apps/v1:StatefulSet", "db", server("redis:7.4"), server("redis:7.2"))},
			[]review.Risk{{
				Object: "StatefulSet/core/db", Op: review.OpUpdate, Why: "container a: image redis:7.4 → redis:7.2", Refused: true,
				Loses: "Redis 7.2 may not read what the newer 7.4 has written: dump the data with the one that runs and restore them into the new one (see docs/operations.md under Another version of a data server)",
			}},
		},
		"another database": {
			[]apitype.StepEventMetadata{one(t, apitype.OpUpdate, "core/v1:ConfigMap", "app", "{metadata: {name: app, namespace: core}, data: {DATABASE_NAME: old}}", "{metadata: {name: app, namespace: core}, data: {DATABASE_NAME: new}}")},
			[]review.Risk{{
				Object: "Database/core/old", Op: review.OpUpdate, Why: "DATABASE_NAME old → new", Refused: true,
				Loses: "the new one is empty, and the old one stays with its data, is served by nobody and dumped no more: dump the old one and restore it into the new one",
			}},
		},
		"no data":      {[]apitype.StepEventMetadata{database(apitype.OpDelete, "{name: v, emptyDir: {}}")}, nil},
		"only updated": {[]apitype.StepEventMetadata{database(apitype.OpUpdate, "{name: v, persistentVolumeClaim: {claimName: data}}")}, nil},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, sectionOf(t, c.steps...).Risks) })
	}
}

// A rename is refused, and no waiver lets it through, not even one that names
// the end of the same object.
func TestRenamesAreRisks(t *testing.T) {
	made := one(t, apitype.OpCreate, claims, "fresh", "", "{"+named+"}")
	gone := one(t, apitype.OpDelete, claims, "data", "{"+named+"}", "")
	p := planOf(t, logOf(t, made, gone))
	p.Config.Shared().Waivers = []config.Waiver{{Resource: "PersistentVolumeClaim/core/data", Change: config.WaiveDelete, Reason: "moved"}}
	s, err := review.New(p)
	require.NoError(t, err)
	require.Len(t, s.Risks, 1)
	assert.Contains(t, s.Risks[0].Loses, "made as fresh and then deleted as data")
	assert.Empty(t, s.Risks[0].Waived)
	assert.True(t, s.Risks[0].Refused)
	assert.Equal(t, "the new one has the old name as an alias", s.Risks[0].Until)
	assert.Equal(t, review.Refused, s.Verdict())
}

func TestWaiversAreTold(t *testing.T) {
	p := planOf(t, logOf(t, one(t, apitype.OpDelete, claims, "data", "{"+named+"}", "")))
	p.Config.Shared().Waivers = []config.Waiver{
		{Resource: "PersistentVolumeClaim/core/data", Change: config.WaiveReplace, Reason: "another change"}, {Resource: "PersistentVolumeClaim/core/data", Change: config.WaiveDelete, Reason: "moved"},
	}
	s, err := review.New(p)
	require.NoError(t, err)
	assert.Equal(t, []review.Risk{{Object: "PersistentVolumeClaim/core/data", Op: review.OpDelete, Loses: "its data go with it", Waived: "moved"}}, s.Risks)
	assert.Equal(t, review.Destructive, s.Verdict())
}

// What the cluster lost by itself is at risk, and nobody refuses it.
func TestDriftIsNotRefused(t *testing.T) {
	gone := one(t, apitype.OpDelete, claims, "data", "{"+named+"}", "")
	refresh := gone
	refresh.Op = apitype.OpRefresh
	p := planOf(t, written(t,
		apitype.EngineEvent{ResourcePreEvent: &apitype.ResourcePreEvent{Metadata: refresh}},
		apitype.EngineEvent{ResOutputsEvent: &apitype.ResOutputsEvent{Metadata: gone}},
		apitype.EngineEvent{SummaryEvent: &apitype.SummaryEvent{Result: apitype.OperationResultSucceeded}},
	))
	p.View = review.ViewDrift
	s, err := review.New(p)
	require.NoError(t, err)
	assert.Equal(t, []string{"delete PersistentVolumeClaim core/data"}, said(s))
	assert.Equal(t, []review.Risk{{Object: "PersistentVolumeClaim/core/data", Op: review.OpDelete, Loses: "its data go with it"}}, s.Risks)
	assert.Equal(t, review.Drifted, s.Verdict())
}
