package infisical

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/tests/infisicaltest"
)

// wide is a server with many folders, and what is wanted from them.
func wide(t testing.TB, folders, values int) (*infisicaltest.Server, []config.SecretValue) {
	t.Helper()
	kept := map[string]string{}
	var wanted []config.SecretValue
	for i := range values {
		value := config.SecretValue{
			Secret: fmt.Sprintf("secret-%d", i%folders), Key: fmt.Sprintf("KEY_%d", i),
			Path: fmt.Sprintf("/all/folder-%d", i%folders), Name: fmt.Sprintf("KEY_%d", i),
		}
		kept[value.Path+"/"+value.Name] = fmt.Sprintf("value-%d", i)
		wanted = append(wanted, value)
	}
	return infisicaltest.Start(t, infisicaltest.Simple("prod", kept)), wanted
}

// Lists run beside each other, and not all of them.
func TestListsAreBounded(t *testing.T) {
	s, values := wide(t, 12, 30)
	var now, most atomic.Int32
	s.Always(infisicaltest.List, func(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
		running := now.Add(1)
		defer now.Add(-1)
		for old := most.Load(); running > old && !most.CompareAndSwap(old, running); old = most.Load() {
		}
		infisicaltest.Slow(30*time.Millisecond)(w, r, answer)
	})
	result, err := read(context.Background(), "prod", settings(s), values, universal(), quick)
	require.NoError(t, err)
	assert.Len(t, result.Values, 30)
	assert.Equal(t, "value-29", result.Values["secret-5/KEY_29"].Reveal())
	assert.Equal(t, 12, s.Count(infisicaltest.List))
	assert.Greater(t, most.Load(), int32(1))
	assert.LessOrEqual(t, most.Load(), int32(parallelLists))
}

// BenchmarkRead is a reading of 30 values in 12 folders.
func BenchmarkRead(b *testing.B) {
	s, values := wide(b, 12, 30)
	for b.Loop() {
		if _, err := Read(context.Background(), "prod", settings(s), values, universal()); err != nil {
			b.Fatal(err)
		}
	}
}
