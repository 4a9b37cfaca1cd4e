//go:build e2e

package bench

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// samplePeriod is short beside the life of a process: the system keeps the
// most memory that it had, but only while it lives.
const samplePeriod = 5 * time.Millisecond

// peaks are megabytes of resident memory: of the program, and of all processes
// of the command, each at its own highest.
type peaks struct{ program, all float64 }

// peakMemory runs a command and watches the processes that descend from it.
func peakMemory(cmd *exec.Cmd, program string) (peaks, error) {
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		return peaks{}, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	seen := map[int]process{}
	for {
		sample(cmd.Process.Pid, seen)
		select {
		case err := <-ended:
			if err != nil {
				return peaks{}, fmt.Errorf("%s: %w\n%s", cmd, err, output.String())
			}
			return highest(seen, program), nil
		case <-time.After(samplePeriod):
		}
	}
}

func highest(seen map[int]process, program string) peaks {
	var found peaks
	for _, one := range seen {
		found.all += one.peakMB
		if one.executable == program {
			found.program = max(found.program, one.peakMB)
		}
	}
	return found
}

type process struct {
	parent     int
	executable string
	peakMB     float64
}

// sample notes every process that descends from one that is known, which the
// first is by its number.
func sample(first int, seen map[int]process) {
	folders, _ := filepath.Glob("/proc/[0-9]*")
	now := map[int]process{}
	for _, folder := range folders {
		if one, ok := look(folder); ok {
			pid, _ := strconv.Atoi(filepath.Base(folder))
			now[pid] = one
		}
	}
	for pid, one := range now {
		for at, depth := pid, 0; at != 0 && depth < 16; at, depth = now[at].parent, depth+1 {
			if at == first {
				seen[pid] = one
			}
		}
	}
}

// look reads one process; one that has just ended shows no memory.
func look(folder string) (process, bool) {
	status, err := os.ReadFile(filepath.Join(folder, "status"))
	if err != nil {
		return process{}, false
	}
	one := process{}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		number, _, _ := strings.Cut(strings.TrimSpace(value), " ")
		switch name {
		case "PPid":
			one.parent, _ = strconv.Atoi(number)
		case "VmHWM":
			kib, _ := strconv.Atoi(number)
			one.peakMB = float64(kib) * 1024 / 1e6
		}
	}
	executable, err := os.Readlink(filepath.Join(folder, "exe"))
	one.executable = strings.TrimSuffix(executable, " (deleted)")
	return one, err == nil && one.peakMB > 0
}
