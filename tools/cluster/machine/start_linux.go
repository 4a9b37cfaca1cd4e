package machine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// initVariable tells this program's own executable, started again, that it is
// the first process of a machine.
const initVariable = "PLATFORM_MACHINE"

// descriptionFile is the descriptor that the first process reads its machine
// from.
const descriptionFile = 3

// Starting is a machine whose first process runs and waits for its network.
type Starting struct {
	Command *exec.Cmd
	say     *os.File
}

// Prepare is the command that becomes the first process of a machine. The
// caller starts it, which makes the namespaces, connects its network and calls
// [Starting.Go]. The program that calls Prepare must call [Main] first of all.
func Prepare(log *os.File) (*Starting, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("machine: %w", err)
	}
	hear, say, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("machine: %w", err)
	}
	cmd := exec.Command(self)
	cmd.Env = []string{initVariable + "=1", "PATH=" + searchPath}
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = log, log, []*os.File{hear}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Setsid:    true,
		Pdeathsig: syscall.SIGKILL,
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET |
			syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC,
	}
	return &Starting{Command: cmd, say: say}, nil
}

// Go tells a started machine what it is. Without it, the machine ends when
// this process does.
func (s *Starting) Go(m Machine) error {
	for _, hear := range s.Command.ExtraFiles {
		_ = hear.Close() // the child has its own
	}
	err := json.NewEncoder(s.say).Encode(m)
	if err = errors.Join(err, s.say.Close()); err != nil {
		return fmt.Errorf("machine %s: %w", m.Name, err)
	}
	return nil
}

// Abandon frees what Prepare took of a machine that is not told what it is. One
// that runs already ends.
func (s *Starting) Abandon() {
	for _, file := range append(s.Command.ExtraFiles, s.say) {
		_ = file.Close() // nothing was written
	}
}

// Root is the path at which this machine sees the files of a machine whose
// first process has this number here.
func Root(pid int, path string) string {
	return filepath.Join("/proc", fmt.Sprint(pid), "root", path)
}

// Main is the first process of a machine in a program that was started as one
// by [Prepare], and returns at once in any other. It must be called before
// anything else.
func Main() {
	if os.Getenv(initVariable) == "" {
		return
	}
	if os.Getpid() != 1 {
		fmt.Fprintf(os.Stderr, "%s is set, and this is no machine's first process; unset it\n", initVariable)
		os.Exit(1)
	}
	_ = os.Unsetenv(initVariable) // fails on malformed names only
	if err := begin(); err != nil {
		fmt.Fprintln(os.Stderr, "machine:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// begin furnishes the machine and runs its services until SIGTERM.
func begin() error {
	hear := os.NewFile(descriptionFile, "description")
	var m Machine
	if err := json.NewDecoder(hear).Decode(&m); err != nil {
		return fmt.Errorf("description: %w", err)
	}
	if err := hear.Close(); err != nil {
		return err
	}
	if err := syscall.Sethostname([]byte(m.Name)); err != nil {
		return fmt.Errorf("name: %w", err)
	}
	if err := m.mount(); err != nil {
		return err
	}
	if err := m.connect(); err != nil {
		return err
	}
	if err := m.writeFiles(); err != nil {
		return err
	}
	return m.supervise()
}

func (m Machine) writeFiles() error {
	for path, to := range m.Links {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("link %s: %w", path, err)
		}
		// A machine that starts again in its folder has it already.
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("link %s: %w", path, err)
		}
		if err := os.Symlink(to, path); err != nil {
			return fmt.Errorf("link %s: %w", path, err)
		}
	}
	for path, file := range m.Files {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("file %s: %w", path, err)
		}
		if err := os.WriteFile(path, file.Text, file.Mode); err != nil {
			return fmt.Errorf("file %s: %w", path, err)
		}
		if err := os.Chmod(path, file.Mode); err != nil {
			return fmt.Errorf("file %s: %w", path, err)
		}
	}
	return nil
}
