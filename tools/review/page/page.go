// Package page writes what a change would do to all stacks for people: as the
// comment on a pull request, as a page for a browser and for a terminal. What
// is reported, and in which order, is decided once; the three writers only know how
// a heading or a table looks.
//
// Whatever comes from a manifest, a policy or a person is data to every writer:
// it can make no markup, no mention and no link, and letters that are not seen
// are shown by their number.
package page

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"platform/tools/review"
)

// DefaultLimit is how many bytes GitHub keeps of a comment.
const DefaultLimit = 262_144

// Options shape a comment or a page.
type Options struct {
	Key   string // of the comment: repository and project, such as "owner/name platform"
	Whole string // where the whole is when something is cut: an address, or a file; empty where there is none
	Limit int    // bytes of a comment; 0 means DefaultLimit
}

func (o Options) fits(text string) bool { return len(text) <= o.limit() }

func (o Options) limit() int {
	if o.Limit <= 0 {
		return DefaultLimit
	}
	return o.Limit
}

// Markdown is the comment: GitHub's Markdown, with the marker of its key as the
// first line. What does not fit is cut, see [cut]; where not even the verdict,
// the table and the risks fit, it is a short notice. It fails where that does
// not fit either, or the key is empty.
func Markdown(sections []review.Section, o Options) (string, error) {
	if o.Key == "" {
		return "", errors.New("comment: has no key to find it by; name the repository and the project")
	}
	c := newComposer(sections, o)
	c.brief = true
	write := func(blocks []block) string { return Marker(o.Key) + "\n" + markdown(blocks) }
	text := c.cut(func() string { return write(c.blocks()) })
	if !o.fits(text) {
		text = write(c.notice())
	}
	if !o.fits(text) {
		return "", fmt.Errorf("comment: a notice of %d bytes is over the limit of %d bytes; raise it", len(text), o.limit())
	}
	return text, nil
}

// HTML is the page: one file that asks for no other and runs no script. Nothing
// is cut.
func HTML(sections []review.Section, o Options) (string, error) {
	var out strings.Builder
	err := writeHTML(&out, o.Key, review.Worst(sections), newComposer(sections, o).blocks())
	return out.String(), err
}

// Text writes for a terminal of a width in letters, 0 for one without end.
// Colors only repeat what signs and words say. Nothing is cut.
func Text(out io.Writer, sections []review.Section, width int, color bool) {
	t := terminal{out: out, width: width, color: color}
	t.blocks(newComposer(sections, Options{}).blocks())
}
