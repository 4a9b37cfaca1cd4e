package config

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestConfigurationFitsIntoOneVariable(t *testing.T) {
	check := func(bytes int) Errors {
		found := &collector{stack: "prod"}
		source{values: map[string]string{"services": strings.Repeat("x", bytes), "protect": "true"}}.checkSize(found)
		return found.problems
	}
	// PULUMI_CONFIG={"platform:protect":"true","platform:services":"…"} and a zero at its end.
	const around = len(`PULUMI_CONFIG={"platform:protect":"true","platform:services":""}`) + 1
	assert.Empty(t, check(131072-around), "what Linux takes")
	problems := check(131072 - around + 1)
	require.Len(t, problems, 1)
	assert.Equal(t, "services", problems[0].Key)
	assert.Contains(t, problems[0].Error(), "it has the most of a configuration of 131073 bytes, and the engine hands over 131072 at most; "+
		"shorten it, or spread what it lists over two stacks, by 1 bytes in Pulumi.prod.yaml")
}
