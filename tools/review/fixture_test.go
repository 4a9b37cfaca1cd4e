package review_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/tools/review"
)

// urns begin the URN of a resource of the tests.
const urns = "urn:pulumi:k3s-local::platform::"

// one is a step on an object of the namespace core, whose inputs before and
// after are YAML; empty where it has none.
func one(t testing.TB, op apitype.OpType, kind, name, old, now string) apitype.StepEventMetadata {
	t.Helper()
	step := apitype.StepEventMetadata{Op: op, URN: urns + "kubernetes:" + kind + "::" + name, Type: "kubernetes:" + kind}
	step.Old, step.New = state(t, step, old), state(t, step, now)
	if step.Old != nil {
		step.Old.ID = "core/" + name
	}
	return step
}

func state(t testing.TB, step apitype.StepEventMetadata, inputs string) *apitype.StepEventStateMetadata {
	t.Helper()
	if inputs == "" {
		return nil
	}
	var read map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(inputs), &read), inputs)
	return &apitype.StepEventStateMetadata{Type: step.Type, URN: step.URN, Custom: true, Inputs: read}
}

// at names paths that the engine sees differences at.
func at(step apitype.StepEventMetadata, kind apitype.DiffKind, paths ...string) apitype.StepEventMetadata {
	step.DetailedDiff = map[string]apitype.PropertyDiff{}
	for _, path := range paths {
		step.DetailedDiff[path] = apitype.PropertyDiff{Kind: kind}
	}
	return step
}

// logOf is the log of a preview of these steps that succeeds.
func logOf(t testing.TB, steps ...apitype.StepEventMetadata) []byte {
	t.Helper()
	var all []apitype.EngineEvent
	for _, step := range steps {
		all = append(all, apitype.EngineEvent{ResourcePreEvent: &apitype.ResourcePreEvent{Metadata: step, Planning: true}})
	}
	return written(t, append(all, apitype.EngineEvent{SummaryEvent: &apitype.SummaryEvent{Result: apitype.OperationResultSucceeded}})...)
}

func written(t testing.TB, events ...apitype.EngineEvent) []byte {
	t.Helper()
	var out bytes.Buffer
	for _, event := range events {
		require.NoError(t, json.NewEncoder(&out).Encode(event))
	}
	return out.Bytes()
}

// sectionOf is the section of a preview of these steps.
func sectionOf(t testing.TB, steps ...apitype.StepEventMetadata) review.Section {
	t.Helper()
	s, err := review.New(planOf(t, logOf(t, steps...)))
	require.NoError(t, err)
	return s
}

func diffsOf(t testing.TB, step apitype.StepEventMetadata) []review.Diff {
	t.Helper()
	s := sectionOf(t, step)
	require.Len(t, s.Changes, 1)
	return s.Changes[0].Diffs
}
