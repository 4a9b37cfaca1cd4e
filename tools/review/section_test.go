package review_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review"
)

// Whoever hands over nothing knows nothing.
func TestNoSectionIsNotSafe(t *testing.T) {
	assert.Equal(t, review.Failed, review.Worst(nil))
	for _, text := range []string{"[]", "null", "", "{}", `[{"format": 1, "stack": "dev"}] []`} {
		_, err := review.Read(strings.NewReader(text))
		require.Error(t, err, text)
	}
}
