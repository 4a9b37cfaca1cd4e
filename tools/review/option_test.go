package review_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review"
)

// TestProtectionThatGoesIsAChange takes the option off a resource whose
// properties stay: the engine calls that the same.
func TestProtectionThatGoesIsAChange(t *testing.T) {
	for name, tc := range map[string]struct {
		old, now bool
		verdict  review.Verdict
	}{
		"taken off": {true, false, review.Review},
		"put on":    {false, true, review.Safe},
		"as it was": {true, true, review.Safe},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := review.New(planOf(t, protected(t, "PersistentVolumeClaim", tc.old, tc.now)))
			require.NoError(t, err)
			require.Empty(t, s.Error)
			assert.Equal(t, tc.verdict, s.Verdict())
			if tc.old == tc.now {
				assert.Empty(t, s.Changes)
				return
			}
			require.NotEmpty(t, s.Changes)
			for _, c := range s.Changes {
				assert.Equal(t, "PersistentVolumeClaim", c.Kind)
				assert.Equal(t, "options.protect", c.Diffs[0].Path)
				assert.Len(t, c.Diffs, 1)
			}
		})
	}
}

// protected is the log of a stack without changes, but for the option of the
// resources of a kind.
func protected(t *testing.T, kind string, old, now bool) []byte {
	t.Helper()
	var out bytes.Buffer
	for _, line := range strings.Split(strings.TrimSpace(string(events(t, "same"))), "\n") {
		var event map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &event))
		if pre, is := event["resourcePreEvent"].(map[string]any); is {
			step := pre["metadata"].(map[string]any)
			if strings.HasSuffix(step["type"].(string), ":"+kind) {
				step["old"].(map[string]any)["protect"], step["new"].(map[string]any)["protect"] = old, now
			}
		}
		require.NoError(t, json.NewEncoder(&out).Encode(event))
	}
	return out.Bytes()
}

func TestAnAddressThatMovesIsRead(t *testing.T) {
	of := func(path string) review.Section {
		return review.Section{Changes: []review.Change{{Op: review.OpUpdate, Kind: "Service", Diffs: []review.Diff{{Path: path, Old: "a", New: "b"}}}}}
	}
	assert.Equal(t, review.Review, of(`metadata.annotations["metallb.io/loadBalancerIPs"]`).Verdict())
	assert.Equal(t, review.Review, of("spec.type").Verdict())
	assert.Equal(t, review.Safe, of("spec.ports[0].name").Verdict())
}
