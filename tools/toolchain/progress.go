package toolchain

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// How often a running step shows its time.
const (
	terminalPeriod = time.Second
	plainPeriod    = 30 * time.Second // a log file needs fewer lines
)

// progress shows one running step: rewritten in place on a terminal, a line
// now and then elsewhere.
type progress struct {
	out      io.Writer
	terminal bool
	now      func() time.Time
	ticker   func(time.Duration) (<-chan time.Time, func())
}

func newProgress(out io.Writer) *progress {
	file, ok := out.(*os.File)
	return &progress{
		out: out, terminal: ok && term.IsTerminal(int(file.Fd())),
		now: time.Now, ticker: newTicker,
	}
}

func newTicker(period time.Duration) (<-chan time.Time, func()) {
	t := time.NewTicker(period)
	return t.C, t.Stop
}

// step shows that something begins; the function it gives shows how it ended.
func (p *progress) step(label, verb string) (done func(error)) {
	start, period := p.now(), plainPeriod
	if p.terminal {
		period = terminalPeriod
	}
	ticks, stop := p.ticker(period)
	quit, ended := make(chan struct{}), sync.WaitGroup{}
	p.line(label, verb+" …", "", false)
	ended.Go(func() {
		for {
			select {
			case <-ticks:
				p.line(label, verb+" …", elapsed(p.now().Sub(start)), false)
			case <-quit:
				return
			}
		}
	})
	return func(err error) {
		stop()
		close(quit)
		ended.Wait()
		state := "done in"
		if err != nil {
			state = "failed after"
		}
		p.line(label, state, elapsed(p.now().Sub(start)), true)
	}
}

// line prints one state of a step. The escape sequence clears what an earlier,
// longer line left behind.
func (p *progress) line(label, state, took string, last bool) {
	text := label + ": " + state
	if took != "" {
		text += " " + took
	}
	switch {
	case !p.terminal:
		fmt.Fprintln(p.out, text)
	case last:
		fmt.Fprintf(p.out, "\r%s\x1b[K\n", text)
	default:
		fmt.Fprintf(p.out, "\r%s\x1b[K", text)
	}
}

// elapsed prints a duration as people read it: 2m10s, 45s, 0.4s.
func elapsed(d time.Duration) string {
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
