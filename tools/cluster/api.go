package cluster

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"

	"platform/tools/toolchain"
)

// fieldManager owns what this package applies.
const fieldManager = "platform-cluster"

// probePatience bounds one look at a server that is starting.
const probePatience = 2 * time.Second

// api talks to the servers of one cluster as its administrator.
type api struct {
	rest    *rest.Config
	objects dynamic.Interface
	probes  *http.Client // to any of the servers
}

// connect makes the clients; no server need run yet.
func connect(at layout, server string) (*api, error) {
	pair, err := tls.LoadX509KeyPair(at.pki(fileAdmin), at.pki(fileAdminKey))
	if err != nil {
		return nil, fmt.Errorf("administrator certificate: %w", err)
	}
	ca, err := os.ReadFile(at.pki(fileCA))
	if err != nil {
		return nil, fmt.Errorf("authority certificate: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	probes := &http.Client{Timeout: probePatience, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}},
	}}
	config := &rest.Config{
		Host: server,
		QPS:  -1, // the server is this machine's own
		TLSClientConfig: rest.TLSClientConfig{
			CAData: ca, CertFile: at.pki(fileAdmin), KeyFile: at.pki(fileAdminKey),
		},
	}
	objects, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	return &api{rest: config, objects: objects, probes: probes}, nil
}

// waitHealthy waits until a server answers well, or has ended.
func (a *api) waitHealthy(ctx context.Context, p *process, url string) error {
	return await(ctx, p, func() error { return a.probe(ctx, url) })
}

// await looks at a process until it is as wished, or has ended.
func await(ctx context.Context, p *process, look func() error) error {
	var last error
	err := poll(ctx, func() (bool, error) {
		select {
		case <-p.done:
			return false, p.problem()
		default:
		}
		last = look()
		return last == nil, nil
	})
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s is not ready: %w; its log %s ends with\n%s", p.name, last, p.log, toolchain.Tail(p.log))
	}
	return err
}

func (a *api) probe(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := a.probes.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, response.Status)
	}
	return nil
}

// poll asks until the answer is yes, an error or the context's end.
func poll(ctx context.Context, ask func() (bool, error)) error {
	ticker := time.NewTicker(pollPeriod)
	defer ticker.Stop()
	for {
		if yes, err := ask(); yes || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-ticker.C:
		}
	}
}

// apply creates or updates an object by server-side apply, its status by the
// subresource of that name.
func (a *api) apply(ctx context.Context, resource schema.GroupVersionResource, object *unstructured.Unstructured, subresources ...string) error {
	_, err := a.objects.Resource(resource).Apply(ctx, object.GetName(), object,
		metav1.ApplyOptions{FieldManager: fieldManager, Force: true}, subresources...)
	if err != nil {
		return fmt.Errorf("apply %s %s: %w", resource.Resource, object.GetName(), err)
	}
	return nil
}

// list reads all objects of a resource, in a namespace or in none.
func (a *api) list(ctx context.Context, resource schema.GroupVersionResource, namespace string) ([]unstructured.Unstructured, error) {
	found, err := a.objects.Resource(resource).Namespace(namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", resource.Resource, err)
	}
	return found.Items, nil
}

// loose turns a typed object into one for the dynamic client, without the
// empty fields that a typed one cannot leave out.
func loose(object any) (*unstructured.Unstructured, error) {
	fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
	if err != nil {
		return nil, err
	}
	unstructured.RemoveNestedField(fields, "metadata", "creationTimestamp")
	return &unstructured.Unstructured{Object: fields}, nil
}
