package cluster

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// startPatience bounds a start: a laptop under load needs a few seconds.
const startPatience = 2 * time.Minute

// portAttempts is how often a start tries other ports when another program was
// quicker at one.
const portAttempts = 3

// start brings everything up in the folder that this process has claimed.
func (c *Cluster) start(ctx context.Context) error {
	patience := startPatience
	if c.opts.Nodes == Real {
		patience = realPatience
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	begun := time.Now()
	if err := c.keepKind(); err != nil {
		return err
	}
	var addresses []netip.Addr
	if c.opts.Nodes == Real {
		if err := c.layOut(); err != nil {
			return err
		}
		addresses = []netip.Addr{c.site.bridge.Addr()}
	}
	if err := ensureCertificates(c.at, begun, addresses...); err != nil {
		return err
	}
	if err := replaceFile(c.at.stages(), stagesFile()); err != nil {
		return fmt.Errorf("stages: %w", err)
	}
	if err := c.writeState(false); err != nil {
		return err
	}
	if err := c.startServers(ctx); err != nil {
		return err
	}
	if err := c.furnish(ctx); err != nil {
		return err
	}
	if err := c.writeState(true); err != nil {
		return err
	}
	fmt.Fprintf(c.opts.Out, "cluster %s: ready in %s at %s, kubeconfig %s\n",
		c.opts.Name, time.Since(begun).Round(100*time.Millisecond), secure(c.ports.APIServer), c.Kubeconfig())
	return nil
}

// keepKind refuses to go on with other nodes than the folder's cluster had: its
// objects tell of those.
func (c *Cluster) keepKind() error {
	before, err := readState(c.at)
	if err != nil {
		return err
	}
	if before.Nodes == "" && before.Context != "" {
		before.Nodes = Simulated // of a version that knew no others
	}
	if before.Nodes != "" && before.Nodes != c.opts.Nodes {
		return fmt.Errorf("it was made with %s nodes, and %s ones are asked for; delete it first, with its state: make cluster-down", before.Nodes, c.opts.Nodes)
	}
	return nil
}

// startServers starts etcd and the API server, on other ports if another
// program took one meanwhile.
func (c *Cluster) startServers(ctx context.Context) error {
	for attempt := 1; ; attempt++ {
		err := c.tryServers(ctx)
		if err == nil || attempt == portAttempts || !strings.Contains(err.Error(), "address already in use") {
			return err
		}
		c.abandon()
		if err := os.Remove(c.at.ports()); err != nil {
			return errors.Join(err, fmt.Errorf("ports: %w", err))
		}
	}
}

func (c *Cluster) tryServers(ctx context.Context) error {
	var err error
	if c.ports, err = choosePorts(c.at); err != nil {
		return err
	}
	if err := writeKubeconfig(c.at, c.opts.Name, secure(c.ports.APIServer)); err != nil {
		return err
	}
	if err := c.openPorts(); err != nil {
		return err
	}
	if c.api, err = connect(c.at, secure(c.ports.APIServer)); err != nil {
		return err
	}
	store, err := c.launch(c.etcd())
	if err != nil {
		return err
	}
	if err := c.api.waitHealthy(ctx, store, secure(c.ports.Etcd)+"/readyz"); err != nil {
		return err
	}
	server, err := c.launch(c.apiServer())
	if err != nil {
		return err
	}
	return c.api.waitHealthy(ctx, server, secure(c.ports.APIServer)+"/readyz")
}

// furnish starts the controllers and meanwhile creates what the cluster has
// from the beginning; then it waits until both have met.
func (c *Cluster) furnish(ctx context.Context) error {
	ctx, release := c.whileAlive(ctx)
	defer release()
	work, starting := errgroup.WithContext(ctx)
	work.Go(func() error {
		controllers, err := c.launch(c.controllerManager())
		if err != nil {
			return err
		}
		return c.api.waitHealthy(starting, controllers, secure(c.ports.ControllerManager)+"/healthz")
	})
	work.Go(func() error {
		scheduler, err := c.launch(c.scheduler())
		if err != nil {
			return err
		}
		return c.api.waitHealthy(starting, scheduler, secure(c.ports.Scheduler)+"/readyz")
	})
	work.Go(func() error {
		if err := c.api.releaseLeases(starting); err != nil {
			return err
		}
		if err := c.api.applyTopology(starting, c.opts.Topology, c.opts.Nodes); err != nil {
			return err
		}
		if c.opts.Nodes == Real {
			return c.startReal(starting)
		}
		_, err := c.launch(c.kwok())
		return err
	})
	work.Go(func() error { return c.defineKinds(starting) })
	if c.opts.Topology.LoadBalancer.Namespace != "" {
		work.Go(func() error { return c.startLoadBalancer(starting) })
	}
	err := work.Wait()
	if err == nil && c.real != nil {
		err = c.real.complete(ctx)
	}
	if err == nil {
		err = c.api.waitSettled(ctx, c.opts.Topology)
	}
	if problem := c.Err(); problem != nil { // what died is why the rest was broken off
		return problem
	}
	return err
}

// whileAlive is a context that ends when a process of the cluster does, with
// its error as the cause.
func (c *Cluster) whileAlive(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-c.done:
			cancel(c.Err())
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(nil) }
}
