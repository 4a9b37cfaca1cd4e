//go:build !linux

package machine

import (
	"errors"
	"os"
	"os/exec"
)

// errLinux is what everything here answers on other systems.
var errLinux = errors.New("machines are made of Linux's namespaces; this system has none")

// Starting is a machine whose first process runs; there is none here.
type Starting struct{ Command *exec.Cmd }

// Prepare fails: there are machines on Linux alone.
func Prepare(*os.File) (*Starting, error) { return nil, errLinux }

// Go fails as Prepare does.
func (*Starting) Go(Machine) error { return errLinux }

// Abandon does nothing.
func (*Starting) Abandon() {}

// Root is empty: no machine has files here.
func Root(int, string) string { return "" }

// Main returns at once: there are machines on Linux alone.
func Main() {}
