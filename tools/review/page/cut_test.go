package page

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review"
)

// someSections are random ones, the same for a seed.
func someSections(seed uint64) []review.Section {
	r := rand.New(rand.NewPCG(seed, 17))
	text := func() string {
		one := hostile[r.IntN(len(hostile))]
		return fmt.Sprintf("%s%d %s", one, r.IntN(1000), strings.Repeat(one, r.IntN(1+r.IntN(30))))
	}
	var all []review.Section
	for range 1 + r.IntN(4) {
		s := plan(text())
		s.View = []review.View{review.ViewChange, review.ViewCluster, review.ViewDrift}[r.IntN(3)]
		if r.IntN(4) == 0 {
			s.Error = strings.Repeat(text()+"\n", r.IntN(200))
		}
		for range r.IntN(1 + r.IntN(150)) {
			c := review.Change{Op: review.Ops[r.IntN(len(review.Ops))], Kind: text(), Object: text()}
			for range r.IntN(10) {
				c.Diffs = append(c.Diffs, review.Diff{Path: text(), Old: text(), New: text(), Secret: r.IntN(9) == 0, Unknown: r.IntN(9) == 0})
			}
			s.Changes = append(s.Changes, c)
		}
		for range r.IntN(6) {
			s.Risks = append(s.Risks, review.Risk{Object: fmt.Sprintf("Kind/risk-%d", r.IntN(1_000_000)), Op: review.OpDelete, Why: text(), Loses: text(), Waived: text()})
		}
		for range r.IntN(1 + r.IntN(40)) {
			s.Restarts = append(s.Restarts, review.Restart{Workload: text(), Why: []string{text(), text()}, Replicas: r.IntN(3)})
			s.Reach = append(s.Reach, review.Reach{From: text(), To: text(), Gained: text()})
			s.Findings = append(s.Findings, review.Finding{Rule: text(), Object: text(), Text: text(), New: r.IntN(2) == 0, Mandatory: r.IntN(5) == 0})
		}
		all = append(all, s)
	}
	return all
}

func TestNeverOverTheLimit(t *testing.T) {
	notices, cuts := 0, 0
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 3))
		sections := someSections(seed)
		o := Options{Key: options.Key, Whole: options.Whole, Limit: 1000 + r.IntN(60_000)}
		text, err := Markdown(sections, o)
		require.NoError(t, err)
		requireTame(t, text, o.Key, o.Whole)
		require.LessOrEqual(t, len(text), o.Limit)
		if strings.Contains(text, "Left out for length") {
			cuts++
		}
		if strings.Contains(text, "too long for a comment") {
			notices++
			continue
		}
		for _, s := range sections {
			for _, risk := range s.Risks {
				require.Contains(t, text, "`"+risk.Object+"`")
			}
		}
	}
	assert.Greater(t, notices, 3, "no notice was tried")
	assert.Greater(t, cuts, 12, "nothing was cut")
}

// The tables, diffs and findings of a section whose every part is large.
func bulky() review.Section {
	s := destructive()
	s.Stack = "bulky"
	for i := range 30 {
		for _, op := range review.Ops {
			s.Changes = append(s.Changes, review.Change{Op: op, Kind: string(op), Object: fmt.Sprintf("co2/%s-%d", op, i), Diffs: []review.Diff{{Path: "data.a", New: strings.Repeat("lorem ", i+1) + "end"}}})
		}
		s.Findings = append(s.Findings, review.Finding{Rule: "old", Text: fmt.Sprintf("old finding %s", strings.Repeat("x", i))}, review.Finding{Rule: "new", Text: "new finding", New: true})
	}
	return s
}

func TestCutsTheLeastDangerousFirst(t *testing.T) {
	whole, err := Markdown([]review.Section{bulky()}, options)
	require.NoError(t, err)
	order := []string{"`create co2/create-", "`update co2/update-", "`forget co2/forget-", "`replace co2/replace-", "`delete co2/delete-", "| `old` |", "| `new` |"}
	total := func(text string) []int {
		var counts []int
		for _, what := range order {
			counts = append(counts, strings.Count(text, what))
		}
		return counts
	}
	all := total(whole)
	for limit := len(whole); limit > 5000; limit -= 397 {
		o := options
		o.Limit = limit
		text, err := Markdown([]review.Section{bulky()}, o)
		require.NoError(t, err)
		require.LessOrEqual(t, len(text), limit)
		left := total(text)
		for i := range left {
			if left[i] < all[i] { // something of it was cut, so that nothing of what goes before it is left
				for before := range i {
					require.Zero(t, left[before], "%d: %v", limit, left)
				}
			}
		}
		for _, always := range []string{"# ⊘ Refused: `bulky` · ‼ Destructive: `bulky`", "| `bulky` | ⊘ Refused, ‼ Destructive |", "`Namespace/old`", "`PersistentVolumeClaim/co2/postgres-pvc`"} {
			require.Contains(t, text, always)
		}
		if limit < len(whole) {
			require.Contains(t, text, "**Left out for length**, from stack `bulky`: ")
			require.Contains(t, text, "The whole: [all of it](<"+options.Whole+">).")
		}
		// A resource is there whole or not at all.
		require.Equal(t, strings.Count(text, "```diff"), strings.Count(text, "end\n```")+strings.Count(text, "[secret changed]\n```")+strings.Count(text, "deployment)\n```"))
	}
}

func TestCutsTheLargestOfAKindFirst(t *testing.T) {
	s := plan("dev")
	for i := range 9 {
		s.Changes = append(s.Changes, review.Change{Op: review.OpCreate, Kind: "ConfigMap", Object: fmt.Sprint("map-", i), Diffs: []review.Diff{{Path: "data.a", New: strings.Repeat("lorem ", 300-30*i)}}})
	}
	whole, err := Markdown([]review.Section{s}, options)
	require.NoError(t, err)
	text, err := Markdown([]review.Section{s}, Options{Key: options.Key, Whole: options.Whole, Limit: len(whole) - 1})
	require.NoError(t, err)
	assert.NotContains(t, text, "`ConfigMap map-0`")
	assert.Contains(t, text, "`ConfigMap map-8`")
	// Of equals the last goes first, and findings keep their order.
	text, err = Markdown(long(), Options{Key: "a", Limit: 20_000})
	require.NoError(t, err)
	assert.Contains(t, text, "`Pod/co2/p0`")
	assert.NotContains(t, text, "`Pod/co2/p399`")
}

func TestSaysHowManyWereCut(t *testing.T) {
	text, err := Markdown(long(), Options{Key: "a", Whole: "out/review.html", Limit: 40_000})
	require.NoError(t, err)
	assert.Regexp(t, "\\*\\*Left out for length\\*\\*, from stack `dev`: the diffs of \\d+ to create\\. The whole: `out/review.html`\\.", text)
	assert.Regexp(t, `Stack <code>dev</code>: 400 to create; \d+ of 400 shown</summary>`, text)
	text, err = Markdown(long(), Options{Key: "a", Limit: 8_000})
	require.NoError(t, err)
	assert.Regexp(t, "from stack `prod`: the diffs of 1 to update, 1 to forget, 1 to replace, 1 to delete, \\d+ earlier findings; `dev`: the diffs of 400 to create\\. The page of this review has the whole\\.", text)
}

func TestKeepsAsMuchAsFits(t *testing.T) {
	sections := long()
	whole, err := Markdown(sections, options)
	require.NoError(t, err)
	assert.Contains(t, whole, "map-399`")
	exact, err := Markdown(sections, Options{Key: options.Key, Whole: options.Whole, Limit: len(whole)})
	require.NoError(t, err)
	assert.Equal(t, whole, exact)
	cut, err := Markdown(sections, Options{Key: options.Key, Whole: options.Whole, Limit: len(whole) - 1})
	require.NoError(t, err)
	assert.Less(t, len(whole)-len(cut), 500)
}

func TestTooSmallALimit(t *testing.T) {
	_, err := Markdown(long(), Options{Key: "a", Limit: 100})
	require.ErrorContains(t, err, "over the limit of 100 bytes")
	_, err = Markdown(long(), Options{})
	require.ErrorContains(t, err, "no key")
}
