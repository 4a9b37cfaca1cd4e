package cluster

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"platform/config"
)

// State is what a folder tells of its cluster.
type State struct {
	Running    bool   // its process lives
	Ready      bool   // and its start is over
	PID        int    // of the process that runs it; 0 if none does
	Context    string // name in the kubeconfig
	Kubeconfig string
	Server     string // URL of the API server
	CA         string // certificate of its authority, which signs what it serves
	Log        string // of the process that [Spawn] left behind
	Nodes      Nodes  // what its nodes are; empty if there never was a cluster
	Page       string // host:port on loopback that leads to what serves the platform; empty where nodes are simulated
	Topology   string // fingerprint of what it was started with, see [Fingerprint]; empty where a version started it that kept none
	Thread     int    // of that process, in the network of real nodes; 0 where nodes are simulated
}

// stateFile is how a folder keeps it.
type stateFile struct {
	Context string   `json:"context"`
	Server  string   `json:"server"`
	Ready   bool     `json:"ready"`
	Runner  identity `json:"runner"` // empty when stopped
	Nodes   Nodes    `json:"nodes"`
	Page    string   `json:"page,omitempty"`
	Thread  int      `json:"thread,omitempty"`
	// Topology is the fingerprint of what it was started with.
	Topology string `json:"topology,omitempty"`
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
	state := State{Context: file.Context, Server: file.Server, Kubeconfig: at.kubeconfig(), CA: at.pki(fileCA), Log: at.daemonLog(), Nodes: file.Nodes, Topology: file.Topology}
	if file.Runner.alive() {
		state.Running, state.Ready, state.PID = true, file.Ready, file.Runner.PID
		state.Page, state.Thread = file.Page, file.Thread
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

// Fingerprint tells one topology from another.
func Fingerprint(topology config.Topology) string {
	text, _ := json.Marshal(topology) // which has a form for every setting
	return fmt.Sprintf("%x", sha256.Sum256(text))
}

// writeState tells other processes who runs the cluster.
func (c *Cluster) writeState(ready bool) error {
	runner, err := identify(os.Getpid())
	if err != nil {
		return fmt.Errorf("cluster state: %w", err)
	}
	file := c.stoppedState()
	file.Ready, file.Runner = ready, runner
	if c.lan != nil {
		file.Page, file.Thread = loopback(c.ports.Page), c.lan.thread
	}
	return c.storeState(file)
}

// stoppedState is what is known of a cluster that nobody runs.
func (c *Cluster) stoppedState() stateFile {
	return stateFile{Context: c.opts.Name, Server: secure(c.ports.APIServer), Nodes: c.opts.Nodes, Topology: Fingerprint(c.opts.Topology)}
}

// writeStopped tells them that nobody does.
func (c *Cluster) writeStopped() error {
	return c.storeState(c.stoppedState())
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
