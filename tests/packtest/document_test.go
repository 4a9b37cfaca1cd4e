package packtest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestButChangesEachText(t *testing.T) {
	assert.Equal(t, "{b: 2, a: 1}", But("{a: 1, b: 2}", "a: 1", "b: 2", "b: 2", "a: 1"), "all at once, not one on top of the other")
	assert.PanicsWithValue(t, "the document has no c", func() { But("{a: 1}", "c", "d") })
}

func TestJoinedDocumentsAreReadApart(t *testing.T) {
	objects := Objects(t, Join(Container("image: x"), Workload("DaemonSet", "b", "", ""), InCore("v1", "Secret", "c", "")))
	require.Len(t, objects, 3)
	for i, want := range []string{"Deployment/api", "DaemonSet/b", "Secret/c"} {
		assert.Equal(t, want, objects[i].String())
	}
}
