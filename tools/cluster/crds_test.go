package cluster

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func TestFolderCRDs(t *testing.T) {
	const definition = "kind: CustomResourceDefinition\nmetadata: {name: a.example.test}\nstatus: {conditions: []}\n"
	for name, tc := range map[string]struct{ text, want string }{
		"a definition": {definition, ""},
		"another kind": {"kind: Namespace\n", `sub/a.yaml: holds a "Namespace", not one CustomResourceDefinition`},
		"no YAML":      {"a: b: c\n", "a.yaml: "},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			require.NoError(t, os.Mkdir(filepath.Join(folder, "sub"), 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(folder, "sub", "a.yaml"), []byte(tc.text), 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(folder, "README.md"), []byte("no"), 0o600))
			objects, err := folderCRDs(folder)
			if tc.want != "" {
				require.ErrorContains(t, err, "definitions in "+folder+": ")
				require.ErrorContains(t, err, tc.want)
				return
			}
			require.NoError(t, err)
			require.Len(t, objects, 1)
			assert.Equal(t, "a.example.test", objects[0].GetName())
			assert.NotContains(t, objects[0].Object, "status")
			all, err := Programs{CRDs: folder}.definitions()
			require.NoError(t, err)
			assert.Contains(t, all, objects[0], "beside those of this package")
		})
	}
}

func TestOwnDefinitions(t *testing.T) {
	definitions, err := Programs{}.definitions()
	require.NoError(t, err)
	var kinds []string
	for _, definition := range definitions {
		group, _, err := unstructured.NestedString(definition.Object, "spec", "group")
		require.NoError(t, err)
		names, _, err := unstructured.NestedStringMap(definition.Object, "spec", "names")
		require.NoError(t, err)
		kinds = append(kinds, names["kind"])
		assert.Equal(t, names["plural"]+"."+group, definition.GetName())
	}
	assert.Equal(t, []string{"GlobalNetworkPolicy", "InfisicalAuth", "InfisicalConnection", "InfisicalStaticSecret"}, kinds)
}

// Ingress and egress take the same rules, sources and destinations the same
// fields: the file writes each once.
func TestCalicoRulesAreWholeBothWays(t *testing.T) {
	definitions, err := readCRDs(ownCRDs)
	require.NoError(t, err)
	versions, _, err := unstructured.NestedSlice(definitions[0].Object, "spec", "versions")
	require.NoError(t, err)
	spec := []string{"schema", "openAPIV3Schema", "properties", "spec", "properties"}
	for _, direction := range []string{"ingress", "egress"} {
		for _, end := range []string{"source", "destination"} {
			at := append(append([]string{}, spec...), direction, "items", "properties", end, "properties")
			fields, found, err := unstructured.NestedMap(versions[0].(map[string]any), at...)
			require.NoError(t, err)
			require.True(t, found, at)
			for _, field := range []string{
				"nets", "notNets", "selector", "notSelector", "namespaceSelector", "ports", "notPorts", "serviceAccounts", "services",
			} {
				assert.Contains(t, fields, field, at)
			}
		}
	}
}
