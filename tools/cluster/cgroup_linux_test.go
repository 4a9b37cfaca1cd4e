package cluster

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The kernel says the weight: version 1 as shares, version 2 as a weight.
func TestGroupWeighsAsManyOthers(t *testing.T) {
	path := "/platform-test-" + strconv.Itoa(os.Getpid())
	if err := makeCgroup(path); err != nil {
		t.Skip("needs root: ", err)
	}
	t.Cleanup(func() { assert.NoError(t, removeCgroup(path)) })
	require.NoError(t, weighCgroup(path, 3))
	trees, err := hierarchies()
	require.NoError(t, err)
	found := map[string]string{}
	for _, tree := range trees {
		for _, name := range []string{"cpu.shares", "cpu.weight"} {
			if text, err := os.ReadFile(filepath.Join(tree, path, name)); err == nil {
				found[name] = strings.TrimSpace(string(text))
			}
		}
	}
	assert.NotEmpty(t, found)
	for name, value := range found {
		assert.Equal(t, map[string]string{"cpu.shares": "3072", "cpu.weight": "300"}[name], value)
	}
}
