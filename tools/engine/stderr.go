package engine

import (
	"errors"
	"os/exec"
	"strings"
)

// stderr is what a failed command said, on lines of its own.
func stderr(err error) string {
	var exit *exec.ExitError
	if !errors.As(err, &exit) || len(exit.Stderr) == 0 {
		return ""
	}
	return "\n" + strings.TrimSpace(string(exit.Stderr))
}
