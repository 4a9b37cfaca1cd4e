package page

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review"
)

// diffs makes n added values of a path and a value with the number in them.
func diffs(n int, path, value string) []review.Diff {
	var all []review.Diff
	for i := range n {
		d := review.Diff{Path: strings.ReplaceAll(path, "#", fmt.Sprint(i))}
		if value != "" {
			d.New = strings.ReplaceAll(value, "#", fmt.Sprint(i))
		}
		all = append(all, d)
	}
	return all
}

func TestCollapse(t *testing.T) {
	with := func(diffs []review.Diff, change func(i int, d *review.Diff)) []review.Diff {
		for i := range diffs {
			change(i, &diffs[i])
		}
		return diffs
	}
	for name, tc := range map[string]struct {
		diffs []review.Diff
		want  string
	}{
		"none":        {nil, ""},
		"three":       {diffs(3, "a[#]", "x"), "+a[0]: x\n+a[1]: x\n+a[2]: x\n"},
		"four":        {diffs(4, "a[#]", "x"), "+a[0…3]: 4 a, all x\n"},
		"counted":     {diffs(5, "spec.cidrs[#]", "10.0.#.0/24"), "+spec.cidrs[0…4]: 5 cidrs, 10.0.0.0/24 counting on to 10.0.4.0/24\n"},
		"ports":       {ports(3, 1002), "+spec.ports[3…1002]: 1,000 ports, {name: game-30003, port: 30003, protocol: UDP} counting on to {name: game-31002, port: 31002, protocol: UDP}\n"},
		"of a name":   {diffs(12, `metadata.labels["port-#"]`, "on"), "+metadata.labels[\"port-0…11\"]: 12 values, all on\n"},
		"one of each": {diffs(4, "a.ports[#].port", "8#"), "+a.ports[0…3].port: 4 ports, 80 counting on to 83\n"},
		"inner lists": {append(diffs(4, "a[0].b[#]", "x"), diffs(5, "a[1].b[#]", "x")...), "+a[0].b[0…3]: 4 b, all x\n+a[1].b[0…4]: 5 b, all x\n"},
		"old and new": {
			with(diffs(4, "a[#]", "v2.#"), func(i int, d *review.Diff) { d.Old = fmt.Sprintf("v1.%d", i) }),
			"-a[0…3]: 4 a, v1.0 counting on to v1.3\n+a[0…3]: 4 a, v2.0 counting on to v2.3\n",
		},
		"gone":    {with(diffs(4, "a[#]", ""), func(_ int, d *review.Diff) { d.Old = "x" }), "-a[0…3]: 4 a, all x\n"},
		"secrets": {with(diffs(4, "a[#]", ""), func(_ int, d *review.Diff) { d.Secret = true }), "!a[0…3]: 4 a, all [secret changed]\n"},
		"unknown": {with(diffs(4, "a[#]", ""), func(_ int, d *review.Diff) { d.Unknown = true }), "+a[0…3]: 4 a, all (known after the deployment)\n"},

		"another in between": {with(diffs(6, "a[#]", "x"), func(i int, d *review.Diff) { d.New = map[bool]string{true: "y", false: "x"}[i == 3] }), "+a[0]: x\n+a[1]: x\n+a[2]: x\n+a[3]: y\n+a[4]: x\n+a[5]: x\n"},
		"a secret in between": {
			with(diffs(5, "a[#]", "x"), func(i int, d *review.Diff) {
				*d = review.Diff{Path: d.Path, Secret: i == 2, New: map[bool]string{true: "", false: "x"}[i == 2]}
			}),
			"+a[0]: x\n+a[1]: x\n!a[2]: [secret changed]\n+a[3]: x\n+a[4]: x\n",
		},
		"an unknown in between": {
			with(diffs(5, "a[#]", ""), func(i int, d *review.Diff) { d.Old, d.Unknown = "x", i == 2 }),
			"-a[0]: x\n-a[1]: x\n-a[2]: x\n+a[2]: (known after the deployment)\n-a[3]: x\n-a[4]: x\n",
		},
		"a secret among nothing": {
			with(diffs(5, "a[#]", ""), func(i int, d *review.Diff) { d.Secret = i == 2 }),
			"!a[0]: (changes)\n!a[1]: (changes)\n!a[2]: [secret changed]\n!a[3]: (changes)\n!a[4]: (changes)\n",
		},
		"one missing":         {append(diffs(3, "a[#]", "x"), review.Diff{Path: "a[4]", New: "x"}), "+a[0]: x\n+a[1]: x\n+a[2]: x\n+a[4]: x\n"},
		"uneven steps":        {with(diffs(4, "a[#]", "x"), func(i int, d *review.Diff) { d.New = fmt.Sprint(i * i) }), "+a[0]: 0\n+a[1]: 1\n+a[2]: 4\n+a[3]: 9\n"},
		"zeros before":        {with(diffs(4, "a[#]", "x"), func(i int, d *review.Diff) { d.New = fmt.Sprintf("n%02d", i+8) }), "+a[0…3]: 4 a, n08 counting on to n11\n"},
		"zeros before some":   {with(diffs(4, "a[#]", "x"), func(i int, d *review.Diff) { d.New = []string{"n8", "n9", "n010", "n011"}[i] }), "+a[0]: n8\n+a[1]: n9\n+a[2]: n010\n+a[3]: n011\n"},
		"too long to count":   {with(diffs(4, "a[#]", "x"), func(i int, d *review.Diff) { d.New = fmt.Sprintf("%d%030d", i+1, i) }), "+a[0]: 1000000000000000000000000000000\n+a[1]: 2000000000000000000000000000001\n+a[2]: 3000000000000000000000000000002\n+a[3]: 4000000000000000000000000000003\n"},
		"a path out of range": {diffs(4, "a[99999999999999999999#]", "x"), "+a[999999999999999999990]: x\n+a[999999999999999999991]: x\n+a[999999999999999999992]: x\n+a[999999999999999999993]: x\n"},
		"several lines":       {[]review.Diff{{Path: "data.a", Old: "x", New: "a\n- b\n"}}, "-data.a: x\n+data.a: |\n+    a\n+    - b\n"},
		"nothing to show":     {[]review.Diff{{Path: "a"}}, "!a: (changes)\n"},
	} {
		assert.Equal(t, tc.want, join(collapse(review.OpUpdate, tc.diffs)), name)
	}
	assert.Equal(t, "+a: [secret]\n", join(collapse(review.OpCreate, []review.Diff{{Path: "a", Secret: true}})))
}

func TestCollapseIsFast(t *testing.T) {
	// Values that begin a run and break it again and again.
	var all []review.Diff
	for i := range 20_000 {
		all = append(all, review.Diff{Path: fmt.Sprintf("a[%d].b[0].c[0].d[0]", i), New: strings.Repeat("x", 1+i%3)})
	}
	assert.Len(t, collapse(review.OpUpdate, all), 20_000)
}

func TestAlikeResourcesShareABlock(t *testing.T) {
	s := plan("dev")
	label := review.Diff{Path: `metadata.labels["a"]`, Old: "1", New: "2"}
	for i := range 230 {
		s.Changes = append(s.Changes, update("ConfigMap", fmt.Sprintf("a/m%d", i), label))
	}
	s.Changes = append(s.Changes, update("Secret", "a/s", label), update("Secret", "a/other", review.Diff{Path: `metadata.labels["a"]`, Old: "1", New: "3"}), review.Change{Op: review.OpReplace, Kind: "Job", Object: "a/j", Diffs: []review.Diff{label}})
	text, err := Markdown([]review.Section{s}, options)
	require.NoError(t, err)
	assert.Equal(t, 5, strings.Count(text, "```diff"))
	assert.Contains(t, text, "**update** 100 objects alike: `ConfigMap a/m0`, `ConfigMap a/m1`, ")
	assert.Contains(t, text, "**update** 31 objects alike: `ConfigMap a/m200`, ")
	assert.Contains(t, text, "`ConfigMap a/m229`, `Secret a/s`\n")
	for i := range 230 {
		require.Contains(t, text, fmt.Sprintf("`ConfigMap a/m%d`", i))
	}
	assert.Less(t, strings.Index(text, "**replace** `Job a/j`"), strings.Index(text, "**update**"))
}
