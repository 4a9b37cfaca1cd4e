package cluster

import "os/exec"

// nursery starts processes from one thread that lives as long as they do.
// Linux ends a child with the thread that started it, not with the process,
// and Go's runtime ends threads at will. Where the thread has a network of its
// own, so have the processes.
type nursery struct {
	requests chan func()
}

func newNursery() *nursery {
	n := &nursery{requests: make(chan func())}
	OnThread(n.work)
	return n
}

func (n *nursery) work() {
	for request := range n.requests {
		request()
	}
}

// do runs a function on the thread.
func (n *nursery) do(what func() error) error {
	result := make(chan error)
	n.requests <- func() { result <- what() }
	return <-result
}

// start starts a command as a child that does not outlive this process.
func (n *nursery) start(cmd *exec.Cmd) error { return n.do(cmd.Start) }

// close ends the thread, and with it every child that is left.
func (n *nursery) close() { close(n.requests) }
