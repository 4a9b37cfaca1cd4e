// Command network-policies makes one node obey its cluster's network policies,
// by rules of iptables and ipset in the network namespace that it runs in. It
// is the policy controller of kube-router without its router and its proxy,
// which would bring a BGP server and two clouds' clients along.
//
// It waits until the node has an address, follows pods, namespaces and policies
// from then on, and leaves its rules behind when it ends: they go with the
// network namespace.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"k8s.io/klog/v2"
)

// flags are the command line.
type flags struct {
	kubeconfig string
	node       string
	services   string
	addresses  string
	listen     string
	period     time.Duration
	verbosity  int
}

func main() {
	f := parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	defer klog.Flush()
	if err := run(ctx, f); err != nil {
		fmt.Fprintln(os.Stderr, "network-policies:", err)
		klog.Flush()
		os.Exit(1)
	}
}

// parse reads the command line, and ends the program where it is wrong.
func parse() flags {
	var f flags
	flag.StringVar(&f.kubeconfig, "kubeconfig", "", "`file` with the API server's address and an identity that may list and watch pods, namespaces and network policies, and get its node")
	flag.StringVar(&f.node, "node", "", "`name` of the node whose pods are guarded")
	flag.StringVar(&f.services, "service-cluster-ip-range", "10.96.0.0/12", "`range` of the Services' addresses, which nodes may send to")
	flag.StringVar(&f.addresses, "loadbalancer-ip-range", "", "`ranges` of the load balancers' addresses, by comma, which nodes may send to")
	flag.StringVar(&f.listen, "listen", "", "`address` of /healthz, which is 200 after the first synchronization, and /metrics; empty means none")
	flag.DurationVar(&f.period, "sync-period", 5*time.Minute, "how often everything is compared, beside at each change")
	flag.IntVar(&f.verbosity, "v", 0, "log level; 1 tells how long each synchronization took")
	flag.Parse()
	if f.kubeconfig == "" || f.node == "" || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "network-policies: -kubeconfig and -node are needed, and no arguments")
		flag.Usage()
		os.Exit(2)
	}
	return f
}
