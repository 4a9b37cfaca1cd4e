package page

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review"
)

var rewrite = flag.Bool("update", false, "write the golden files again")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *rewrite {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, "%s: run go test ./tools/review/page -update, and read the difference", path)
}

func TestGolden(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			text, err := Markdown(kind.sections, kind.options)
			require.NoError(t, err)
			golden(t, name+".md", text)
			var out bytes.Buffer
			Text(&out, kind.sections, 100, false)
			if name == "mixed" || name == "failed" {
				golden(t, name+".txt", out.String())
			}
			whole, err := HTML(kind.sections, kind.options)
			require.NoError(t, err)
			if name == "mixed" {
				golden(t, name+".html", whole)
			}
		})
	}
}

func TestSameSectionsSameBytes(t *testing.T) {
	sections := mixed()
	want, err := Markdown(sections, options)
	require.NoError(t, err)
	for range 20 {
		slices.Reverse(sections)
		first := sections[0]
		sections = append(sections[1:len(sections):len(sections)], first)
		got, err := Markdown(sections, options)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	assert.Equal(t, review.Failed, review.Worst(sections))
}
