package mutation_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/pack"
	"platform/tests/mutation"
	"platform/tests/policytest"
)

// root is the project's folder.
var root = filepath.Join("..", "..")

func stack(t *testing.T, name string) *mutation.Stack {
	t.Helper()
	cfg, resources, err := policytest.Registered(root, name, t.TempDir())
	require.NoError(t, err)
	return mutation.NewStack(name, cfg, resources)
}

// One stack of each platform, and the first site of each operator for each kind
// of object; make bench checks every site of every stack.
func TestNoMutantSurvives(t *testing.T) {
	for _, name := range []string{"k3s", "prod"} {
		t.Run(name, func(t *testing.T) {
			s := stack(t, name)
			sample := mutation.Sample(mutation.Of(s))
			require.Greater(t, len(sample), 200)
			verdicts, err := mutation.Check(s, sample)
			require.NoError(t, err)
			for _, verdict := range verdicts {
				assert.True(t, verdict.Killed(), "%s", verdict.Mutant)
			}
		})
	}
}

// A stack that breaks a rule by itself would kill every mutant.
func TestStackHasToKeepToTheRules(t *testing.T) {
	cfg, resources, err := policytest.Registered(root, "prod", t.TempDir())
	require.NoError(t, err)
	for i := range resources {
		resources[i].Provider = nil
	}
	_, err = mutation.Check(mutation.NewStack("prod", cfg, resources), nil)
	assert.ErrorContains(t, err, "stack prod breaks object-has-an-explicit-provider before anything is changed")
}

// One object, one field: the rest of the stack is not touched.
func TestMutantsChangeOneField(t *testing.T) {
	properties := resource.NewPropertyMapFromMap(map[string]any{
		"kind": "NetworkPolicy", "metadata": map[string]any{"name": "a", "namespace": "b"},
		"spec": map[string]any{"policyTypes": []any{"Ingress", "Egress"}, "ingress": []any{map[string]any{"ports": []any{map[string]any{"port": 80.0}}}}},
	})
	before := resource.NewPropertyMapFromMap(properties.Mappable())
	all := mutation.Of(mutation.NewStack("test", nil, []pack.Resource{{Type: "kubernetes:networking.k8s.io/v1:NetworkPolicy", Name: "a", Properties: properties}}))
	seen := map[string]bool{}
	for _, one := range all {
		assert.False(t, seen[one.String()], "%s twice", one)
		seen[one.String()] = true
		object, kept := one.Object()
		switch one.Path + " " + one.Operator {
		case " the policy":
			assert.False(t, kept)
		case "spec.policyTypes[0] policyTypes: removed":
			assert.Equal(t, []string{"Egress"}, object.At("spec", "policyTypes").Texts())
		case "spec.ingress[0].ports[0].port port: to another":
			assert.Equal(t, 97, object.At("spec", "ingress", 0, "ports", 0, "port").Int())
			assert.Len(t, object.At("spec", "policyTypes").Items(), 2)
		}
	}
	assert.True(t, seen["test  NetworkPolicy/a  spec.policyTypes[0]  policyTypes: removed"])
	assert.True(t, seen["test  NetworkPolicy/a  spec.ingress[0].ports[0].port  port: to another"])
	assert.Equal(t, before, properties, "the stack stays as it was")
}

func TestMutantsAreOfStacksThatThereAre(t *testing.T) {
	s := stack(t, "k3s")
	used := map[string]bool{}
	for _, one := range mutation.Of(s) {
		used[one.Operator+"/"+one.Kind] = true
	}
	for _, tested := range mutation.Tested {
		assert.True(t, used[tested.Operator+"/"+tested.Kind], "%s of %s is no mutant of k3s", tested.Operator, tested.Kind)
		assert.Greater(t, len(strings.Fields(tested.Reason)), 3, "%s of %s is for a reason, in a sentence", tested.Operator, tested.Kind)
		folder, name, _ := strings.Cut(strings.TrimPrefix(tested.Test, "platform/"), ".")
		assert.True(t, declares(t, filepath.Join(root, folder), name), "there is no test %s", tested.Test)
	}
}

// declares reports whether the tests of a folder have one of this name.
func declares(t *testing.T, folder, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	require.NoError(t, err)
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		if strings.Contains(string(source), "\nfunc "+name+"(t *testing.T)") {
			return true
		}
	}
	return false
}
