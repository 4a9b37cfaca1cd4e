package review_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/secret"
	"platform/tools/review"
)

// notes are the findings that say what was taken out.
func notes(s review.Section) []review.Finding {
	var found []review.Finding
	for _, f := range s.Findings {
		if f.Rule == review.RuleShown {
			found = append(found, f)
		}
	}
	return found
}

func TestRedactTakesOutOneValueAndSaysWhere(t *testing.T) {
	token := "ghp_" + strings.Repeat("Ab1", 12)
	change := func(diffs ...review.Diff) review.Section {
		return review.Section{Stack: "dev", Changes: []review.Change{{Op: review.OpUpdate, Kind: "ConfigMap", Object: "core/a", Diffs: diffs}}}
	}
	kept := review.Diff{Path: "data.kept", Old: "x", New: "y"}
	for name, tc := range map[string]struct {
		section review.Section
		object  string
		says    string
	}{
		"a new value":       {change(kept, review.Diff{Path: "data.a", New: "u:" + canary}), "ConfigMap/core/a", "data.a: " + secret.HasKnown},
		"an old value":      {change(kept, review.Diff{Path: "data.a", Old: canary, New: "x"}), "ConfigMap/core/a", "data.a: " + secret.HasKnown},
		"base64":            {change(kept, review.Diff{Path: "data.a", New: base64.StdEncoding.EncodeToString([]byte(canary))}), "ConfigMap/core/a", "data.a: " + secret.HasKnown},
		"a name":            {change(kept, review.Diff{Path: "data." + canary, New: "x"}), "ConfigMap/core/a", "the name of a value: " + secret.HasKnown},
		"by its looks":      {change(kept, review.Diff{Path: "data.a", New: token}), "ConfigMap/core/a", "data.a: looks like a token of GitHub"},
		"an error":          {review.Section{Error: "error:\ncannot log in with " + canary}, "", "error: " + secret.HasKnown},
		"an error that is":  {review.Section{Error: "error:\nbad " + token + "\nmore"}, "", "error: looks like a token of GitHub"},
		"a finding":         {review.Section{Findings: []review.Finding{{Rule: "r", Text: "is " + canary}}}, "", "findings: " + secret.HasKnown},
		"a restart":         {review.Section{Restarts: []review.Restart{{Workload: "w", Why: []string{"is " + canary}}}}, "", "restarts: " + secret.HasKnown},
		"a risk":            {review.Section{Risks: []review.Risk{{Object: "o", Loses: canary}}}, "", "risks: " + secret.HasKnown},
		"who reaches whom":  {review.Section{Reach: []review.Reach{{From: canary, To: "b", Because: []string{"c"}}}}, "", "reach: " + secret.HasKnown},
		"an object":         {review.Section{Changes: []review.Change{{Op: review.OpDelete, Kind: "Secret", Object: canary, URN: "urn:" + canary}}}, "", "changes: " + secret.HasKnown},
		"a forcing path":    {review.Section{Changes: []review.Change{{Op: review.OpReplace, Forces: []string{"a." + canary}}}}, "", "changes: " + secret.HasKnown},
		"a version":         {review.Section{Versions: map[string]string{"pulumi": canary}}, "", "versions: " + secret.HasKnown},
		"whatever it is of": {review.Section{Stack: canary}, "", "stack: " + secret.HasKnown},
	} {
		t.Run(name, func(t *testing.T) {
			all := []review.Section{tc.section}
			review.Redact(all, secret.NewKnown(canary))
			assertSilent(t, all[0])
			text, err := json.Marshal(all[0])
			require.NoError(t, err)
			assert.NotContains(t, string(text), token)
			found := notes(all[0])
			require.NotEmpty(t, found)
			assert.Equal(t, tc.object, found[0].Object)
			assert.True(t, strings.HasPrefix(found[0].Text, tc.says), found[0].Text)
			if len(all[0].Changes) > 0 && len(all[0].Changes[0].Diffs) > 0 {
				assert.Equal(t, kept, all[0].Changes[0].Diffs[0], "what is beside it stays")
				assert.Len(t, all[0].Changes[0].Diffs, 2)
			}
			before := all[0].Findings
			review.Redact(all, secret.NewKnown(canary))
			assert.Equal(t, before, all[0].Findings, "it is said once")
		})
	}
}

// What the engine does not mark in this plan may be known from the state, the
// source of secrets or the environment.
func TestPlansHideWhatTheRunKnows(t *testing.T) {
	long := strings.Repeat("a line of a file. ", 30)
	for name, c := range map[string]struct {
		old, now string
		want     []review.Diff
	}{
		"a value":                   {"a", "x " + canary, []review.Diff{{Path: "data.a", Secret: true}}},
		"one line of several":       {"a\nb", "a\nx " + canary + "\nd", []review.Diff{{Path: "data.a:2", Secret: true}, {Path: "data.a:3", New: "d"}}},
		"on two lines":              {"a\nb", "a\ncanary-4711\n-sings\nd", []review.Diff{{Path: "data.a", Secret: true}}},
		"where a long value is cut": {"a", long[:review.Longest-8] + canary + long, []review.Diff{{Path: "data.a", Secret: true}}},
		"behind where it is cut":    {"a", long + long + canary, []review.Diff{{Path: "data.a", Secret: true}}},
	} {
		t.Run(name, func(t *testing.T) {
			inputs := func(text string) string {
				quoted, err := json.Marshal(text)
				require.NoError(t, err)
				return "data: {a: " + string(quoted) + "}"
			}
			p := planOf(t, logOf(t, one(t, apitype.OpUpdate, "core/v1:ConfigMap", "a", inputs(c.old), inputs(c.now))))
			p.Known = secret.NewKnown(canary)
			s, err := review.New(p)
			require.NoError(t, err)
			assertSilent(t, s)
			assert.Equal(t, c.want, s.Changes[0].Diffs)
			found := notes(s)
			require.Len(t, found, 1)
			assert.Equal(t, "ConfigMap/core/a", found[0].Object)
		})
	}
}

func TestCertificatesAreNoSecrets(t *testing.T) {
	const random = "tK7pQ2mX9vR4bN8cW3jL6hD5"
	s := review.Section{Changes: []review.Change{{Kind: "ConfigMap", Object: "core/a", Diffs: []review.Diff{
		{Path: "data.ca:1", New: "-----BEGIN CERTIFICATE-----"},
		{Path: "data.ca:2", New: random},
		{Path: "data.ca:3", New: "-----END CERTIFICATE-----"},
		{Path: "data.ca:4", New: random},
		{Path: "data.cb:5", New: random},
	}}}}
	all := []review.Section{s}
	review.Redact(all, nil)
	var hidden []string
	for _, d := range all[0].Changes[0].Diffs {
		if d.Secret {
			hidden = append(hidden, d.Path)
		}
	}
	assert.Equal(t, []string{"data.ca:4", "data.cb:5"}, hidden)
}

// Sections of real stacks have nothing to take out.
func TestRedactLeavesRealSectionsAlone(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "golden", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		sections, err := review.Read(bytes.NewReader(text))
		require.NoError(t, err)
		review.Redact(sections, secret.NewKnown(canary))
		var out bytes.Buffer
		require.NoError(t, review.Write(&out, sections))
		assert.Equal(t, string(text), out.String(), file)
	}
}
