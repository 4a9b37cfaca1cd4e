package engine

import (
	"io"
	"strings"
)

// watch passes output on and notes what it hints at. The engine tells what
// went wrong in its output and not by its exit status.
type watch struct {
	out   io.Writer
	hints []advice
	hint  string // of the first such words
	end   string // of what came so far: words may come in two writes
}

// advice is what the user may do where the output has some words.
type advice struct{ words, hint string }

// look looks for the words in a text.
func (w *watch) look(text string) {
	for _, one := range w.hints {
		if w.hint == "" && strings.Contains(text, one.words) {
			w.hint = one.hint
		}
	}
}

// longestWord bounds the words to look for, in bytes.
const longestWord = 64

// Write never fails for what it saw, only for where it writes.
func (w *watch) Write(text []byte) (int, error) {
	joined := w.end + string(text)
	w.look(joined)
	w.end = joined[max(0, len(joined)-longestWord):]
	return w.out.Write(text)
}
