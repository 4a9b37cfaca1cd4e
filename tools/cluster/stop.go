package cluster

import (
	"errors"
	"fmt"
	"os"
	"sync"
)

// Stop ends the cluster in order, within bounded time, and keeps its data for
// the next [Start]. A second call does nothing.
func (c *Cluster) Stop() error {
	c.mu.Lock()
	if c.stopped {
		c.mu.Unlock()
		return nil
	}
	c.stopped = true
	failed := c.err != nil
	c.err = nil
	c.mu.Unlock()

	c.endReal()
	err := errors.Join(c.endProcesses(), c.leaveLAN())
	c.ports.release()
	c.nursery.close()
	if !failed {
		close(c.done)
	}
	if err != nil {
		err = fmt.Errorf("stop cluster %q: %w", c.opts.Name, err)
	} else {
		err = errors.Join(removeIfThere(c.at.records()), c.writeStopped())
	}
	return errors.Join(err, c.lock.Unlock())
}

// abandon ends what a failed attempt started, for the next one.
func (c *Cluster) abandon() {
	_ = c.endProcesses() // the next attempt meets what is left, and says so
	c.closePorts()
	c.ports.release()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.processes = nil
	if c.err != nil {
		c.err, c.done = nil, make(chan struct{})
	}
}

// endProcesses ends those who write before those who store.
func (c *Cluster) endProcesses() error {
	var problems []error
	for group := range stopGroups {
		problems = append(problems, c.endTogether(group)...)
	}
	return errors.Join(problems...)
}

func (c *Cluster) endTogether(group int) []error {
	c.mu.Lock()
	var ending []*process
	for _, p := range c.processes {
		if stopGroup(p.name) == group {
			p.told = true
			ending = append(ending, p)
		}
	}
	c.mu.Unlock()
	problems := make([]error, len(ending))
	var wait sync.WaitGroup
	for i, p := range ending {
		wait.Go(func() { problems[i] = p.stop() })
	}
	wait.Wait()
	return problems
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}
