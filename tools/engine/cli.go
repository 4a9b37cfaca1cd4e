package engine

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"golang.org/x/term"
)

// CLI is one run of the CLI. It is in a session of its own, so that neither it
// nor what it starts gets a signal that a terminal, or whoever started this
// process, sends to a whole group: the CLI counts a second one as "end at once",
// which leaves in no state what is being made. When the context ends it is
// interrupted once, finishes what it has begun, and records that.
//
// What it starts ends with it and with this process, even where they are killed.
type CLI struct {
	*exec.Cmd
	out   io.Writer    // for the user
	phase func() phase // nil for a command that changes nothing and may be interrupted at any time
	ended chan struct{}
}

// phase is how far the CLI has come, which decides what an interrupt does to it.
type phase int

const (
	starting  phase = iota // the engine has not begun: an interrupt kills the CLI, which may have locked the state
	running                // an interrupt is handled
	finishing              // the engine has ended: an interrupt may kill the CLI before it has written the state
)

const (
	// startPatience is how long an interrupt waits for the engine to begin. The CLI
	// may be waiting for a network that does not answer.
	startPatience = 10 * time.Second
	// phaseInterval is how often the phase is looked up meanwhile.
	phaseInterval = 50 * time.Millisecond
)

// samePress is how long after an interrupt another one counts as the same: who
// signals a process and then its group, as timeout does, means one.
const samePress = time.Second

func newCLI(ctx context.Context, out io.Writer, path string, args ...string) *CLI {
	c := &CLI{Cmd: exec.CommandContext(ctx, path, args...), out: out, ended: make(chan struct{})}
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	c.Cancel = func() error {
		go c.insist(time.Now())
		go c.interrupt()
		return nil
	}
	return c
}

// interrupt interrupts the CLI once its engine runs. After the engine's end it
// does not: the CLI ends by itself.
func (c *CLI) interrupt() {
	for begun := time.Now(); c.phase != nil; {
		now := c.phase()
		if now == finishing {
			return
		}
		if now == running || time.Since(begun) >= startPatience {
			break
		}
		select {
		case <-c.ended:
			return
		case <-time.After(phaseInterval):
		}
	}
	_ = c.Process.Signal(os.Interrupt) // it may have ended
}

// insist hands on that the user interrupts again.
func (c *CLI) insist(interrupted time.Time) {
	again := make(chan os.Signal, 1)
	signal.Notify(again, os.Interrupt)
	defer signal.Stop(again)
	for {
		select {
		case <-c.ended:
			return
		case <-again:
		}
		if time.Since(interrupted) < samePress {
			continue
		}
		fmt.Fprintln(c.out, "interrupted again: pulumi ends at once, without a record of what it is doing")
		if c.Process.Signal(os.Interrupt) != nil {
			return // it has ended
		}
	}
}

// Run starts the CLI and waits for it.
func (c *CLI) Run() error {
	guard, err := newGuard()
	if err != nil {
		return err
	}
	c.Env = append(slices.Clip(c.Env), guard.mark)
	shape, _ := term.GetState(int(os.Stdin.Fd())) // no terminal has none
	err = c.Cmd.Run()
	close(c.ended)
	killed := killed(err)
	if killed && shape != nil {
		_ = term.Restore(int(os.Stdin.Fd()), shape) // which it may have set to send keys
	}
	return errors.Join(err, guard.dismiss(killed))
}

// pid is that of the process, or 0 if it was never started.
func (c *CLI) pid() int {
	if c.Process == nil {
		return 0
	}
	return c.Process.Pid
}

// Output is what the CLI writes to its standard output.
func (c *CLI) Output() ([]byte, error) {
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	err := c.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		exit.Stderr = said.Bytes()
	}
	return out.Bytes(), err
}

// CombinedOutput is all that the CLI writes.
func (c *CLI) CombinedOutput() ([]byte, error) {
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	err := c.Run()
	return said.Bytes(), err
}

// killed reports whether a command was ended by a signal.
func killed(err error) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit) && !exit.Exited()
}

// guard ends all that a run of the CLI has started once this process is gone, or
// says that the CLI was killed: language host, providers, program and policy pack
// are in groups of their own and would live on for minutes. They are known by a
// variable that each has from its parent. Where a system does not show the
// environment of processes as Linux does, the guard does nothing.
type guard struct {
	cmd  *exec.Cmd
	mark string // a variable
	say  io.WriteCloser
}

// guardVariable marks what a run of the CLI has started.
const guardVariable = "PLATFORM_RUN"

// guardScript waits for a word that there is nothing to end, or for the end of
// this process, and then kills what is marked until nothing is. It gives up on
// what cannot be killed.
const guardScript = `read -r word && exit
n=0
while [ $((n += 1)) -le 50 ] && marked=$(grep -lsF "$0" /proc/[0-9]*/environ | tr -dc '0-9\n') && [ "$marked" ]; do
	kill -KILL $marked
	sleep 0.1
done`

func newGuard() (*guard, error) {
	mark := guardVariable + "=" + rand.Text()
	cmd := exec.Command("sh", "-c", guardScript, mark)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // no terminal's signal ends it
	say, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("guard of pulumi: %w", err)
	}
	return &guard{cmd, mark, say}, nil
}

// dismiss ends the guard, after it has ended what is left where the CLI was killed.
func (g *guard) dismiss(killed bool) error {
	if !killed {
		_, _ = io.WriteString(g.say, "done\n") // a guard that was killed as well reads nothing
	}
	return errors.Join(g.say.Close(), ignoreExit(g.cmd.Wait()))
}

// ignoreExit leaves out how a command ended.
func ignoreExit(err error) error {
	if errors.As(err, new(*exec.ExitError)) {
		return nil
	}
	return err
}
