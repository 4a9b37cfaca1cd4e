package engine

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ports is a diff as the engine prints it, of a Service with many of them: new
// when the sign is a space, else changed. There each item ends further in.
func ports(count int, sign string) string {
	var text strings.Builder
	text.WriteString("    + kubernetes:core/v1:Service: (create)\n        spec: {\n            ports: [\n")
	end := "                }\n"
	if sign != " " {
		end = "                    }\n"
	}
	for i := range count {
		fmt.Fprintf(&text, "              %s [%d]: {\n                    name: \"port-%d\"\n                    selector: {\n                      ~ app: \"a\"\n"+
			"                        }\n                    port: %d\n", sign, i, 8000+i, 8000+i)
		text.WriteString(end)
	}
	text.WriteString("            ]\n        }\n")
	return text.String()
}

// folded writes a text in parts of a size.
func folded(t *testing.T, text string, size int) string {
	t.Helper()
	var out bytes.Buffer
	f := &fold{out: &out}
	for from := 0; from < len(text); from += size {
		part := text[from:min(from+size, len(text))]
		n, err := f.Write([]byte(part))
		require.NoError(t, err)
		require.Equal(t, len(part), n)
	}
	require.NoError(t, f.Close())
	return out.String()
}

func TestFoldShortensRunsOfAlikeItems(t *testing.T) {
	for _, size := range []int{1, 7, 4096} {
		out := folded(t, ports(1000, " "), size)
		assert.Equal(t, 3+7+1+7+2, strings.Count(out, "\n"), out)
		assert.Contains(t, out, `"port-8000"`)
		assert.Contains(t, out, "… 998 more like it, [1] to [998] …\n")
		assert.Contains(t, out, `"port-8999"`)
		assert.True(t, strings.HasSuffix(out, "            ]\n        }\n"), out)
	}
}

// A number that is out of line must be seen: it may be the one that matters.
func TestFoldHidesNothingThatDoesNotFollow(t *testing.T) {
	text := strings.Replace(ports(100, " "), "port: 8050", "port: 9999", 1)
	out := folded(t, text, 4096)
	assert.Contains(t, out, "port: 9999")
	assert.Contains(t, out, "… 48 more like it, [1] to [48] …")
	assert.Contains(t, out, "… 46 more like it, [53] to [98] …")
}

func TestFoldKeepsSigns(t *testing.T) {
	out := folded(t, ports(20, "-"), 64)
	assert.Contains(t, out, "              - … 18 more like it, [1] to [18] …\n")
}

func TestFoldLeavesTheRestAsItIs(t *testing.T) {
	for name, text := range map[string]string{
		"few":               ports(foldFrom-1, "+"),
		"no list":           "Previewing update (local)\n\n    ~ 3 to update\n",
		"no end of line":    "waiting",
		"an item that ends": "  [0]: \"a\"\n  [1]: \"b\"\n",
		"never ends":        "  [0]: {\n    a: 1\n",
		"different items":   "  [0]: \"a\"\n  [1]: \"b\"\n  [2]: \"c\"\n  [3]: \"d\"\n  [4]: \"e\"\n  [5]: \"f\"\n  [6]: \"g\"\n  [7]: \"h\"\n  [8]: \"i\"\n",
		"gaps":              "  [0]: 1\n  [2]: 1\n  [4]: 1\n  [6]: 1\n  [8]: 1\n  [10]: 1\n  [12]: 1\n  [14]: 1\n",
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, text, folded(t, text, 5)) })
	}
}

func TestFoldReachesListsInsideItems(t *testing.T) {
	inner := ""
	for i := range 30 {
		inner += fmt.Sprintf("        [%d]: %d\n", i, i)
	}
	out := folded(t, "  [0]: {\n      ports: [\n"+inner+"      ]\n  }\n", 4096)
	assert.Contains(t, out, "… 28 more like it, [1] to [28] …")
	assert.True(t, strings.HasSuffix(out, "        [29]: 29\n      ]\n  }\n"), out)
}

func TestFoldSeesThroughColors(t *testing.T) {
	text := strings.ReplaceAll(ports(50, "+"), "+ [", "\x1b[32m+ [")
	assert.Contains(t, folded(t, text, 4096), "… 48 more like it")
}

// full refuses every write.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestFoldTellsThatItCannotWrite(t *testing.T) {
	_, err := (&fold{out: full{}}).Write([]byte("text\n"))
	require.ErrorContains(t, err, "disk full")
}
