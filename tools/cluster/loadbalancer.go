package cluster

import (
	"bytes"
	"context"
	"errors"
	"os"
)

// What MetalLB's controller writes to its log when it has gone through all
// Services, and just before that if it will go through them again. It tells
// nowhere else that it is ready: its metrics are there before it has asked the
// server anything. Until then it overlooks that a Service is deleted, and keeps
// its address.
const (
	passEnded   = `"controller":"ServiceReconciler - reprocessAll","end reconcile"`
	passRepeats = `"controller":"ServiceReconciler - reprocessAll","event":"force service reload"`
)

// loadBalancer has no port: MetalLB serves its metrics to everybody who reaches
// this machine or, where the port is none, to nobody, and it logs that once.
func (c *Cluster) loadBalancer() component {
	return component{loadBalancerName, c.opts.Programs.LoadBalancer, []string{
		"--kubeconfig=" + c.at.kubeconfig(), "--namespace=" + c.opts.Topology.LoadBalancer.Namespace,
		"--webhook-mode=disabled", "--disable-cert-rotation", "--port=-1",
	}}
}

// startLoadBalancer starts MetalLB's controller, which gives addresses to
// Services. It watches its kinds from the beginning, so they come first.
func (c *Cluster) startLoadBalancer(ctx context.Context) error {
	definitions, err := folderCRDs(c.opts.Programs.LoadBalancerCRDs)
	if err != nil {
		return err
	}
	if err := c.api.applyCRDs(ctx, definitions); err != nil {
		return err
	}
	controller, err := c.launch(c.loadBalancer())
	if err != nil {
		return err
	}
	return await(ctx, controller, func() error { return knowsServices(controller.log) })
}

// knowsServices tells by the log of MetalLB's controller whether every Service
// has the address that it can have, and whether changes will be noticed.
func knowsServices(log string) error {
	text, err := os.ReadFile(log)
	if err != nil {
		return err
	}
	if bytes.Count(text, []byte(passEnded)) > bytes.Count(text, []byte(passRepeats)) {
		return nil
	}
	return errors.New("it has not gone through the Services")
}
