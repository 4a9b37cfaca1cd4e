package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"platform/tools/review"
)

func TestMarkerIsExact(t *testing.T) {
	assert.Equal(t, "<!-- platform-review epfl/platform platform -->", Marker("epfl/platform platform"))
	keys := append([]string{"dev", "dev2", "de", "dev ", " dev", "dev -->", "dev--", "dev-", "d-v", "d--v", "d%2Dv", "dev\n", "Dev", "a  b", "a b", "ü", "-"}, hostile...)
	for i, key := range keys {
		requireTame(t, Marker(key)+"\n", key, "")
		assert.NotContains(t, Marker(key)[4:len(Marker(key))-3], "--")
		assert.NotContains(t, Marker(key), "\n")
		for j, other := range keys {
			if i != j && key != other {
				assert.False(t, strings.HasPrefix(Marker(key), Marker(other)), "%q %q", key, other)
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000"} {
		assert.Equal(t, want, count(n))
	}
	cpu, memory := review.Capacity{Unit: "millicores"}, review.Capacity{Unit: "bytes"}
	for figure, want := range map[int64]string{0: "0", 1: "1m", 250: "250m", 900: "900m", 1000: "1", 1500: "1.5", 1550: "1550m", 12000: "12", -250: "-250m", -1500: "-1.5"} {
		assert.Equal(t, want, quantity(cpu, figure))
	}
	for figure, want := range map[int64]string{0: "0", 512: "512", 1000: "1000", 1024: "1Ki", 1536: "1.5Ki", 3 << 29: "1.5Gi", 5 << 28: "1.25Gi", 1<<30 + 1<<20: "1025Mi", 1<<30 + 1: "1073741825", 256 << 20: "256Mi", 1 << 60: "1Ei", -(1 << 30): "-1Gi"} {
		assert.Equal(t, want, quantity(memory, figure))
	}
	assert.Equal(t, "2048", quantity(review.Capacity{Unit: "<b>"}, 2048))
	assert.Equal(t, "+250m", growth(review.Capacity{Unit: "millicores", Before: 250, After: 500}))
	assert.Equal(t, "−128Mi", growth(review.Capacity{Unit: "bytes", Before: 1 << 28, After: 1 << 27}))
	assert.Equal(t, "±0", growth(review.Capacity{Unit: "bytes", Before: 1, After: 1}))
	for d, want := range map[time.Duration]string{12 * time.Millisecond: "12ms", 4321 * time.Millisecond: "4.3s", 83 * time.Second: "1m23s"} {
		assert.Equal(t, want, lasted(d))
	}
}

func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "plain": "plain", "é 日本 🎉": "é 日本 🎉", "a\nb\tc": "a↵b⇥c", "\x1b[31m": "⟨U+001B⟩[31m", "a\u202eb": "a⟨U+202E⟩b", "a\u200bb": "a⟨U+200B⟩b", "\xff": "⟨FF⟩", "\u00a0": "⟨U+00A0⟩",
		"\U000e0041": "⟨U+E0041⟩", "\ufe0f": "⟨U+FE0F⟩", "\u3164": "⟨U+3164⟩", "\ufffd": "\ufffd",
	} {
		assert.Equal(t, want, visible(text), "%q", text)
	}
}

// The five sentences that a reader needs of the head.
func TestHead(t *testing.T) {
	text, err := Markdown(mixed(), options)
	require.NoError(t, err)
	for _, part := range []string{
		"## ✗ Failed: `staging` (change) · ⊘ Refused: `prod` (change) · ‼ Destructive: `prod` (change) · ≠ Drifted: `k3s` (drift) · ▲ Review: `k3s` (change)\n\n> [!CAUTION]\n> **⊘ Refused:** `prod` (change): `PersistentVolumeClaim/co2/postgres-pvc` would be ", "> **✗ No whole plan** of `staging` (change), ",
		"`PersistentVolumeClaim/co2/postgres-pvc` would be **replaced** (the data of the volume), **blocked until a waiver names it**\n", "(all objects within), waived: moved to the namespace new, see `OPS-12`\n", "`prod` (change) breaks 1 mandatory policy: `storage-is-protected`, **blocked** until",
		"Images of `dev` (change): `ghcr.io/epfl/backend:1.4.0 → 1.5.0`.", "| `prod` (change) | ⊘ Refused, ‼ Destructive |  | 1 | 1 | 1 | 1 | 112 |",
		`<code title="be18446c0ffee0123456789abcdef0123456789a">be18446c</code>`, "Planned 21 November 2026, 09:30 UTC in 25.8s", "`pulumi 3.259.0`, `kubernetes 4.29.0`, `policy 1.4.0`",
		"names no version; pin it", "| `k3s` (drift) | ≠ Drifted |", "Unchanged: `k3s-local` (change), `local` (change) (224 resources).", "Compared as change: ", "Compared as drift: ",
	} {
		assert.Contains(t, text, part)
	}
	order := []string{"## ✗ Failed: ", "> [!CAUTION]", "### Data at risk", "| Stack | Verdict", "### Why there is no whole plan", "### Will restart", "### Who can newly reach whom", "### Capacity", "### Policies: new", "findings of the policies that this change did not bring", "### Changes", "<sub>Compared", "<sub>`"}
	for i := range order[1:] {
		assert.Less(t, strings.Index(text, order[i]), strings.Index(text, order[i+1]), order[i+1])
	}
}

// What a deployment does about each risk is the cell beside its stack, and what
// it would not do is not reported as if it did.
func TestTheFateOfData(t *testing.T) {
	refused := review.Risk{Object: "Kind/a", Op: review.OpReplace, Loses: "its data", Refused: true}
	protected := review.Risk{Object: "Kind/b", Op: review.OpForget, Loses: "nothing", Refused: true, Until: "its protection is off", Waived: "moved"}
	waived := review.Risk{Object: "Kind/c", Op: review.OpDelete, Loses: "its data", Waived: "moved"}
	kept := review.Risk{Object: "Kind/d", Op: review.OpDelete, Loses: "its claim stays"}
	for name, c := range map[string]struct {
		view  review.View
		risks []review.Risk
		says  []string
		never []string
	}{
		"refused": {review.ViewChange, []review.Risk{refused}, []string{
			"## ⊘ Refused: `s`\n\n> [!CAUTION]\n> **⊘ Refused:** `s`: `Kind/a` would be **replaced** (its data), **blocked until a waiver names it**\n",
			"| `s` | ⊘ **blocked until a waiver names it** | `Kind/a` | **replaced** | its data |",
		}, []string{"will be", "Destructive"}},
		"protected": {review.ViewChange, []review.Risk{protected}, []string{
			"`Kind/b` would be **forgotten** (nothing), **blocked** until its protection is off; waived: moved\n", "| `s` | ⊘ **blocked** until its protection is off; waived: moved | `Kind/b` |",
		}, []string{"will be", "Destructive"}},
		"changed": {review.ViewCluster, []review.Risk{{Object: "Kind/e", Op: review.OpUpdate, Loses: "it may not read its data", Refused: true}}, []string{
			"`Kind/e` would be **changed** (it may not read its data), **blocked until a waiver names it**\n",
		}, []string{"will be"}},
		"waived": {review.ViewCluster, []review.Risk{waived}, []string{
			"## ‼ Destructive: `s`\n\n> [!CAUTION]\n> **‼ Destructive:** `s`: `Kind/c` will be **deleted** (its data), waived: moved\n", "| `s` | ‼ waived: moved | `Kind/c` | **deleted** | its data |",
		}, []string{"blocked", "Refused"}},
		"both, the refused one first": {review.ViewCluster, []review.Risk{kept, waived, refused}, []string{
			"## ⊘ Refused: `s` · ‼ Destructive: `s`\n", "`Kind/c` would be **deleted**", "| `s` | blocked with the rest of the stack | `Kind/d` |",
			"until a waiver names it**\n>\n> **‼ Destructive:**",
		}, []string{"will be"}},
		"that stay":     {review.ViewCluster, []review.Risk{kept}, []string{"## ▲ Review: `s`\n", "| `s` | it happens | `Kind/d` | **deleted** | its claim stays |"}, []string{"[!"}},
		"that are gone": {review.ViewDrift, []review.Risk{kept}, []string{"## ≠ Drifted: `s`\n\n> [!WARNING]\n", "| `s` | it has happened | `Kind/d` |"}, []string{"Safe", "blocked"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := plan("s")
			s.View, s.Risks = c.view, c.risks
			text, err := Markdown([]review.Section{s}, options)
			require.NoError(t, err)
			requireTame(t, text, options.Key, options.Whole)
			for _, want := range c.says {
				assert.Contains(t, text, want)
			}
			for _, never := range c.never {
				assert.NotContains(t, text, never)
			}
		})
	}
}

// An alert names a few, and counts the others.
func TestAlertsAreShort(t *testing.T) {
	s := plan("s")
	s.Stopped = true
	for i := range 5 {
		s.Risks = append(s.Risks, review.Risk{Object: fmt.Sprint("Kind/", i), Op: review.OpDelete, Refused: true})
		s.Findings = append(s.Findings, review.Finding{Rule: fmt.Sprint("rule-", i), Mandatory: true}, review.Finding{Rule: "rule-0", Mandatory: true, Text: "again"})
	}
	text, err := Markdown([]review.Section{s}, options)
	require.NoError(t, err)
	head, rest, _ := strings.Cut(text, "### Data at risk")
	assert.Contains(t, head, "`Kind/2`")
	assert.Contains(t, head, "> `s`: 2 more of these, see below.\n")
	assert.NotContains(t, head, "`Kind/3`")
	assert.Contains(t, rest, "`Kind/4`")
	assert.Contains(t, head, "`s` breaks 5 mandatory policies: `rule-0`, `rule-1`, `rule-2` and 2 more, **blocked** until that is corrected.\n")
	assert.Contains(t, rest, "**▲ Not everything is known** of `s`: the engine stopped")
}

func TestUnchangedStacksAreOneLine(t *testing.T) {
	text, err := Markdown(kinds["unchanged"].sections, options)
	require.NoError(t, err)
	assert.Contains(t, text, "## ✓ Safe: ")
	assert.Contains(t, text, "Unchanged: `dev`, `prod`, `staging` (336 resources).")
	assert.NotContains(t, text, "|")
	assert.Less(t, len(text), 800)
}

func TestNoStack(t *testing.T) {
	text, err := Markdown(nil, options)
	require.NoError(t, err)
	assert.Contains(t, text, "## ✗ Failed: there is no plan of any stack\n")
	assert.NotContains(t, text, "Safe")
}

func TestCodeSpansKeepTheirBlanks(t *testing.T) {
	for text, want := range map[string]string{"a": "`a`", " a ": "`  a  `", " a": "`  a `", "a ": "` a  `", "`": "`` ` ``", "a``b": "``` a``b ```", "": ""} {
		assert.Equal(t, want, inParagraph(quote(text)))
	}
	assert.Equal(t, "`a`&#124;`b`&#124;&#124;`c`", inCell(quote("a|b||c")))
}

func TestADirtyCheckout(t *testing.T) {
	assert.Equal(t, "<code title=\"be18446c0ffee0123+changes\">be18446c+changes</code>", inParagraph(commit("be18446c0ffee0123+changes")))
	assert.Equal(t, "`unknown`", inParagraph(commit("")))
	assert.Equal(t, "`be18446c0ffee0123\"><b>`", inParagraph(commit(`be18446c0ffee0123"><b>`)))
}

func TestLongErrors(t *testing.T) {
	s := plan("dev")
	s.Error = strings.Repeat("a line\n", 100)
	text, err := Markdown([]review.Section{s}, options)
	require.NoError(t, err)
	assert.Equal(t, 40, strings.Count(text, "a line\n"))
	assert.Contains(t, text, "… 60 further lines\n")
	s.Error = strings.Repeat("x", 300_000)
	text, err = Markdown([]review.Section{s}, options)
	require.NoError(t, err)
	assert.Contains(t, text, "… 300,000 bytes in one line\n")
	page, err := HTML([]review.Section{s}, options)
	require.NoError(t, err)
	assert.Contains(t, page, s.Error, "the page has the whole")
}

func TestLongTablesAreFolded(t *testing.T) {
	s := plan("dev")
	for i := range openRows + 1 {
		s.Restarts = append(s.Restarts, review.Restart{Workload: fmt.Sprintf("Deployment/a/b%d", i), Why: []string{"image"}, Replicas: 1})
	}
	text, err := Markdown([]review.Section{s}, options)
	require.NoError(t, err)
	assert.Contains(t, text, "<details><summary>16 workloads restart</summary>")
}

func TestWhole(t *testing.T) {
	for text, want := range map[string]string{
		"https://a.example/b?c=d": "[all of it](<https://a.example/b?c=d>)", "out/a.html": "`out/a.html`", "javascript:alert(1)": "`javascript:alert(1)`", "https://a.example/>": "`https://a.example/>`",
		"https://a.example/ b": "`https://a.example/ b`", "https://a.example/\nb": "`https://a.example/↵b`", "//a.example": "`//a.example`", "https://a.example/)": "`https://a.example/)`",
	} {
		assert.Equal(t, want, inParagraph(address(text)))
	}
}

func TestText(t *testing.T) {
	var plain, colored, narrow bytes.Buffer
	Text(&plain, mixed(), 0, false)
	Text(&colored, mixed(), 0, true)
	Text(&narrow, mixed(), 72, false)
	assert.NotContains(t, plain.String(), "\x1b")
	assert.Contains(t, colored.String(), "\x1b[31m  - spec.replicas: 3\x1b[0m\n")
	assert.Contains(t, colored.String(), "\x1b[32m  + spec.replicas: 5\x1b[0m\n")
	for line := range strings.SplitSeq(narrow.String(), "\n") {
		if strings.ContainsAny(line, "│┌") {
			assert.LessOrEqual(t, len([]rune(line)), 72, line)
		}
	}
}

// The page asks nobody for anything, and is a page also for who hears it.
func TestHTML(t *testing.T) {
	page, err := HTML(mixed(), options)
	require.NoError(t, err)
	requireTamePage(t, page)
	for _, never := range []string{"<script", " src=", "url(", "@import", "href=", " style="} {
		assert.NotContains(t, page, never)
	}
	_, rest, _ := strings.Cut(page, "<style>")
	inside, _, _ := strings.Cut(rest, "</style>")
	digest := sha256.Sum256([]byte(inside))
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'; base-uri 'none'; form-action 'none'"
	assert.Contains(t, html.UnescapeString(page), `content="`+policy+`"`)
	root, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	levels := ""
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "h1", "h2", "h3":
			levels += n.Data[1:]
		case "th":
			scope := false
			for _, a := range n.Attr {
				scope = scope || a.Key == "scope" && (a.Val == "col" || a.Val == "row")
			}
			assert.True(t, scope, "a heading of no row and no column")
		}
	}
	assert.Equal(t, "12222222", levels)
	assert.Contains(t, page, `<html lang="en">`)
}
