package page

import (
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// terminal writes blocks for a terminal. Nothing is folded: there is nothing to
// open it with.
type terminal struct {
	out   io.Writer
	width int // letters; 0 for no bound
	color bool
}

func (t terminal) blocks(blocks []block) {
	for _, b := range blocks {
		t.block(b)
	}
}

func (t terminal) block(b block) {
	switch b := b.(type) {
	case heading:
		words := bare(b.text)
		rule := "-"
		if b.level == 1 {
			rule = "="
		}
		fmt.Fprintf(t.out, "%s\n%s\n\n", t.paint(t.wrap(words), text.Bold), strings.Repeat(rule, min(text.StringWidthWithoutEscSequences(words), t.wide())))
	case paragraph:
		fmt.Fprintf(t.out, "%s\n\n", t.wrap(bare(b.text)))
	case alert:
		color := text.FgYellow
		if b.caution {
			color = text.FgRed
		}
		for _, one := range b.lines {
			fmt.Fprintf(t.out, "%s\n\n", t.paint(t.wrap(bare(one)), color))
		}
	case fine:
		fmt.Fprintf(t.out, "%s\n\n", t.wrap(bare(b.text)))
	case dataTable:
		t.table(b)
	case code:
		t.code(b)
	case fold:
		fmt.Fprintf(t.out, "%s\n\n", t.paint(t.wrap(bare(b.summary)+":"), text.Bold))
		t.blocks(b.blocks)
	case cuttable:
		t.blocks(b.unit.blocks)
	}
}

// unbounded is a width that no line has.
const unbounded = 1 << 20

func (t terminal) wide() int {
	if t.width <= 0 {
		return unbounded
	}
	return t.width
}

func (t terminal) wrap(words string) string {
	lines := strings.Split(text.WrapSoft(words, t.wide()), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

// paint colors each line.
func (t terminal) paint(words string, color text.Color) string {
	if !t.color {
		return words
	}
	lines := strings.Split(words, "\n")
	for i, l := range lines {
		lines[i] = color.EscapeSeq() + l + text.Reset.EscapeSeq()
	}
	return strings.Join(lines, "\n")
}

var colors = map[byte]text.Color{'-': text.FgRed, '+': text.FgGreen, '!': text.FgYellow}

func (t terminal) code(c code) {
	for _, l := range c.lines {
		words := "  " + l.text
		if c.diff {
			words = "  " + string(l.sign) + " " + l.text
		}
		if color, has := colors[l.sign]; has && c.diff {
			words = t.paint(words, color)
		}
		fmt.Fprintln(t.out, words)
	}
	fmt.Fprintln(t.out)
}

// table shares the width among the columns: each gets what it needs, and the
// widest give way.
func (t terminal) table(b dataTable) {
	widths := make([]int, len(b.head))
	rows := make([]table.Row, 0, len(b.rows))
	head := table.Row{}
	for i, name := range b.head {
		head = append(head, name)
		widths[i] = len(name)
	}
	for _, cells := range b.rows {
		row := table.Row{}
		for i, cell := range cells {
			words := bare(cell)
			widths[i] = max(widths[i], text.StringWidthWithoutEscSequences(words))
			row = append(row, words)
		}
		rows = append(rows, row)
	}
	w := table.NewWriter()
	w.SetStyle(table.StyleLight)
	w.Style().Format.Header = text.FormatDefault
	w.AppendHeader(head)
	w.AppendRows(rows)
	var configs []table.ColumnConfig
	for i, width := range share(widths, t.wide()-3*len(widths)-1) {
		config := table.ColumnConfig{Number: i + 1, WidthMax: width, WidthMaxEnforcer: text.WrapSoft}
		if b.numbers[i] {
			config.Align, config.AlignHeader = text.AlignRight, text.AlignRight
		}
		configs = append(configs, config)
	}
	w.SetColumnConfigs(configs)
	fmt.Fprintf(t.out, "%s\n\n", w.Render())
}

// leastWidth is what a column keeps, in letters.
const leastWidth = 6

// share takes letters from the widest columns until all fit.
func share(widths []int, most int) []int {
	total := 0
	for _, width := range widths {
		total += width
	}
	for ; total > most; total-- {
		widest := 0
		for i, width := range widths {
			if width > widths[widest] {
				widest = i
			}
		}
		if widths[widest] <= leastWidth {
			break
		}
		widths[widest]--
	}
	return widths
}

// bare is the text of spans.
func bare(all inline) string {
	var out strings.Builder
	for _, s := range all {
		switch s.form {
		case link:
			out.WriteString(s.whole)
		case prose:
			out.WriteString(strings.Join(strings.Fields(visible(s.text)), " "))
		case user:
			out.WriteString(visible(s.text))
		default:
			out.WriteString(s.text)
		}
	}
	return out.String()
}
