package cluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
)

// Ports are drawn from below the range that systems give to outgoing
// connections, one of which could take a port between its choice and its use.
const (
	lowestPort  = 20000
	highestPort = 29999
	portTries   = 1000
)

// ports are where the servers of a cluster listen on loopback.
type ports struct {
	APIServer         int
	Etcd              int
	EtcdPeer          int
	ControllerManager int
	Scheduler         int
	Kwok              int
	Metrics           int
	Page              int
}

func (p *ports) each() []*int {
	return []*int{&p.APIServer, &p.Etcd, &p.EtcdPeer, &p.ControllerManager, &p.Scheduler, &p.Kwok, &p.Metrics, &p.Page}
}

// choosePorts keeps the ports of the last run where they are free, so that its
// kubeconfig stays good, and stores the choice.
func choosePorts(at layout) (ports, error) {
	p := loadPorts(at)
	taken := map[int]bool{}
	for _, port := range p.each() {
		if taken[*port] || !free(*port) {
			found, err := freePort(taken)
			if err != nil {
				return ports{}, err
			}
			*port = found
		}
		taken[*port] = true
	}
	text, err := json.Marshal(p)
	if err != nil {
		return ports{}, fmt.Errorf("ports: %w", err)
	}
	if err := replaceFile(at.ports(), text); err != nil {
		return ports{}, fmt.Errorf("ports: %w", err)
	}
	return p, nil
}

// loadPorts reads the last choice; a missing or broken file means none.
func loadPorts(at layout) ports {
	var p ports
	text, err := os.ReadFile(at.ports())
	if err != nil || json.Unmarshal(text, &p) != nil {
		return ports{}
	}
	return p
}

func freePort(taken map[int]bool) (int, error) {
	for range portTries {
		port := lowestPort + rand.IntN(highestPort-lowestPort+1) //nolint:gosec // two clusters must differ, nobody must be kept from guessing
		if !taken[port] && free(port) {
			return port, nil
		}
	}
	return 0, errors.New("ports: none free between 20000 and 29999 on loopback; end what listens there")
}

// free tells whether a port can be listened on.
func free(port int) bool {
	if port < lowestPort || port > highestPort {
		return false
	}
	listener, err := net.Listen("tcp", loopback(port))
	if err != nil {
		return false
	}
	return listener.Close() == nil
}

// loopback is the address of a port on this machine.
func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// secure is the URL of a port on this machine.
func secure(port int) string { return "https://" + loopback(port) }
