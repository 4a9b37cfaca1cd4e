package cluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// pollPeriod is how often something is looked at that cannot be waited for.
const pollPeriod = 25 * time.Millisecond

// identity tells a process from a later one that got its number.
type identity struct {
	PID        int    `json:"pid"`
	Executable string `json:"executable"`
	Started    string `json:"started"` // as the system prints it
}

// alive reports whether the very process still runs.
func (i identity) alive() bool {
	if i.PID <= 0 {
		return false
	}
	now, err := identify(i.PID)
	// The program's folder is another one where the checkout was moved meanwhile.
	return err == nil && now.Started == i.Started && filepath.Base(now.Executable) == filepath.Base(i.Executable)
}

// waitGone waits a bounded time until the process no longer runs.
func (i identity) waitGone(patience time.Duration) bool {
	for end := time.Now().Add(patience); i.alive(); time.Sleep(pollPeriod) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}

// end ends a process that is not a child of this one, politely first. It looks
// again before each signal: the number may be another's by now.
func (i identity) end(patience time.Duration) error {
	for _, step := range []struct {
		signal   syscall.Signal
		patience time.Duration
	}{{syscall.SIGTERM, patience}, {syscall.SIGKILL, killPatience}} {
		if !i.alive() {
			return nil
		}
		if err := syscall.Kill(i.PID, step.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("process %d (%s): %w", i.PID, i.Executable, err)
		}
		if i.waitGone(step.patience) {
			return nil
		}
	}
	return fmt.Errorf("process %d (%s) does not end; end it by hand", i.PID, i.Executable)
}

// processRecord is what the folder knows of one component.
type processRecord struct {
	Name string `json:"name"`
	identity
}

// record stores which processes run. The caller holds the mutex.
func (c *Cluster) record() error {
	var records []processRecord
	for _, p := range c.processes {
		records = append(records, processRecord{p.name, p.identity})
	}
	text, err := json.MarshalIndent(records, "", "  ")
	if err != nil {
		return fmt.Errorf("process records: %w", err)
	}
	if err := replaceFile(c.at.records(), text); err != nil {
		return fmt.Errorf("process records: %w", err)
	}
	return nil
}

// sweep ends what a crashed run left behind, and only that: a process must
// still have the executable and the start time that were recorded.
func sweep(at layout) error {
	records, err := readRecords(at)
	if err != nil || records == nil {
		return err
	}
	var problems []error
	for group := range stopGroups {
		for _, one := range records {
			if stopGroup(one.Name) == group {
				problems = append(problems, one.end(stopPatience))
			}
		}
	}
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("leftover processes: %w", err)
	}
	return os.Remove(at.records())
}

// readRecords is what the folder knows of the processes that run; nothing where
// none do.
func readRecords(at layout) ([]processRecord, error) {
	text, err := os.ReadFile(at.records())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("process records: %w", err)
	}
	records := []processRecord{}
	if err := json.Unmarshal(text, &records); err != nil {
		return nil, fmt.Errorf("process records %s: %w; end what is left by hand and delete the file", at.records(), err)
	}
	return records, nil
}
