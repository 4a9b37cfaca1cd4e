package engine

import (
	"io"
	"strings"
)

// watch passes output on and notes whether a word was in it. The engine tells
// what went wrong in its output and not by its exit status.
type watch struct {
	out  io.Writer
	word string
	seen bool
	end  string // of what came so far: the word may come in two writes
}

// Write never fails for what it saw, only for where it writes.
func (w *watch) Write(text []byte) (int, error) {
	joined := w.end + string(text)
	w.seen = w.seen || strings.Contains(joined, w.word)
	w.end = joined[max(0, len(joined)-len(w.word)):]
	return w.out.Write(text)
}
