package cluster

import (
	"bytes"
	"os"
	"path/filepath"
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

func TestReadCRDs(t *testing.T) {
	const definition = "kind: CustomResourceDefinition\nmetadata: {name: a.example.test}\nstatus: {conditions: []}\n"
	for name, tc := range map[string]struct{ text, want string }{
		"a definition": {definition, ""},
		"another kind": {"kind: Namespace\n", `holds a "Namespace", not one CustomResourceDefinition`},
		"no YAML":      {"a: b: c\n", "a.yaml: "},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			require.NoError(t, os.Mkdir(filepath.Join(folder, "sub"), 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(folder, "sub", "a.yaml"), []byte(tc.text), 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(folder, "README.md"), []byte("no"), 0o600))
			objects, err := readCRDs(folder)
			if tc.want != "" {
				require.ErrorContains(t, err, tc.want)
				return
			}
			require.NoError(t, err)
			require.Len(t, objects, 1)
			assert.Equal(t, "a.example.test", objects[0].GetName())
			assert.NotContains(t, objects[0].Object, "status")
		})
	}
}
