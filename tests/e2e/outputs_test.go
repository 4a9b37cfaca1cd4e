//go:build e2e

package e2e

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// namesItsObjects compares the names that the stack gives out with those in the
// cluster: all of each kind that is not Kubernetes' own.
func namesItsObjects(t *testing.T, c *checkout, l live) {
	var outputs map[string]any
	require.NoError(t, json.Unmarshal([]byte(pulumi(t, c, "stack", "output", "--json")), &outputs))
	for output, kind := range map[string][2]string{
		"services": {"", "services"}, "claims": {"", "persistentvolumeclaims"}, "cronJobs": {"batch", "cronjobs"}, "secrets": {"", "secrets"},
	} {
		assert.ElementsMatch(t, l.objects(kind[0], kind[1]), outputs[output], output)
	}
	assert.Equal(t, l.namespace, outputs["namespace"])
}
