package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review"
)

// planned is a section that was made of a log of the real engine.
func planned(name string) string {
	return filepath.Join("..", "review", "testdata", "golden", name+".json")
}

func TestAReviewEndsAsItsSectionsSay(t *testing.T) {
	mixed := []review.Section{
		{Stack: "prod", Error: "100% of it\nfailed"},
		{Stack: "dev", Risks: []review.Risk{{Object: "PersistentVolumeClaim/core/data", Op: review.OpDelete, Loses: "the data", Refused: true}}},
	}
	waived := review.Section{Stack: "dev", Risks: []review.Risk{
		{Object: "PersistentVolumeClaim/core/data", Op: review.OpDelete, Loses: "the data", Waived: "moved"}, {Object: "Deployment/core/db", Op: review.OpReplace},
	}}
	for name, tc := range map[string]struct {
		file string
		code int
		says []string
	}{
		"nothing changes":             {planned("same"), 0, []string{"changes=false\n"}},
		"an image":                    {planned("image"), 0, []string{"changes=true\n"}},
		"a new service":               {planned("newservice"), 0, []string{"changes=true\n"}},
		"what ends is waived":         {sections(t, waived), 0, []string{"changes=false\n"}},
		"mandatory policies":          {planned("policy"), exitRefused, []string{"stack k3s-local: policy "}},
		"one mandatory policy":        {planned("ports"), exitRefused, []string{"stack k3s-local: policy "}},
		"a claim is replaced":         {planned("class"), exitRefused, []string{"stack k3s-local: replace of PersistentVolumeClaim/core/postgres-replica-data"}},
		"two ends without a waiver":   {planned("rename"), exitRefused, []string{"delete of Deployment/core/log-service", "delete of Service/core/log-service"}},
		"no plan":                     {planned("broken"), exitNoPlan, []string{"stack k3s-local: there is no whole plan: ", "8 errors"}},
		"no plan is over a refusal":   {sections(t, mixed...), exitNoPlan, []string{"stack prod: there is no whole plan: 100% of it\nfailed", "stack dev: delete of PersistentVolumeClaim/core/data"}},
		"no section at all":           {sections(t), 1, []string{"sections: there is none"}},
		"a file that is not there":    {"nonesuch.json", 1, []string{"nonesuch.json"}},
		"something after the section": {appended(t, planned("same"), "[]"), 1, []string{"something follows"}},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := execute(t, "review", "check", tc.file)
			if tc.code == 0 {
				require.NoError(t, err)
				assert.Equal(t, tc.says[0], out)
				return
			}
			require.Error(t, err)
			code, _ := exitCode(err)
			assert.Equal(t, tc.code, code)
			for _, want := range tc.says {
				require.ErrorContains(t, err, want)
			}
			_, err = execute(t, "review", "check", "--annotate", tc.file)
			require.Error(t, err)
			annotatedCode, problem := exitCode(err)
			assert.Equal(t, tc.code, annotatedCode)
			assert.False(t, problem, "nothing stands before the first ::error::")
			for line := range strings.SplitSeq(err.Error(), "\n") {
				assert.Regexp(t, "^::error::.", line)
			}
		})
	}
	_, err := execute(t, "review", "check", "--annotate", sections(t, mixed...))
	require.ErrorContains(t, err, "100%25 of it%0Afailed")
}

func appended(t *testing.T, file, more string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "sections.json")
	require.NoError(t, os.WriteFile(path, append(text, more...), 0o600))
	return path
}

// Whoever reads the file learns that there is no plan, and why.
func TestReviewWritesItsFileInEveryCase(t *testing.T) {
	for name, tc := range map[string]struct {
		args   []string
		stacks []string
		says   string
	}{
		"a stack that is not one":   {[]string{"--view", "cluster", "--stack", "nonesuch"}, []string{"nonesuch"}, "Pulumi.nonesuch.yaml"},
		"two of them":               {[]string{"--stack", "nonesuch,neither"}, []string{"nonesuch", "neither"}, "Pulumi.neither.yaml"},
		"a base that is not one":    {[]string{"--stack", "dev,prod", "--base", "nonesuch"}, []string{"dev", "prod"}, `base "nonesuch"`},
		"a base for a cluster":      {[]string{"--stack", "dev", "--view", "cluster", "--base", "HEAD"}, []string{"dev"}, "leave out --base"},
		"no base for a change":      {[]string{"--stack", "dev", "--view", "change"}, []string{"dev"}, "--base"},
		"another view":              {[]string{"--stack", "dev", "--view", "drift"}, []string{"dev"}, `view "drift"`},
		"a root that is no project": {[]string{"--stack", "dev", "--root", os.TempDir()}, []string{"dev"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "sections.json")
			_, err := execute(t, append([]string{"review", "--out", data}, tc.args...)...)
			require.ErrorContains(t, err, tc.says)
			code, _ := exitCode(err)
			assert.Equal(t, exitNoPlan, code)
			all, err := readSections([]string{data})
			require.NoError(t, err)
			var stacks []string
			for _, s := range all {
				stacks = append(stacks, s.Stack)
				assert.NotEmpty(t, s.Error)
			}
			assert.ElementsMatch(t, tc.stacks, stacks)
		})
	}
}

// The command that plans and shows ends as the one that plans and writes.
func TestCommentEndsAsReview(t *testing.T) {
	out, err := execute(t, "comment", "--stack", "nonesuch")
	require.ErrorContains(t, err, "stack nonesuch: there is no whole plan: ")
	code, _ := exitCode(err)
	assert.Equal(t, exitNoPlan, code)
	assert.Contains(t, out, "Pulumi.nonesuch.yaml", "and is shown before")
	_, err = execute(t, "comment", "show", planned("policy"))
	require.NoError(t, err, "what only shows refuses nothing")
}
