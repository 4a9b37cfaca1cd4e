package cluster

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"platform/tools/toolchain"
)

const (
	stopPatience = 5 * time.Second // what a process gets to end by itself
	killPatience = 2 * time.Second // what the system gets to end it
	nodePatience = 15 * time.Second
)

// process is a running component.
type process struct {
	identity
	name string
	log  string
	done chan struct{} // closed when it ended
	err  error         // how; set before done is closed
	told bool          // to end; guarded by the cluster's mutex
}

// launch starts a component and keeps a record of it, by which a later process
// can end it if this one crashes.
func (c *Cluster) launch(part component) (*process, error) {
	cmd := exec.Command(part.program, part.args...)
	cmd.Dir = string(c.at)
	// Nothing of the user's environment steers the programs; kwok would read a
	// configuration from the home folder. Fewer rounds of garbage collection
	// make the start a tenth shorter.
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + string(c.at), "GOGC=200"}
	cmd.SysProcAttr = childAttributes()
	log, err := createLog(c.at.log(part.name))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", part.name, err)
	}
	defer log.Close() // the child has its own
	cmd.Stdout, cmd.Stderr = log, log
	return c.launchCommand(part.name, log.Name(), cmd)
}

// launchCommand starts a command under a component's name, as launch does.
func (c *Cluster) launchCommand(name, log string, cmd *exec.Cmd) (*process, error) {
	p := &process{name: name, log: log, done: make(chan struct{})}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.nursery.start(cmd); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p.PID = cmd.Process.Pid
	var err error
	go func() {
		p.err = cmd.Wait()
		close(p.done)
		c.noticeEnd(p)
	}()
	if p.identity, err = identify(p.PID); err != nil {
		p.PID = cmd.Process.Pid // it ended at once; whoever waits for it says why
	}
	c.processes = append(c.processes, p)
	return p, c.record()
}

// noticeEnd takes down the note of a process that ended by itself.
func (c *Cluster) noticeEnd(p *process) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p.told || c.err != nil {
		return
	}
	if strings.HasPrefix(p.name, nodePrefix) { // a cluster carries the loss of a node
		fmt.Fprintf(c.opts.Out, "cluster %s: %v\n", c.opts.Name, p.problem())
		c.processes = slices.DeleteFunc(c.processes, func(one *process) bool { return one == p })
		c.real.lost <- strings.TrimPrefix(p.name, nodePrefix)
		return
	}
	c.err = p.problem()
	close(c.done)
}

// error tells how a process ended.
func (p *process) problem() error {
	state := "ended"
	if p.err != nil {
		state = p.err.Error()
	}
	return fmt.Errorf("%s: %s by itself; its log %s ends with\n%s", p.name, state, p.log, toolchain.Tail(p.log))
}

// waitEnd waits a bounded time for the process to end.
func (p *process) waitEnd(patience time.Duration) bool {
	select {
	case <-p.done:
		return true
	case <-time.After(patience):
		return false
	}
}

// stop ends a process, politely first.
func (p *process) stop() error {
	stop, kill := stopPatience, killPatience
	if strings.HasPrefix(p.name, nodePrefix) { // a hundred processes end with it
		stop, kill = nodePatience, nodePatience
	}
	if err := p.signal(syscall.SIGTERM); err != nil || p.waitEnd(stop) {
		return err
	}
	if err := p.signal(syscall.SIGKILL); err != nil || p.waitEnd(kill) {
		return err
	}
	return fmt.Errorf("%s: process %d does not end", p.name, p.PID)
}

// signal reaches a process that has not been waited for yet, so its number
// cannot be another's.
func (p *process) signal(signal syscall.Signal) error {
	select {
	case <-p.done:
		return nil
	default:
	}
	if err := syscall.Kill(p.PID, signal); err != nil && err != syscall.ESRCH {
		return fmt.Errorf("%s: signal process %d: %w", p.name, p.PID, err)
	}
	return nil
}

// createLog starts a log and keeps the one before it.
func createLog(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if err := os.Rename(path, path+".old"); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	return os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
}
