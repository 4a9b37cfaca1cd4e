package cluster

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// childAttributes keep a Ctrl-C of the terminal from the children, which are
// to end in order, and make the system kill them if this process dies.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// startTimeField is the place of the start time in /proc/PID/stat after the
// command name, which may hold spaces.
const startTimeField = 19

// identify reads who a process is. A process that ended and was not yet
// waited for has no executable any more.
func identify(pid int) (identity, error) {
	folder := "/proc/" + strconv.Itoa(pid)
	executable, err := os.Readlink(folder + "/exe")
	if err != nil {
		return identity{}, fmt.Errorf("process %d: %w", pid, err)
	}
	stat, err := os.ReadFile(folder + "/stat")
	if err != nil {
		return identity{}, fmt.Errorf("process %d: %w", pid, err)
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) <= startTimeField {
		return identity{}, fmt.Errorf("process %d: short stat", pid)
	}
	return identity{
		PID:        pid,
		Executable: strings.TrimSuffix(executable, " (deleted)"), // rebuilt meanwhile
		Started:    string(fields[startTimeField]),
	}, nil
}
