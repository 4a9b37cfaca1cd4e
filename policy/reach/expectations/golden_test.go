package expectations_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/config"
	"platform/policy/pack"
)

// stacks are those of the program.
var stacks = config.Stacks()

// golden is the objects of a stack, as the program registers them.
func golden(t *testing.T, stack string) *pack.Stack {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "tests", "testdata", "golden", stack+".yaml"))
	require.NoError(t, err)
	s := &pack.Stack{Name: stack}
	for _, document := range strings.Split("\n"+string(text), "\n---") {
		var one struct {
			Type   string         `json:"type"`
			Name   string         `json:"name"`
			Inputs map[string]any `json:"inputs"`
		}
		require.NoError(t, yaml.Unmarshal([]byte(document), &one))
		if strings.HasPrefix(one.Type, "kubernetes:") {
			s.Objects = append(s.Objects, pack.NewObject(pack.Resource{
				Type: tokens.Type(one.Type), Name: one.Name, Properties: resource.NewPropertyMapFromMap(one.Inputs),
			}))
		}
	}
	require.NotEmpty(t, s.Objects)
	return s
}
