package page

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/secret"
	"platform/tools/review"
	"platform/tools/review/scan"
)

// canary looks like no secret; it is known as one.
const canary = "correct|horse *battery* <staple> & `more`"

func TestNoticeNamesThePlaceAndNoValue(t *testing.T) {
	s := plan("dev")
	s.Changes = []review.Change{
		update("ConfigMap", "co2/settings", review.Diff{Path: "data.greeting", Old: "hello", New: canary}),
		update("ConfigMap", "co2/"+canary, review.Diff{Path: "data.a", Old: "b", New: canary}),
	}
	s.Restarts = []review.Restart{{Workload: "Deployment/co2/backend", Why: []string{"value is " + canary + " now"}, Replicas: 1}}
	text, err := Markdown([]review.Section{s}, options)
	require.NoError(t, err)
	hits := scan.Find(text, secret.NewKnown(canary))
	notice := Notice(options.Key, hits)
	requireTame(t, notice, options.Key, "")
	for _, part := range strings.FieldsFunc(canary, func(r rune) bool { return r == ' ' }) {
		if len(part) > 1 {
			assert.NotContains(t, notice, part)
		}
	}
	assert.Contains(t, notice, "| `dev` | `ConfigMap co2/settings` | `data.greeting` | has the value of a known secret |")
	assert.Contains(t, notice, "| `dev` | `Will restart` |  | has the value of a known secret |")
	assert.Contains(t, notice, "| `dev` | `(a name that is not shown)` | `data.a` | has the value of a known secret |")
	assert.Len(t, hits, 4) // the object, its value, the other value, the restart
}

func TestNoticeIsShort(t *testing.T) {
	hits := make([]scan.Hit, 5000)
	for i := range hits {
		hits[i] = scan.Hit{Line: i + 1, What: "looks like a private key", Stack: strings.Repeat("@", 3000), Resource: strings.Repeat("|", 3000)}
	}
	notice := Notice(options.Key, hits)
	requireTame(t, notice, options.Key, "")
	assert.Less(t, len(notice), 65_536)
	assert.Contains(t, notice, "There are 4,960 more.")
}

// Nothing that a review always has may be taken for a secret.
func TestPlainCommentsPassTheScan(t *testing.T) {
	for name, kind := range kinds {
		text, err := Markdown(kind.sections, kind.options)
		require.NoError(t, err)
		assert.Empty(t, scan.Find(text, nil), name)
		whole, err := HTML(kind.sections, kind.options)
		require.NoError(t, err)
		assert.Empty(t, scan.Find(whole, nil), name)
	}
}

// Whatever a writer does to a known value, the scan reads it.
func TestScanReadsWhatThePageWrites(t *testing.T) {
	for _, odd := range hostile {
		value := "Violet" + odd + "Umbra"
		for name, s := range map[string]review.Section{
			"value":   {Changes: []review.Change{update("ConfigMap", "a", review.Diff{Path: "data.a", Old: "b", New: "x " + value + " y"})}},
			"path":    {Changes: []review.Change{update("ConfigMap", "a", review.Diff{Path: value, Old: "b", New: "c"})}},
			"object":  {Changes: []review.Change{update("ConfigMap", value)}},
			"error":   {Error: "error:\n" + value},
			"restart": {Restarts: []review.Restart{{Workload: "a", Why: []string{"it is " + value + " now"}}}},
			"finding": {Findings: []review.Finding{{Rule: "a", Text: "it is " + value + "."}}},
			"reach":   {Reach: []review.Reach{{From: value, To: "b"}}},
			"stack":   {Stack: value},
		} {
			text, err := Markdown([]review.Section{s}, options)
			require.NoError(t, err)
			hits := scan.Find(text, secret.NewKnown(value))
			assert.NotEmpty(t, hits, "%s: %q\n%s", name, odd, text)
			requireTame(t, Notice(options.Key, hits), options.Key, "")
			assert.NotRegexp(t, `Violet|Umbra`, Notice(options.Key, hits), "%s: %q", name, odd)
			if name != "value" && name != "error" && name != "restart" { // the others are written as the last one
				continue
			}
			page, err := HTML([]review.Section{s}, options)
			require.NoError(t, err)
			_, page, _ = strings.Cut(page, "</style>")
			hits = scan.Find(page, secret.NewKnown(value))
			assert.NotEmpty(t, hits, "%s: %q\n%s", name, odd, page)
			assert.NotRegexp(t, `Violet|Umbra`, Notice(options.Key, hits), "%s: %q", name, odd)
		}
	}
}
