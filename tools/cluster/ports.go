package cluster

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
)

// Ports are drawn in blocks from below the range that systems give to outgoing
// connections, one of which could take a port between its choice and its use.
const (
	lowestPort = 20000
	portBlocks = 1000
	blockSize  = 10
	portTries  = 1000
)

// ports are where the servers of a cluster listen on loopback: a block of ten.
type ports struct {
	APIServer         int
	Etcd              int
	EtcdPeer          int
	ControllerManager int
	Scheduler         int
	Kwok              int
	Metrics           int
	Page              int

	// claim listens at the block's first port while the cluster lives, so that no
	// other cluster chooses the block before these servers listen.
	claim net.Listener
}

func (p *ports) each() []*int {
	return []*int{&p.APIServer, &p.Etcd, &p.EtcdPeer, &p.ControllerManager, &p.Scheduler, &p.Kwok, &p.Metrics, &p.Page}
}

// release lets other clusters have the block.
func (p *ports) release() {
	if p.claim != nil {
		_ = p.claim.Close() // nothing was sent
		p.claim = nil
	}
}

// choosePorts takes the block of the last run where it is free, so that its
// kubeconfig stays good, and stores the choice.
func choosePorts(at layout) (ports, error) {
	p, ok := claimBlock(lastBlock(at))
	for try := 0; !ok; try++ {
		if try == portTries {
			return ports{}, errors.New("ports: no ten of 20000 to 29999 are free on loopback; end what listens there")
		}
		p, ok = claimBlock(lowestPort + blockSize*rand.IntN(portBlocks)) //nolint:gosec // two clusters must differ, nobody must be kept from guessing
	}
	if err := replaceFile(at.ports(), []byte(strconv.Itoa(p.APIServer-1))); err != nil {
		p.release()
		return ports{}, fmt.Errorf("ports: %w", err)
	}
	return p, nil
}

// lastBlock reads the last choice; a missing or broken file means zero.
func lastBlock(at layout) int {
	text, err := os.ReadFile(at.ports())
	if err != nil {
		return 0
	}
	first, _ := strconv.Atoi(string(text)) // zero where it is none
	return first
}

// claimBlock takes a block if it is one and nobody listens at any of its ports.
func claimBlock(first int) (ports, bool) {
	var p ports
	if first < lowestPort || first >= lowestPort+blockSize*portBlocks || first%blockSize != 0 {
		return p, false
	}
	var err error
	if p.claim, err = net.Listen("tcp", loopback(first)); err != nil {
		return p, false
	}
	for i, port := range p.each() {
		*port = first + 1 + i
		if !free(*port) {
			p.release()
			return p, false
		}
	}
	return p, true
}

// free reports whether a port can be listened on.
func free(port int) bool {
	listener, err := net.Listen("tcp", loopback(port))
	return err == nil && listener.Close() == nil
}

// loopback is the address of a port on this machine.
func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// secure is the URL of a port on this machine.
func secure(port int) string { return "https://" + loopback(port) }
