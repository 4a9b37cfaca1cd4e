//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// family lists a process and all that came from it. The engine starts its
// providers and the program in process groups of their own, so that a signal
// to make's group does not reach them.
func family(t *testing.T, pid int) []int {
	t.Helper()
	parents, err := filepath.Glob("/proc/[0-9]*/stat")
	require.NoError(t, err)
	children := map[int][]int{}
	for _, path := range parents {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended meanwhile
		}
		child, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		require.NoError(t, err)
		// After the name in parentheses, which may hold anything: state, parent.
		fields := strings.Fields(string(text[strings.LastIndex(string(text), ")")+1:]))
		parent, err := strconv.Atoi(fields[1])
		require.NoError(t, err)
		children[parent] = append(children[parent], child)
	}
	all := []int{pid}
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all
}
