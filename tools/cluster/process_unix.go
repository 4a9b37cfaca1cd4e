//go:build unix && !linux

package cluster

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// childAttributes keep a Ctrl-C of the terminal from the children, which are
// to end in order. This system does not end children with their parent: the
// next start in the same folder does.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

// startTimeWords is how many words ps prints for a start time.
const startTimeWords = 5

// identify reads who a process is.
func identify(pid int) (identity, error) {
	out, err := exec.Command("ps", "-o", "stat=,lstart=,comm=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return identity{}, fmt.Errorf("process %d: %w", pid, err)
	}
	words := strings.Fields(string(out))
	if len(words) < startTimeWords+2 || strings.HasPrefix(words[0], "Z") {
		return identity{}, fmt.Errorf("process %d: ended", pid)
	}
	return identity{
		PID:        pid,
		Started:    strings.Join(words[1:startTimeWords+1], " "),
		Executable: strings.Join(words[startTimeWords+1:], " "),
	}, nil
}
