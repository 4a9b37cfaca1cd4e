package page

import (
	"crypto/sha256"
	_ "embed" // the style
	"encoding/base64"
	"html/template"
	"io"

	"platform/tools/review"
)

//go:embed style.css
var style string

// frame is the page around the blocks. It asks for nothing, and the browser is
// told to hold it to that: the style alone is let in, by its digest.
var frame = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{{.Digest}}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{{.Title}}</title>
<style>{{.Style}}</style>
</head>
<body>
<main class="{{.Verdict}}">
{{.Body}}</main>
</body>
</html>
`))

func writeHTML(out io.Writer, key string, verdict review.Verdict, blocks []block) error {
	var p document
	p.blocks(blocks)
	digest := sha256.Sum256([]byte(style))
	title := verdictWords[verdict].name
	if key != "" {
		title += ": " + visible(key)
	}
	return frame.Execute(out, map[string]any{
		"Digest":  base64.StdEncoding.EncodeToString(digest[:]),
		"Title":   title,
		"Verdict": string(verdict),
		"Style":   template.CSS(style),       //nolint:gosec // our own file
		"Body":    template.HTML(p.String()), //nolint:gosec // every text in it is escaped by inPage or code
	})
}

// document writes blocks as HTML.
type document struct{ builder }

func (p *document) blocks(blocks []block) {
	for _, b := range blocks {
		p.block(b)
	}
}

func (p *document) block(b block) {
	switch b := b.(type) {
	case heading:
		tag := [...]string{"h1", "h2", "h3"}[b.level-1]
		p.add("<", tag, ">", inPage(b.text), "</", tag, ">\n")
	case paragraph:
		p.add("<p>", inPage(b.text), "</p>\n")
	case alert:
		class := "warning"
		if b.caution {
			class = "caution"
		}
		p.add(`<div class="`, class, `">`, "\n")
		for _, text := range b.lines {
			p.add("<p>", inPage(text), "</p>\n")
		}
		p.add("</div>\n")
	case fine:
		p.add(`<p class="fine">`, inPage(b.text), "</p>\n")
	case dataTable:
		p.table(b)
	case code:
		p.code(b)
	case fold:
		p.add("<details><summary>", inPage(b.summary), "</summary>\n")
		p.blocks(b.blocks)
		p.add("</details>\n")
	case cuttable:
		p.add("<section>")
		p.blocks(b.unit.blocks)
		p.add("</section>\n")
	}
}

// table writes a table as wide as the page, in which words may break. On a narrow
// screen the style shows each row as a list of its cells, with the names that they
// carry for this; the roles keep it a table for screen readers. The first cell of a
// row is its heading.
func (p *document) table(t dataTable) {
	p.add(`<table role="table"><thead role="rowgroup"><tr role="row">`)
	for i, name := range t.head {
		p.add(`<th role="columnheader" scope="col"`, numeric(t, i), ">", name, "</th>")
	}
	p.add(`</tr></thead><tbody role="rowgroup">`, "\n")
	for _, row := range t.rows {
		p.add(`<tr role="row">`)
		for i, cell := range row {
			if i == 0 {
				p.add(`<th role="rowheader" scope="row">`, inPage(cell), "</th>")
				continue
			}
			p.add(`<td role="cell" data-name="`, t.head[i], `"`, numeric(t, i), ">", inPage(cell), "</td>")
		}
		p.add("</tr>\n")
	}
	p.add("</tbody></table>\n")
}

func numeric(t dataTable, column int) string {
	if t.numbers[column] {
		return ` class="number"`
	}
	return ""
}

var classes = map[byte]string{'-': "gone", '+': "come", '!': "hidden"}

func (p *document) code(c code) {
	p.add("<pre>")
	for _, l := range c.lines {
		text := template.HTMLEscapeString(l.text)
		if !c.diff {
			p.add(text, "\n")
			continue
		}
		p.add(`<span class="`, classes[l.sign], `">`, string(l.sign), " ", text, "\n</span>")
	}
	p.add("</pre>\n")
}
