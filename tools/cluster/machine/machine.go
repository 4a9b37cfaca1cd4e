// Package machine makes machines out of this one: each has namespaces of its
// own for mounts, processes, its network, its name and its messages, and runs
// services. Linux ends everything in a machine with its first process, so that
// nothing of it outlives that one, whoever kills it.
//
// A machine sees this machine's files and writes to a layer in its own folder.
package machine

import (
	"net/netip"
	"os"
)

// Machine describes one machine.
type Machine struct {
	Name     string            // its hostname
	Folder   string            // what it keeps: an absolute path on a file system that overlays can write to
	Shared   []string          // folders of this machine that it sees and writes to at the same path
	Mounts   map[string]string // a path in the machine to the folder of this machine that is there
	Shown    map[string]string // a path below /proc to the text that is read there; what is written there goes nowhere
	Network  Network
	Files    map[string]File   // by path, written before the services start
	Links    map[string]string // by path, what each leads to; made before the services start
	Services []Service         // in the order of their start
}

// Network is the machine's one connection to others.
type Network struct {
	Interface string       // as whoever connects the machine names it; empty means loopback alone
	Address   netip.Prefix // with the length of the machines' network
	Gateway   netip.Addr
	Routes    []Route // beside the one to the gateway
}

// Route says by which address others are reached.
type Route struct {
	To  netip.Prefix
	Via netip.Addr
}

// File is one file of a machine.
type File struct {
	Text []byte
	Mode os.FileMode
}

// Service is a program that is started again when it ends.
type Service struct {
	Name   string
	Args   []string // the program's path first
	Env    []string // its whole environment
	Log    string   // path of the file that its output is added to, as this machine sees it
	Socket string   // path that must exist before the next service starts; empty means none
}
