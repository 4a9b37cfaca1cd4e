// Package cluster runs a Kubernetes cluster without containers: etcd, API
// server, controllers and scheduler are the real ones, as processes on
// loopback, and kwok plays the kubelets. Objects are validated, admitted,
// scheduled and bound as in a cluster of machines; only nothing runs in pods.
//
// [Start] runs one inside this process, [Spawn] and [Down] one that stays
// behind. Several run at once, each in a folder of its own.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"

	"platform/config"
)

// Options describe one cluster.
type Options struct {
	Name     string          // its context in the kubeconfig, such as platform-local
	Dir      string          // everything it keeps; one cluster a folder
	Programs Programs        // what it is made of
	Topology config.Topology // nodes and networks, storage classes, the controllers' namespaces
	Nodes    Nodes           // what its nodes are; empty means Simulated
	Edge     string          // class of the Ingresses and Gateways that real nodes' ingress controller serves; empty means nginx
	Images   string          // what each real node's container runtime begins with; empty means nothing
	Out      io.Writer       // progress; nil means silence
}

// Cluster is a running cluster. It ends with the process that started it.
type Cluster struct {
	opts    Options
	at      layout
	lock    *flock.Flock
	nursery *nursery
	ports   ports
	api     *api
	real    *realParts // nil where nodes are simulated
	site    site       // of real nodes
	lan     *lan       // of real nodes

	mu        sync.Mutex
	processes []*process // in the order of their start
	stopped   bool
	err       error
	done      chan struct{}
}

// Start brings a cluster up and returns once its nodes are ready and its kinds
// are served. In a folder that held a cluster before, that one continues: same
// objects, same certificates and, where they are free, same ports. The context
// bounds the start only; [Cluster.Stop] ends the cluster.
func Start(ctx context.Context, opts Options) (*Cluster, error) {
	if err := opts.validate(); err != nil {
		return nil, err
	}
	if opts.Out == nil {
		opts.Out = io.Discard
	}
	if opts.Nodes == "" {
		opts.Nodes = Simulated
	}
	dir, err := filepath.Abs(opts.Dir)
	if err != nil {
		return nil, fmt.Errorf("cluster %q: %w", opts.Name, err)
	}
	c := &Cluster{opts: opts, at: layout(dir), done: make(chan struct{})}
	if err := c.claim(); err != nil {
		return nil, fmt.Errorf("cluster %q: %w", opts.Name, err)
	}
	if err := c.start(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("cluster %q: %w", opts.Name, err), c.Stop())
	}
	return c, nil
}

// Kubeconfig is the path of the file that gives full access to the cluster.
func (c *Cluster) Kubeconfig() string { return c.at.kubeconfig() }

// Context is the name of the cluster's context in that file.
func (c *Cluster) Context() string { return c.opts.Name }

// Done is closed when the cluster no longer runs: stopped, or because one of
// its processes ended by itself, which [Cluster.Err] then tells.
func (c *Cluster) Done() <-chan struct{} { return c.done }

// Err is why the cluster ended; nil while it runs and after [Cluster.Stop].
func (c *Cluster) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// claim takes the folder for this process and ends what a crashed one left
// running in it.
func (c *Cluster) claim() error {
	if err := os.MkdirAll(string(c.at), 0o700); err != nil {
		return err
	}
	if err := os.Chmod(string(c.at), 0o700); err != nil { // keys lie in it
		return err
	}
	lock, err := c.at.tryLock()
	if err != nil {
		return err
	}
	c.lock = lock
	if err := sweep(c.at); err != nil {
		return errors.Join(err, lock.Unlock())
	}
	c.nursery = newNursery()
	return nil
}

// validate reports every error of the options at once.
func (o Options) validate() error {
	var problems []error
	if o.Name == "" {
		problems = append(problems, errors.New("name: empty; name the kubeconfig context"))
	}
	if o.Dir == "" {
		problems = append(problems, errors.New("dir: empty; name the folder that keeps the cluster"))
	}
	if len(o.Topology.Nodes) == 0 {
		problems = append(problems, errors.New("topology: no nodes; pods would wait for ever"))
	}
	problems = append(problems, validatePodNetwork(o.Topology), o.Programs.validate())
	if o.Topology.LoadBalancer.Namespace != "" {
		problems = append(problems, o.Programs.validateLoadBalancer())
	}
	if o.Nodes == Real {
		problems = append(problems, o.Programs.validateReal())
	}
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("cluster %q: %w", o.Name, err)
	}
	return nil
}
