//go:build e2e

package cluster

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestBench(t *testing.T) {
	tools := makeTools(t)
	for range 4 {
		o := e2eOptions(tools, "b", filepath.Join(t.TempDir(), "b"))
		b := time.Now()
		c, err := Start(t.Context(), o)
		require.NoError(t, err)
		fresh := time.Since(b)
		b = time.Now()
		require.NoError(t, c.Stop())
		stop := time.Since(b)
		t.Logf("BENCH start %s stop %s", fresh, stop)
	}
}
