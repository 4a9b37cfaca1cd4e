package cluster

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

func TestStagesAreWellFormed(t *testing.T) {
	var names []string
	for _, document := range bytes.Split(stagesFile(), []byte("---\n")) {
		var stage unstructured.Unstructured
		require.NoError(t, yaml.UnmarshalStrict(document, &stage.Object))
		assert.Equal(t, "kwok.x-k8s.io/v1alpha1", stage.GetAPIVersion())
		assert.Equal(t, "Stage", stage.GetKind())
		steps, found, err := unstructured.NestedSlice(stage.Object, "spec", "steps")
		require.NoError(t, err)
		assert.True(t, found && len(steps) == 1, stage.GetName())
		names = append(names, stage.GetName())
	}
	assert.Equal(t, []string{
		"ingress-address", "node-ready", "pod-ready", "pod-complete", "pod-delete",
		"claim-provision", "claim-resize", "volume-delete",
	}, names)
}
