//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review"
)

// TestCompare reviews production without its cluster and without its secrets,
// as a pull request from a fork is reviewed.
func TestCompare(t *testing.T) {
	c := newCheckout(t, "prod")
	c.make("ctl")
	c.commit()
	before, err := os.ReadFile(c.stackFile("prod"))
	require.NoError(t, err)
	compare := func(t *testing.T, settings map[string]any, base string, want int) (string, []review.Section) {
		t.Helper()
		c.t = t
		defer c.restore("prod", before)
		c.set(settings)
		data := filepath.Join(t.TempDir(), "sections.json")
		said, code := c.ctl("review", "--base", base, "--out", data)
		require.Equal(t, want, code, said)
		file, err := os.Open(data)
		require.NoError(t, err)
		defer file.Close()
		sections, err := review.Read(file)
		require.NoError(t, err)
		require.Len(t, sections, 1)
		assert.Equal(t, review.ViewChange, sections[0].View)
		return said, sections
	}
	t.Run("nothing", func(t *testing.T) {
		_, sections := compare(t, nil, "HEAD", 0)
		assert.Empty(t, sections[0].Fault)
		assert.Empty(t, sections[0].Changes)
		assert.Equal(t, review.Safe, sections[0].Verdict())
		assert.Regexp(t, `^[0-9a-f]{40}$`, sections[0].Base)
	})
	t.Run("one image", func(t *testing.T) {
		_, sections := compare(t, map[string]any{"platform:frontend.image": "ghcr.io/epfl-enac/epfl/co2-calculator/frontend:v1.1.0"}, "HEAD", 0)
		assert.Empty(t, sections[0].Fault)
		require.Len(t, sections[0].Changes, 1)
		assert.Equal(t, "Deployment co2-calculator-prod/frontend", sections[0].Changes[0].Kind+" "+sections[0].Changes[0].Object)
		require.Len(t, sections[0].Restarts, 1)
		assert.Equal(t, review.Safe, sections[0].Verdict())
	})
	t.Run("a protected claim", func(t *testing.T) {
		_, sections := compare(t, map[string]any{"platform:redis.storageClass": "local-path"}, "HEAD", 2)
		assert.Equal(t, []review.Verdict{review.Refused}, sections[0].Verdicts())
		assert.Empty(t, sections[0].Fault, "the risk says why")
		require.NotEmpty(t, sections[0].Risks)
		assert.Equal(t, "PersistentVolumeClaim/co2-calculator-prod/redis-data", sections[0].Risks[0].Object)
		assert.True(t, sections[0].Risks[0].Refused)
		assert.Contains(t, sections[0].Risks[0].Until, "its protection is off")
	})
	t.Run("a rule is broken", func(t *testing.T) {
		_, sections := compare(t, map[string]any{"platform:redis.image": retired}, "HEAD", 2)
		assert.Equal(t, review.Refused, sections[0].Verdict())
		assert.Empty(t, sections[0].Fault, "the finding says why")
		found := map[string]bool{}
		for _, one := range sections[0].Findings {
			found[one.Rule] = found[one.Rule] || one.New && one.Mandatory
		}
		assert.True(t, found[retiredRule])
	})
	t.Run("a base that is none", func(t *testing.T) {
		said, sections := compare(t, nil, "nonesuch", 1)
		assert.Contains(t, sections[0].Fault, `base "nonesuch"`)
		assert.Contains(t, said, `base "nonesuch": is no revision of this checkout`)
	})
}
