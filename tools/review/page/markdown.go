package page

import "strings"

// markdown writes blocks for GitHub.
func markdown(blocks []block) string {
	var m comment
	m.blocks(blocks)
	return m.String()
}

type comment struct{ builder }

// builder grows at its end.
type builder struct{ strings.Builder }

func (b *builder) add(texts ...string) {
	for _, one := range texts {
		_, _ = b.WriteString(one) // a builder takes everything
	}
}

func (m *comment) blocks(blocks []block) {
	for _, b := range blocks {
		m.block(b)
	}
}

// block writes one block and the empty line after it.
func (m *comment) block(b block) {
	switch b := b.(type) {
	case heading:
		m.add(strings.Repeat("#", b.level+1), " ", inParagraph(b.text), "\n\n")
	case paragraph:
		m.add(inParagraph(b.text), "\n\n")
	case alert:
		kind := "WARNING"
		if b.caution {
			kind = "CAUTION"
		}
		m.add("> [!", kind, "]\n")
		for i, text := range b.lines {
			if i > 0 {
				m.add(">\n")
			}
			m.add("> ", inParagraph(text), "\n")
		}
		m.add("\n")
	case fine:
		m.add("<sub>", inParagraph(b.text), "</sub>\n\n")
	case dataTable:
		m.table(b)
	case code:
		m.code(b)
	case fold:
		m.add("<details><summary>", inHTML(b.summary), "</summary>\n\n")
		m.blocks(b.blocks)
		m.add("</details>\n\n")
	case cuttable:
		if b.unit.written == "" {
			b.unit.written = markdown(b.unit.blocks)
		}
		m.add(b.unit.written)
	}
}

func (m *comment) table(t dataTable) {
	m.add("| ", strings.Join(t.head, " | "), " |\n|")
	for _, number := range t.numbers {
		if number {
			m.add(" ---: |")
		} else {
			m.add(" --- |")
		}
	}
	m.add("\n")
	for i, row := range t.rows {
		if t.units == nil {
			m.add(cells(row))
			continue
		}
		u := t.units[i]
		if u.written == "" {
			u.written = cells(row)
		}
		m.add(u.written)
	}
	m.add("\n")
}

func cells(row []inline) string {
	var out strings.Builder
	out.WriteString("|")
	for _, cell := range row {
		out.WriteString(" " + inCell(cell) + " |")
	}
	out.WriteString("\n")
	return out.String()
}

// code is fenced by more backticks than any of its lines has in a row.
func (m *comment) code(c code) {
	most := 2
	for _, l := range c.lines {
		most = max(most, longestRun(l.text))
	}
	fence := strings.Repeat("`", most+1)
	m.add(fence)
	if c.diff {
		m.add("diff")
	}
	m.add("\n")
	for _, l := range c.lines {
		sign := byte(' ') // also where it has no meaning: no line but the first begins as a marker does
		if c.diff {
			sign = l.sign
		}
		m.add(string(sign), " ", l.text, "\n")
	}
	m.add(fence, "\n\n")
}

// longestRun is the length of the longest run of backticks.
func longestRun(text string) int {
	longest, now := 0, 0
	for i := range len(text) {
		if text[i] != '`' {
			now = 0
			continue
		}
		now++
		longest = max(longest, now)
	}
	return longest
}
