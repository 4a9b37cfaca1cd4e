package page

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	renderer "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"

	"platform/tools/review"
)

// hostile are texts that mean something to GitHub, a browser or a terminal.
var hostile = []string{
	"@team", "a@team", "x@example.org", "see #1", "GH-1", "owner/name#1", "be18446c0ffee0123456789abcdef0123456789a", "defaced", "https://evil.example/?a=b", "www.evil.example",
	"<b>x</b>", "<img src=x onerror=alert(1)>", "<!-- x -->", "-->", "<!-- platform-review epfl/platform platform -->", "</details>", "<details>", "</summary>", "</code></pre><script>x</script>",
	"`", "``", "```", "````\n# heading\n````", "~~~", "a`b``c```d", " `", "` ", "\n```\n<img>\n```diff\n", "\n\n# heading\n\n", "\n## heading", "a\n===\n", "a\n---", "- x\n- y", "1. x", "1) x", "> quote", "    code",
	"|", "a|b", `\|`, `\\|`, "| a | b |\n| --- | --- |\n| c | d |", "[x](https://evil.example)", "![x](https://evil.example/x.png)", "[x]: https://evil.example", "[^1]", "*x*", "**x**", "__x__", "~~x~~",
	"$x$", "$`x`$", "$$\nx\n$$", ":tada:", "&lt;b&gt;", "&#64;team", "&commat;team", `\@team`, `\`, "a\\\nb", "a  \nb", "\r\n# x", "\r# x", "\x00", "\x1b[31mred", "\x1b]8;;https://evil.example\x07x\x1b]8;;\x07", "\u202egnp.exe", "a\u200bb",
	"\u2066x\u2069", "\ufeff", "\u2028# x", "\u00ad", "\U000e0041\U000e0042", "\xff\xfe", "é", "日本", "", " ", "   ", "\t", "\tx", "+ forged", "- forged", "@@ -1 +1 @@", "```mermaid\ngraph TD\n```", "[!NOTE]", "javascript:alert(1)",
	"a@\nteam", "@", "#", "##", "'", "\"", "(", "((x", "x))", "!", "![", "<", ">", "<a", "&", "&amp", "http://", "mailto:x@y.z", "xmpp:x@y.z", "ftp://x.y", "e.g.", "see:", "-", "--", "–", "…", "→",
}

// everywhere puts a text wherever a section takes one.
func everywhere(text string) []review.Section {
	s := review.Section{
		Format: 1, Stack: text, View: review.View(text), Commit: text, Base: text, Time: fixed, Versions: map[string]string{text: text, "pulumi": text}, Error: text,
		Risks:    []review.Risk{{Object: text, Op: review.Op(text), Why: text, Loses: text, Waived: text}},
		Restarts: []review.Restart{{Workload: text, Why: []string{text, "plain " + text + " plain"}, Gap: true}},
		Reach:    []review.Reach{{From: text, To: text, Gained: text, Lost: text, Silent: text, Because: []string{text, text}}},
		Capacity: []review.Capacity{{Arch: text, What: text, Unit: text, Before: 1, After: 2}},
		Findings: []review.Finding{{Rule: text, Severity: text, Object: text, Text: text, New: true}, {Rule: text, Severity: text, Object: text, Text: "it is " + text + "."}},
	}
	for _, op := range append([]review.Op{review.Op(text)}, review.Ops...) {
		s.Changes = append(s.Changes, review.Change{Op: op, URN: text, Kind: text, Object: text, Forces: []string{text}, Diffs: []review.Diff{
			{Path: text, Old: text, New: text}, {Path: "a." + text, New: text}, {Path: text, Secret: true}, {Path: text, Old: text, Unknown: true},
		}})
	}
	quiet := plan(text)
	failed := plan("a")
	failed.Error = "error\n" + text
	return []review.Section{s, quiet, failed}
}

// gfm reads Markdown as GitHub does, and lets HTML through.
var gfm = goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote), goldmark.WithRendererOptions(renderer.WithUnsafe()))

// headings are those that this package writes.
var headings = []string{"✓ Safe: ", "▲ Review: ", "≠ Drifted: ", "‼ Destructive: ", "⊘ Refused: ", "✗ Failed: ", "Why there is no whole plan of ", "Data at risk", "Will restart", "Who can newly reach whom", "Capacity that the pods ask for", "Policies: new findings", "Changes, resource by resource", "✗ Withheld: "}

// elements are those that a comment consists of.
var elements = strings.Fields("html head body h2 h3 p strong code pre table thead tbody tr th td details summary b blockquote sub")

// lively is what GitHub would make something of, outside of code, and stars
// that it made nothing of.
var lively = regexp.MustCompile(`@|\*\*|#\d|(?i)\bgh-\d|://|www\.|\b[0-9a-f]{7,40}\b|:\w+:|\$|<|!\[|\bmailto`)

// requireTame fails where a comment has anything that this package does not
// write itself.
func requireTame(t *testing.T, text string, key, whole string) {
	t.Helper()
	require.True(t, strings.HasPrefix(text, Marker(key)+"\n"), text)
	require.NotContains(t, text, "\n<!--")
	var rendered bytes.Buffer
	require.NoError(t, gfm.Convert([]byte(text), &rendered))
	requireBalanced(t, rendered.String(), text)
	root, err := html.Parse(bytes.NewReader(rendered.Bytes()))
	require.NoError(t, err)
	comments := 0
	var walk func(n *html.Node, inCode bool)
	walk = func(n *html.Node, inCode bool) {
		switch n.Type {
		case html.CommentNode:
			comments++
		case html.TextNode:
			if !inCode {
				require.NotRegexp(t, lively, n.Data, text)
			}
		case html.ElementNode:
			switch n.Data {
			case "a":
				require.Equal(t, []html.Attribute{{Key: "href", Val: whole}}, n.Attr, text)
			case "h2", "h3":
				require.Condition(t, func() bool { return isHeading(n.FirstChild.Data) }, n.FirstChild.Data)
			default:
				require.Contains(t, elements, n.Data, text)
			}
			for _, a := range n.Attr {
				require.Contains(t, []string{"href", "title", "style", "class"}, a.Key, text)
				if a.Key == "style" {
					require.Equal(t, "text-align:right", strings.ReplaceAll(a.Val, " ", ""), text)
				}
				if a.Key == "class" {
					require.Equal(t, "language-diff", a.Val, text)
				}
			}
		}
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			walk(child, inCode || n.Data == "code" || n.Data == "pre")
		}
	}
	walk(root, false)
	require.Equal(t, 1, comments, text)
}

func isHeading(text string) bool {
	for _, one := range headings {
		if strings.HasPrefix(text, one) {
			return true
		}
	}
	return false
}

// requireBalanced fails where an element is not closed in its turn.
func requireBalanced(t *testing.T, rendered, text string) {
	t.Helper()
	var open []string
	tokens := html.NewTokenizer(strings.NewReader(rendered))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			require.Empty(t, open, text)
			return
		case html.StartTagToken:
			name, _ := tokens.TagName()
			open = append(open, string(name))
		case html.EndTagToken:
			name, _ := tokens.TagName()
			require.NotEmpty(t, open, text)
			require.Equal(t, open[len(open)-1], string(name), text)
			open = open[:len(open)-1]
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, text := range hostile {
		f.Add(text, "b", 0)
		f.Add("a "+text+" b", text, 9000)
	}
	f.Fuzz(func(t *testing.T, one, other string, limit int) {
		if len(one)+len(other) > 2000 {
			t.Skip("longer texts are the property tests' part")
		}
		const key, whole = "epfl/platform platform", "https://github.com/epfl/platform/actions/runs/17"
		sections := append(everywhere(one), everywhere(other)...)
		text, err := Markdown(sections, Options{Key: key, Whole: whole, Limit: 1000 + abs(limit)%100_000})
		require.NoError(t, err)
		requireTame(t, text, key, whole)
		page, err := HTML(sections, Options{Key: one})
		require.NoError(t, err)
		requireTamePage(t, page)
		var out bytes.Buffer
		Text(&out, sections, 80, false)
		for line := range strings.SplitSeq(out.String(), "\n") {
			require.Equal(t, line, visible(line), "a terminal obeys it")
		}
	})
}

func abs(n int) int { return max(n, -(n + 1)) }

// requireTamePage fails where a page has an element, an attribute or an
// address that this package does not write itself.
func requireTamePage(t *testing.T, page string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	for n := range root.Descendants() {
		if n.Type == html.CommentNode {
			require.Fail(t, "a comment", n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		require.Contains(t, append(strings.Fields("meta title style main h1 div section span wbr"), elements...), n.Data)
		for _, a := range n.Attr {
			require.Contains(t, strings.Fields("lang charset http-equiv content name class tabindex role aria-label scope title data-name"), a.Key)
		}
	}
}
