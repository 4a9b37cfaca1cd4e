package review_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/tools/review"
)

var update = flag.Bool("update", false, "write the golden sections again")

// made is when the plans of these tests were made.
var made = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// platform is the configuration of the stack that the logs are of.
func platform(t testing.TB) config.Platform {
	t.Helper()
	p, err := config.ReadFile("k3s-local", filepath.Join("testdata", "Pulumi.k3s-local.yaml"))
	require.NoError(t, err)
	return p
}

// events is a log that the engine wrote.
func events(t testing.TB, name string) []byte {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "logs", name+".json.gz"))
	require.NoError(t, err)
	defer file.Close()
	content, err := gzip.NewReader(file)
	require.NoError(t, err)
	text, err := io.ReadAll(content)
	require.NoError(t, err)
	return text
}

func planOf(t testing.TB, log []byte) review.Plan {
	t.Helper()
	return review.Plan{
		Stack: "k3s-local", View: review.ViewCluster, Commit: strings.Repeat("a", 40), Time: made, Took: 4 * time.Second,
		Events: bytes.NewReader(log), Config: platform(t),
	}
}

// TestSections makes the sections of real logs.
func TestSections(t *testing.T) {
	logs, err := filepath.Glob(filepath.Join("testdata", "logs", "*.json.gz"))
	require.NoError(t, err)
	require.NotEmpty(t, logs)
	for _, log := range logs {
		name := strings.TrimSuffix(filepath.Base(log), ".json.gz")
		t.Run(name, func(t *testing.T) {
			p := planOf(t, events(t, name))
			if strings.HasPrefix(name, "drift") {
				p.View = review.ViewDrift
			}
			s, err := review.New(p)
			require.NoError(t, err)
			if name == "ports" {
				assert.Equal(t, 3001, shorten(&s), "a name, a port and its target of 999, and all of the one that goes")
			}
			var out bytes.Buffer
			require.NoError(t, review.Write(&out, []review.Section{s}))
			golden := filepath.Join("testdata", "golden", name+".json")
			if *update {
				require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), out.String())
			again, err := review.Read(&out)
			require.NoError(t, err)
			assert.Equal(t, []review.Section{s}, again, "sections are read as they were written")
		})
	}
}

// shorten leaves of long lists of differences the first and the last, and tells
// how many there were: the golden file of a thousand ports is for readers.
func shorten(s *review.Section) int {
	const kept = 12
	count := 0
	for i, c := range s.Changes {
		if len(c.Diffs) > 2*kept {
			count += len(c.Diffs)
			s.Changes[i].Diffs = slices.Delete(c.Diffs, kept, len(c.Diffs)-kept)
		}
	}
	return count
}
