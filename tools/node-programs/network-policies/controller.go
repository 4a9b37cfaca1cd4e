package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/cloudnativelabs/kube-router/v2/pkg/controllers/netpol"
	"github.com/cloudnativelabs/kube-router/v2/pkg/healthcheck"
	"github.com/cloudnativelabs/kube-router/v2/pkg/options"
	"github.com/cloudnativelabs/kube-router/v2/pkg/utils"
	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
)

// nodePeriod is how often it is asked whether the node is there.
const nodePeriod = 200 * time.Millisecond

// run guards the node until the context ends.
func run(ctx context.Context, f flags) error {
	if err := setVerbosity(f.verbosity); err != nil {
		return err
	}
	// The controller asks for the node by this variable first, then by the
	// machine's name, which is the same for all nodes on it.
	if err := os.Setenv("NODE_NAME", f.node); err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", f.kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	if err := awaitNode(ctx, client, f.node); err != nil {
		return err
	}
	if f.listen != "" {
		if err := serve(ctx, f.listen); err != nil {
			return err
		}
	}
	return control(ctx, client, f)
}

// setVerbosity sets the level of the controller's log, whose flags are not
// those of this program.
func setVerbosity(level int) error {
	set := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(set)
	return set.Set("v", strconv.Itoa(level))
}

// awaitNode waits until the node has registered with an address, by which the
// controller lets its own traffic, such as probes, reach the pods.
func awaitNode(ctx context.Context, client kubernetes.Interface, name string) error {
	var last error
	err := wait.PollUntilContextCancel(ctx, nodePeriod, true, func(ctx context.Context) (bool, error) {
		node, err := client.CoreV1().Nodes().Get(ctx, name, meta.GetOptions{})
		if err != nil {
			if last == nil || last.Error() != err.Error() {
				klog.Infof("waiting for node %q: %v", name, err)
			}
			last = err
			return false, nil
		}
		v4, _ := utils.GetAllNodeIPs(node)
		return len(v4[core.NodeInternalIP]) > 0, nil
	})
	if err != nil {
		return fmt.Errorf("node %q: %w", name, errors.Join(err, last))
	}
	return nil
}

// control starts the controller on complete caches and runs it.
func control(ctx context.Context, client kubernetes.Interface, f flags) error {
	factory := informers.NewSharedInformerFactory(client, 0)
	pods := factory.Core().V1().Pods().Informer()
	namespaces := factory.Core().V1().Namespaces().Informer()
	policies := factory.Networking().V1().NetworkPolicies().Informer()
	factory.Start(ctx.Done())
	for kind, complete := range factory.WaitForCacheSync(ctx.Done()) {
		if !complete {
			return fmt.Errorf("list of %s: %w", kind, context.Cause(ctx))
		}
	}
	config := configOf(f)
	tables, sets, err := netpol.NewIPTablesHandlers(config)
	if err != nil {
		return fmt.Errorf("iptables and ipset: %w", err)
	}
	controller, err := netpol.NewNetworkPolicyController(client, config, pods, policies, namespaces, &sync.Mutex{}, tables, sets)
	if err != nil {
		return err
	}
	for _, one := range []struct {
		informer cache.SharedIndexInformer
		handler  cache.ResourceEventHandler
	}{
		{pods, controller.PodEventHandler},
		{namespaces, controller.NamespaceEventHandler},
		{policies, controller.NetworkPolicyEventHandler},
	} {
		if _, err := one.informer.AddEventHandler(one.handler); err != nil {
			return err
		}
	}
	beats := make(chan *healthcheck.ControllerHeartbeat)
	go drain(beats)
	var running sync.WaitGroup
	running.Add(1)
	controller.Run(beats, ctx.Done(), &running)
	running.Wait()
	return nil
}

// configOf is kube-router's configuration: the defaults but for what the
// command line says.
func configOf(f flags) *options.KubeRouterConfig {
	config := options.NewKubeRouterConfig()
	config.RunFirewall, config.EnableIPv4 = true, true
	config.HostnameOverride = f.node
	config.ClusterIPCIDRs = []string{f.services}
	if f.addresses != "" {
		config.LoadBalancerCIDRs = strings.Split(f.addresses, ",")
	}
	config.IPTablesSyncPeriod = f.period
	config.MetricsEnabled = true // of which /healthz is made
	return config
}

// drain takes the controller's signs of life, which it waits to hand over.
func drain(beats <-chan *healthcheck.ControllerHeartbeat) {
	for range beats {
		klog.V(2).Info("synchronizing")
	}
}
