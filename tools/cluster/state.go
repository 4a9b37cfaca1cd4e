package cluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// State is what a folder tells of its cluster.
type State struct {
	Running    bool   // its process lives
	Ready      bool   // and its start is over
	PID        int    // of the process that runs it; 0 if none does
	Context    string // name in the kubeconfig
	Kubeconfig string
	Server     string // URL of the API server
	Log        string // of the process that [Spawn] left behind
}

// stateFile is how a folder keeps it.
type stateFile struct {
	Context string   `json:"context"`
	Server  string   `json:"server"`
	Ready   bool     `json:"ready"`
	Runner  identity `json:"runner"` // empty when stopped
}

// Status reads what a folder tells of its cluster. A folder without one is no
// error: nothing runs there.
func Status(dir string) (State, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return State{}, fmt.Errorf("cluster state: %w", err)
	}
	at := layout(dir)
	file, err := readState(at)
	if err != nil {
		return State{}, err
	}
	state := State{Context: file.Context, Server: file.Server, Kubeconfig: at.kubeconfig(), Log: at.daemonLog()}
	if file.Runner.alive() {
		state.Running, state.Ready, state.PID = true, file.Ready, file.Runner.PID
	}
	return state, nil
}

func readState(at layout) (stateFile, error) {
	var file stateFile
	text, err := os.ReadFile(at.state())
	if errors.Is(err, fs.ErrNotExist) {
		return file, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &file)
	}
	if err != nil {
		return file, fmt.Errorf("cluster state %s: %w", at.state(), err)
	}
	return file, nil
}

// writeState tells other processes who runs the cluster.
func (c *Cluster) writeState(ready bool) error {
	runner, err := identify(os.Getpid())
	if err != nil {
		return fmt.Errorf("cluster state: %w", err)
	}
	return c.storeState(stateFile{Context: c.opts.Name, Server: secure(c.ports.APIServer), Ready: ready, Runner: runner})
}

// writeStopped tells them that nobody does.
func (c *Cluster) writeStopped() error {
	return c.storeState(stateFile{Context: c.opts.Name, Server: secure(c.ports.APIServer)})
}

func (c *Cluster) storeState(file stateFile) error {
	text, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return fmt.Errorf("cluster state: %w", err)
	}
	if err := replaceFile(c.at.state(), text); err != nil {
		return fmt.Errorf("cluster state: %w", err)
	}
	return nil
}
