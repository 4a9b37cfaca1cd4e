package toolchain

import (
	"fmt"
	"os"
	"strings"

	"github.com/kballard/go-shellquote"
)

// tailLines is how much of a failed command's log the error shows.
const tailLines = 15

// BuildError tells which tool could not be made, how to try it by hand and
// what the command said.
type BuildError struct {
	Tool    string   // name and version
	Folder  string   // where the command ran
	Command []string // what ran
	Log     string   // file with all of its output
	Tail    string   // last lines of that file
	Err     error
}

func newBuildError(t tool, folder string, command []string, log string, err error) *BuildError {
	return &BuildError{
		Tool: string(t.name) + " " + t.version, Folder: folder, Command: command,
		Log: log, Tail: Tail(log), Err: err,
	}
}

// Error shows everything that is needed to repeat the failed command.
func (e *BuildError) Error() string {
	return fmt.Sprintf("toolchain: %s: %v; repeat it with\n  %s\nits output is in %s and ends with\n%s",
		e.Tool, e.Err, repeat(e.Folder, e.Command), e.Log, e.Tail)
}

// Unwrap gives the cause, such as an interruption.
func (e *BuildError) Unwrap() error { return e.Err }

// repeat is the command as a user types it.
func repeat(folder string, command []string) string {
	return "cd " + shellquote.Join(folder) + " && " + shellquote.Join(command...)
}

// Tail returns the end of a log, indented, for a message.
func Tail(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return "  (" + err.Error() + ")"
	}
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	if len(lines) > tailLines {
		lines = lines[len(lines)-tailLines:]
	}
	return "  " + strings.Join(lines, "\n  ")
}
