package engine

import (
	"io"
	"strings"
)

// watch passes output on and notes what it hints at. The engine tells what
// went wrong in its output and not by its exit status.
type watch struct {
	out   io.Writer
	hints map[string]string // words of the output to what the user may do
	hint  string            // of the first such words
	end   string            // of what came so far: words may come in two writes
}

// longestWord bounds the words to look for, in bytes.
const longestWord = 64

// Write never fails for what it saw, only for where it writes.
func (w *watch) Write(text []byte) (int, error) {
	joined := w.end + string(text)
	for word, hint := range w.hints {
		if w.hint == "" && strings.Contains(joined, word) {
			w.hint = hint
		}
	}
	w.end = joined[max(0, len(joined)-longestWord):]
	return w.out.Write(text)
}
