package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"platform/tools/cluster/page"
)

var (
	servicesResource = schema.GroupVersionResource{Version: "v1", Resource: "services"}
	edgePodsResource = schema.GroupVersionResource{Version: "v1", Resource: "pods"}
)

const (
	pagePort     = 443     // of a platform's pages
	edgePort     = 8443    // of an ingress controller's container that names none
	edgePortName = "https" // of one that does
)

// SetHosts says which names the platform on the cluster of a folder answers
// for, the first of them for localhost. A cluster that runs follows at once.
func SetHosts(dir string, hosts []string) error {
	text, err := json.Marshal(hosts)
	if err != nil {
		return fmt.Errorf("hosts: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("hosts: %w", err)
	}
	at, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("hosts: %w", err)
	}
	if err := replaceFile(layout(at).hosts(), text); err != nil {
		return fmt.Errorf("hosts: %w", err)
	}
	return nil
}

// hostsOf are those that were set; none if nobody has, or the file is broken.
func hostsOf(at layout) []string {
	var hosts []string
	text, err := os.ReadFile(at.hosts())
	if err != nil || json.Unmarshal(text, &hosts) != nil {
		return nil
	}
	return hosts
}

// servePage serves the platform on the port that was opened for it.
func (c *Cluster) servePage() error {
	ca, key, err := c.at.authority()
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	c.real.page = page.New(page.Options{
		CA: ca, Key: key, Hosts: func() []string { return hostsOf(c.at) }, Dial: c.dialPage,
		Verify: c.opts.Topology.IngressController.Namespace != "", // its certificates are this authority's; a gateway may have another's
	})
	c.real.work.Go(func() { _ = c.real.page.Serve(c.real.pages) }) // it ends when the port is closed
	return nil
}

// dialPage connects to what serves the platform at this moment.
func (c *Cluster) dialPage(ctx context.Context) (net.Conn, error) {
	listing, cancel := context.WithTimeout(ctx, probePatience)
	defer cancel()
	addresses, err := c.pageAddresses(listing)
	if err != nil {
		return nil, err
	}
	// Each takes its part, as behind a load balancer.
	rand.Shuffle(len(addresses), func(i, j int) { //nolint:gosec // nobody has to be unable to guess it
		addresses[i], addresses[j] = addresses[j], addresses[i]
	})
	var problems []error
	for _, address := range addresses { // one of them may be on a node that has just gone
		dialing, cancel := context.WithTimeout(ctx, probePatience)
		conn, err := c.lan.dial(dialing, address)
		cancel()
		if err == nil {
			return conn, nil
		}
		problems = append(problems, err)
	}
	return nil, errors.Join(problems...)
}

// pageAddresses are where the platform is served on the nodes' network: at pods
// of the ingress controller, or where there is none at a load balancer.
func (c *Cluster) pageAddresses(ctx context.Context) ([]string, error) {
	if controller := c.opts.Topology.IngressController; controller.Namespace != "" {
		pods, err := c.api.list(ctx, edgePodsResource, controller.Namespace)
		if err != nil {
			return nil, err
		}
		var ready []string
		for i := range pods {
			if address, is := edgeAt(&pods[i], controller.Labels); is {
				ready = append(ready, address)
			}
		}
		if len(ready) > 0 {
			return ready, nil
		}
		return nil, fmt.Errorf("no pod of the ingress controller is ready in the namespace %s", controller.Namespace)
	}
	services, err := c.api.list(ctx, servicesResource, metav1.NamespaceAll)
	if err != nil {
		return nil, err
	}
	for i := range services {
		if address, is := servedAt(&services[i]); is {
			return []string{address}, nil
		}
	}
	return nil, errors.New("no Service of type LoadBalancer serves port 443 yet")
}

// edgeAt is the address of a pod with the labels that is ready and serves pages.
func edgeAt(object *unstructured.Unstructured, of map[string]string) (string, bool) {
	var pod corev1.Pod
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &pod); err != nil {
		return "", false
	}
	if !labels.SelectorFromSet(of).Matches(labels.Set(pod.Labels)) || pod.Status.PodIP == "" || pod.DeletionTimestamp != nil {
		return "", false
	}
	port := edgePort
	for _, container := range pod.Spec.Containers {
		for _, one := range container.Ports {
			if one.Name == edgePortName {
				port = int(one.ContainerPort)
			}
		}
	}
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodReady && condition.Status == corev1.ConditionTrue {
			return net.JoinHostPort(pod.Status.PodIP, strconv.Itoa(port)), true
		}
	}
	return "", false
}

// servedAt is the address of a Service of type LoadBalancer that serves pages.
func servedAt(object *unstructured.Unstructured) (string, bool) {
	var service corev1.Service
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &service); err != nil {
		return "", false
	}
	for _, port := range service.Spec.Ports {
		if port.Port != pagePort {
			continue
		}
		for _, ingress := range service.Status.LoadBalancer.Ingress {
			if ingress.IP != "" {
				return net.JoinHostPort(ingress.IP, strconv.Itoa(pagePort)), true
			}
		}
	}
	return "", false
}
