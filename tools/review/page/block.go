package page

import "slices"

// block is a part of the page that every writer knows how to show.
type block interface{ isBlock() }

// heading begins a part; level 1 is the verdict's.
type heading struct {
	level int
	text  inline
}

type paragraph struct{ text inline }

// alert is what must not be overlooked.
type alert struct {
	caution bool // more than a warning
	lines   []inline
}

// fine is a paragraph that nobody needs first.
type fine struct{ text inline }

// dataTable has as many cells in each row as in its head. Columns of numbers are
// right-aligned.
type dataTable struct {
	head    []string
	numbers []bool
	rows    [][]inline
	units   []*unit // of the rows; nil where they are never cut
}

// code is text that is shown as it is.
type code struct {
	diff  bool // its signs have a meaning
	lines []line
}

// fold is what is shown when a reader opens it.
type fold struct {
	summary inline
	blocks  []block
}

// cuttable is a part that may be cut, kept as the writer of comments wrote it.
type cuttable struct{ unit *unit }

func (heading) isBlock()   {}
func (paragraph) isBlock() {}
func (alert) isBlock()     {}
func (fine) isBlock()      {}
func (dataTable) isBlock() {}
func (code) isBlock()      {}
func (fold) isBlock()      {}
func (cuttable) isBlock()  {}

// line is one line of code. Its sign is '-' for what goes, '+' for what comes,
// '!' for what changes unseen, and ' '.
type line struct {
	sign byte
	text string // without a newline
}

// The forms of a span.
type form int

const (
	own    form = iota // words of this package, which need no care
	strong             // the same, with weight
	user               // somebody else's text, as it is
	prose              // somebody else's sentence
	link               // an address that was checked
)

// span is a text of one form.
type span struct {
	form  form
	text  string
	whole string // of user: what a pointer at it shows; of link: its address
}

type inline []span

func say(text string) inline     { return inline{{form: own, text: text}} }
func stress(text string) inline  { return inline{{form: strong, text: text}} }
func quote(text string) inline   { return inline{{form: user, text: text}} }
func explain(text string) inline { return inline{{form: prose, text: text}} }

func (i inline) and(more ...inline) inline {
	return slices.Concat(append([]inline{i}, more...)...)
}

// list joins what has something in it with a separator.
func list(separator string, items ...inline) inline {
	var all inline
	for _, item := range items {
		if len(item) == 0 {
			continue
		}
		if len(all) > 0 {
			all = append(all, span{form: own, text: separator})
		}
		all = append(all, item...)
	}
	return all
}

func quotes(texts []string) inline {
	var items []inline
	for _, text := range texts {
		items = append(items, quote(text))
	}
	return list(", ", items...)
}
