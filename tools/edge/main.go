// Command edge is the ingress controller of an embedded cluster: it keeps an
// nginx beside it serving what Ingresses, Gateways and Routes ask for.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"platform/tools/edge/manifest"
	"platform/tools/edge/nginx"
	"platform/tools/edge/site"
)

// options are the flags.
type options struct {
	classes      site.Classes
	nginx        nginx.Settings
	program      string
	kubeconfig   string
	address      string
	healthPort   int
	drainDelay   time.Duration
	drainTimeout time.Duration
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("edge", flag.ContinueOnError)
	flags.StringVar(&o.classes.Ingress, "ingress-class", "nginx", "class of the Ingresses to serve; empty serves none")
	flags.StringVar(&o.classes.Gateway, "gateway-class", "", "class of the Gateways to serve; empty serves none")
	flags.StringVar(&o.address, "address", "", "IP address or host name to write into statuses; empty writes none")
	flags.IntVar(&o.nginx.HTTP, "http-port", manifest.HTTPPort, "port for plain requests")
	flags.IntVar(&o.nginx.HTTPS, "https-port", manifest.HTTPSPort, "port for requests over TLS")
	flags.StringVar(&o.nginx.Address, "listen", "", "address that both ports listen on; empty means every one")
	flags.IntVar(&o.healthPort, "health-port", manifest.HealthPort, "port of /healthz and /readyz, on every address")
	flags.StringVar(&o.nginx.Folder, "folder", "/tmp/edge", "writable folder for nginx's files")
	flags.StringVar(&o.program, "nginx", "/usr/sbin/nginx", "path of nginx")
	flags.StringVar(&o.kubeconfig, "kubeconfig", "", "path of a kubeconfig; empty means the pod's own service account")
	flags.DurationVar(&o.drainDelay, "drain-delay", 3*time.Second, "how long to serve on after SIGTERM, until nobody sends any more")
	flags.DurationVar(&o.drainTimeout, "drain-timeout", 20*time.Second, "how long requests may take to end after that")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("edge takes no arguments, but got %q", flags.Args())
	}
	var err error
	if o.nginx.Folder, err = filepath.Abs(o.nginx.Folder); err != nil {
		return o, err
	}
	if os.Geteuid() == 0 { // else the workers would be nobody, who may not write to the folder
		o.nginx.User = "root"
	}
	return o, nil
}

func main() {
	o, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err == nil {
		ctx, release := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		err = run(ctx, o)
		release()
	}
	if err != nil {
		slog.Error("edge ends", "error", err)
		os.Exit(1)
	}
}

// run serves until the context ends.
func run(ctx context.Context, o options) error {
	cluster, err := clientcmd.BuildConfigFromFlags("", o.kubeconfig)
	if o.kubeconfig == "" {
		cluster, err = rest.InClusterConfig()
	}
	if err != nil {
		return fmt.Errorf("cluster: %w", err)
	}
	client, err := kubernetes.NewForConfig(cluster)
	if err != nil {
		return fmt.Errorf("cluster: %w", err)
	}
	objects, err := dynamic.NewForConfig(cluster)
	if err != nil {
		return fmt.Errorf("cluster: %w", err)
	}
	health := &health{}
	if err := health.serve(ctx, o.healthPort); err != nil {
		return err
	}
	server, err := nginx.Start(ctx, o.program, o.nginx, os.Stdout)
	if err != nil {
		return err
	}
	// The controller works on while nginx drains: pods may go meanwhile.
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- newController(client, objects, o, server, health).run(working) }()
	defer stop()
	select {
	case <-server.Done():
		return errors.New("nginx has ended by itself")
	case err = <-ended:
		return errors.Join(err, server.Stop(0))
	case <-ctx.Done():
	}
	health.draining.Store(true)
	slog.Info("draining", "delay", o.drainDelay)
	select {
	case <-time.After(o.drainDelay):
	case <-server.Done():
	}
	stop()
	return errors.Join(<-ended, server.Stop(o.drainTimeout))
}
