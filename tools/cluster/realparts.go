package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"

	"platform/tools/cluster/issuer"
	"platform/tools/cluster/page"
	"platform/tools/cluster/volumes"
	"platform/tools/edge/manifest"
)

// realParts are what a cluster with real nodes has in this very process.
type realParts struct {
	end      context.CancelFunc
	lost     chan string // names of nodes that ended by themselves; has room for all
	work     sync.WaitGroup
	forward  *forwarder
	complete func(context.Context) error // starts what needs further kinds, once these are served
	pages    net.Listener                // of the platform's pages, from the beginning
	page     *page.Server                // that serves there, once the cluster answers
}

// layOut gives the nodes their places and the control plane its network, before
// anything starts.
func (c *Cluster) layOut() error {
	var err error
	if c.site, err = newSite(c.opts.Topology); err != nil {
		return err
	}
	if err := removeCgroup(c.at.group()); err != nil { // of a run that was killed
		return err
	}
	if c.lan, err = newLAN(c.nursery, c.site.bridge, outside); err != nil {
		return err
	}
	c.real = &realParts{lost: make(chan string, len(c.site.seats)), forward: &forwarder{dial: c.lan.dial}}
	return nil
}

// openPorts leads the ports of this machine's loopback to those of the control
// plane, which is in a network of its own.
func (c *Cluster) openPorts() error {
	if c.real == nil {
		return nil
	}
	for _, port := range c.ports.each() {
		if port == &c.ports.Page || port == &c.ports.EtcdPeer {
			continue
		}
		if err := c.real.forward.open(*port, fixed(loopback(*port))); err != nil {
			return err
		}
	}
	var err error
	c.real.pages, err = c.real.forward.listen(c.ports.Page)
	return err
}

// closePorts ends that.
func (c *Cluster) closePorts() {
	if c.real != nil {
		_ = c.real.forward.close() // closed already is as good
	}
}

// startReal starts the nodes and what runs beside them, and waits until names
// are resolved.
func (c *Cluster) startReal(ctx context.Context) error {
	if err := c.api.applyGrants(ctx, grants()); err != nil {
		return err
	}
	if err := c.api.placeNodes(ctx, c.site); err != nil {
		return err
	}
	if err := c.startBeside(); err != nil {
		return err
	}
	if err := c.startNodes(ctx); err != nil {
		return err
	}
	if err := c.api.applyAll(ctx, append(dnsObjects(c.opts.Topology.DNS), c.metricsObjects()...)); err != nil {
		return err
	}
	ca, err := os.ReadFile(c.at.pki(fileCA))
	if err != nil {
		return err
	}
	text, err := c.clientKubeconfig(identityMetrics, ca)
	if err != nil {
		return err
	}
	if err := replaceFile(c.at.metricsKubeconfig(), text); err != nil {
		return err
	}
	_, err = c.launch(c.metricsServer())
	return err
}

// startBeside starts what this process does itself for as long as the cluster
// runs.
func (c *Cluster) startBeside() error {
	ctx, end := context.WithCancel(context.Background())
	c.real.end = end
	client, err := kubernetes.NewForConfig(c.api.rest)
	if err != nil {
		end()
		return fmt.Errorf("client: %w", err)
	}
	if err := errors.Join(c.servePage(), c.serveImages(ctx)); err != nil {
		end()
		return err
	}
	c.real.work.Go(func() { c.api.approve(ctx, c.site) })
	c.real.work.Go(func() { c.reboot(ctx) })
	c.beside(ctx, func() error {
		return volumes.Run(ctx, volumes.Options{Client: client, Folder: c.at.volumes(), Provisioners: c.provisioners()})
	})
	c.real.complete = func(starting context.Context) error {
		authority, key, err := c.at.authority()
		if err != nil {
			return err
		}
		c.beside(ctx, func() error {
			return issuer.Run(ctx, issuer.Options{Client: client, Objects: c.api.objects, CA: authority, Key: key})
		})
		if namespace := c.opts.Topology.LoadBalancer.Namespace; namespace != "" {
			if err := c.api.applyAll(starting, speakerObjects(namespace)); err != nil {
				return err
			}
		}
		for _, one := range c.edgeObjects() {
			if err := c.api.applyTyped(starting, one); err != nil {
				return err
			}
		}
		return nil
	}
	return nil
}

// outage is how long a node that ended by itself is away, as a machine is that
// lost its power for a moment.
const outage = 10 * time.Second

// reboot starts nodes that ended by themselves again, one after the other.
func (c *Cluster) reboot(ctx context.Context) {
	for {
		var name string
		select {
		case <-ctx.Done():
			return
		case name = <-c.real.lost:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(outage):
		}
		if err := c.restartNode(ctx, name); err != nil && ctx.Err() == nil {
			fmt.Fprintf(c.opts.Out, "cluster %s: node %s does not come back: %v\n", c.opts.Name, name, err)
		}
	}
}

// restartNode starts a node in its old place.
func (c *Cluster) restartNode(ctx context.Context, name string) error {
	at := slices.IndexFunc(c.site.seats, func(one seat) bool { return one.Name == name })
	token, err := c.api.makeToken(ctx)
	if err != nil {
		return err
	}
	return c.startNode(ctx, c.site.seats[at], token)
}

// beside runs something until the context ends; what goes wrong earlier is in
// this process's log.
func (c *Cluster) beside(ctx context.Context, run func() error) {
	c.real.work.Go(func() {
		if err := run(); err != nil && ctx.Err() == nil {
			fmt.Fprintf(c.opts.Out, "cluster %s: %v\n", c.opts.Name, err)
		}
	})
}

// edgeObjects are the ingress controller, where the topology has one.
func (c *Cluster) edgeObjects() []runtime.Object {
	at := c.opts.Topology.IngressController
	if at.Namespace == "" {
		return nil
	}
	class := cmp.Or(c.opts.Edge, "nginx")
	return manifest.All(manifest.Options{
		Namespace: at.Namespace, Labels: at.Labels, IngressClass: class, GatewayClass: class, Address: c.site.bridge.Addr().String(),
	})
}

// provisioners are those that the storage classes name.
func (c *Cluster) provisioners() []string {
	var names []string
	for _, class := range c.opts.Topology.StorageClasses {
		names = append(names, class.Provisioner)
	}
	return names
}

// endReal ends what this process does itself.
func (c *Cluster) endReal() {
	if c.real == nil {
		return
	}
	c.closePorts()
	if c.real.page != nil {
		_ = c.real.page.Close() // what is left of it ends with this process
	}
	if c.real.end != nil {
		c.real.end()
		c.real.work.Wait()
	}
}

// leaveLAN frees what nodes had of this machine, once no process is left.
func (c *Cluster) leaveLAN() error {
	if c.lan == nil {
		return nil
	}
	var err error
	for end := time.Now().Add(killPatience); ; time.Sleep(pollPeriod) {
		if err = removeCgroup(c.at.group()); err == nil || time.Now().After(end) {
			break // a group is busy until the last process in it is gone
		}
	}
	return errors.Join(err, c.lan.close())
}

// placeNodes makes the nodes with what a kubelet may not say of itself: its
// range of pods, its labels and its taints. The kubelet finds its node there.
func (a *api) placeNodes(ctx context.Context, s site) error {
	for _, one := range s.seats {
		whole := node(one.index, one.Node)
		delete(whole.Annotations, fakeNodeKey)
		delete(whole.Labels, "type")
		delete(whole.Labels, corev1.LabelArchStable) // the kubelet's to say: of this machine
		whole.Spec.PodCIDR, whole.Spec.PodCIDRs = one.pods.String(), []string{one.pods.String()}
		object := &corev1.Node{TypeMeta: whole.TypeMeta, ObjectMeta: whole.ObjectMeta, Spec: whole.Spec}
		if err := a.applyTyped(ctx, object); err != nil {
			return fmt.Errorf("node %q: %w", one.Name, err)
		}
		if err := a.forgetReady(ctx, one.Name); err != nil {
			return fmt.Errorf("node %q: %w", one.Name, err)
		}
	}
	return nil
}

// forgetReady takes back what the node's kubelet said in an earlier run of the
// cluster: until it speaks again, nobody knows.
func (a *api) forgetReady(ctx context.Context, name string) error {
	now := metav1.Now().UTC().Format(time.RFC3339)
	patch := asJSON(map[string]any{"status": map[string]any{"conditions": []any{map[string]any{
		"type": corev1.NodeReady, "status": corev1.ConditionUnknown, "reason": "Starting", "message": "its kubelet starts",
		"lastHeartbeatTime": now, "lastTransitionTime": now,
	}}}})
	_, err := a.objects.Resource(nodesResource).Patch(ctx, name, types.StrategicMergePatchType, patch, metav1.PatchOptions{}, "status")
	return err
}
