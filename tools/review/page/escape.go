package page

import (
	"html"
	"regexp"
	"strings"
)

// In a comment somebody else's text always stands in code: there GitHub makes
// no mention, reference, link, formula or picture of it. Of a sentence plain
// words are left outside, for a sentence is read more easily so.

// inParagraph writes spans in the middle of a line.
func inParagraph(text inline) string { return spans(text, codeSpan) }

// inCell writes spans within a row of a table. A bar ends a cell even in code,
// so that it stands outside of it.
func inCell(text inline) string {
	return spans(text, func(s span) string {
		var parts []string
		for part := range strings.SplitSeq(s.text, "|") {
			parts = append(parts, codeSpan(span{form: user, text: part, whole: s.whole}))
		}
		return strings.Join(parts, "&#124;")
	})
}

// inHTML writes spans where a line of HTML stands in a comment, in which there
// is no Markdown.
func inHTML(text inline) string { return htmlSpans(text, "/") }

// inPage writes spans for a browser, which may break a name after a slash.
func inPage(text inline) string { return htmlSpans(text, "/<wbr>") }

func htmlSpans(text inline, slash string) string {
	var out strings.Builder
	for _, s := range words(text) {
		switch s.form {
		case own, prose:
			out.WriteString(html.EscapeString(s.text))
		case strong:
			out.WriteString("<b>" + html.EscapeString(s.text) + "</b>")
		case user, link:
			out.WriteString(codeTag(s, slash))
		}
	}
	return out.String()
}

// codeTag writes code as HTML, and each slash of it as it is told to.
func codeTag(s span, slash string) string {
	if s.text == "" {
		return ""
	}
	title := ""
	if s.whole != "" && s.form == user {
		title = ` title="` + html.EscapeString(visible(s.whole)) + `"`
	}
	return "<code" + title + ">" + strings.ReplaceAll(html.EscapeString(visible(s.text)), "/", slash) + "</code>"
}

func spans(text inline, code func(span) string) string {
	var out strings.Builder
	for _, s := range words(text) {
		switch s.form {
		case own, prose:
			out.WriteString(s.text)
		case strong:
			out.WriteString("**" + s.text + "**")
		case user:
			out.WriteString(code(s))
		case link:
			out.WriteString("[" + s.text + "](<" + s.whole + ">)")
		}
	}
	return out.String()
}

// codeSpan is code in the middle of a line, between more backticks than it has
// in a row.
func codeSpan(s span) string {
	if s.whole != "" && hash.MatchString(s.whole) {
		return codeTag(s, "/")
	}
	text := visible(s.text)
	if text == "" {
		return ""
	}
	if most := longestRun(text); most > 0 || text[0] == ' ' || text[len(text)-1] == ' ' {
		fence := strings.Repeat("`", most+1)
		return fence + " " + text + " " + fence
	}
	return "`" + text + "`"
}

// word matches what means nothing to Markdown and to GitHub, wherever it
// stands: letters with the marks of a sentence, and small numbers.
var word = regexp.MustCompile(`^["'(]*\p{L}+(?:['’-]\p{L}+)*["')]*[,.;:!?]?$|^\d{1,6}[,;]?$`)

// simple reports whether a word is one of those. Digits of a hexadecimal number
// could be a revision.
func simple(text string) bool {
	return word.MatchString(text) && !hexWord(text)
}

func hexWord(text string) bool {
	run := 0
	for i := range len(text) {
		if strings.IndexByte("0123456789abcdefABCDEF", text[i]) < 0 {
			run = 0
		} else if run++; run == 7 {
			return true
		}
	}
	return false
}

// words takes sentences apart: words that mean nothing stay, all else is code.
func words(text inline) inline {
	var all inline
	for _, s := range text {
		if s.form != prose {
			all = append(all, s)
			continue
		}
		var odd []string
		flush := func(space string) {
			if len(odd) > 0 {
				all = append(all, span{form: user, text: strings.Join(odd, " ")}, span{form: own, text: space})
			}
			odd = nil
		}
		fields := strings.Fields(visible(s.text))
		for i, one := range fields {
			if !simple(one) {
				odd = append(odd, one)
				continue
			}
			flush(" ")
			if i < len(fields)-1 {
				one += " "
			}
			all = append(all, span{form: prose, text: one})
		}
		flush("")
	}
	return all
}
