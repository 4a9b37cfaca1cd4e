package stacks

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"platform/config"
)

// reachTimeout bounds each question to the cluster that is asked before
// anything is registered.
const reachTimeout = 15 * time.Second

// check looks at the live cluster and says what speaks against a deployment.
type check func(stack string, cluster *rest.Config) error

// inspect fails unless the kubeconfig knows the context, the cluster behind it
// answers, it is the one that the stack names, and every check agrees.
func inspect(stack string, cfg config.Cluster, checks []check) error {
	cluster, err := expectContext(stack, cfg)
	if err != nil {
		return err
	}
	if err := expectUID(stack, cfg, cluster); err != nil {
		return err
	}
	for _, check := range checks {
		if err := check(stack, cluster); err != nil {
			return err
		}
	}
	return nil
}

func expectContext(stack string, cfg config.Cluster) (*rest.Config, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = cfg.Kubeconfig
	kubeconfig, err := rules.Load()
	if err != nil {
		return nil, config.Error{
			Key: "cluster.kubeconfig", Stack: stack, Why: fmt.Sprintf("the kubeconfig cannot be read: %v", err),
			Remedy: "set KUBECONFIG to the file that your cluster's administrators gave you",
		}
	}
	if _, ok := kubeconfig.Contexts[cfg.Context]; !ok {
		known := strings.Join(slices.Sorted(maps.Keys(kubeconfig.Contexts)), ", ")
		return nil, config.Error{
			Key: "cluster.context", Stack: stack,
			Why:    fmt.Sprintf("the kubeconfig has no context %q; it has: %s", cfg.Context, cmp.Or(known, "none")),
			Remedy: "set KUBECONFIG to the file that has it; no other cluster is touched",
		}
	}
	client, err := clientcmd.NewNonInteractiveClientConfig(*kubeconfig, cfg.Context, nil, rules).ClientConfig()
	if err != nil {
		return nil, config.Error{
			Key: "cluster.context", Stack: stack, Why: fmt.Sprintf("context %q cannot be used: %v", cfg.Context, err),
			Remedy: "repair it in the kubeconfig",
		}
	}
	return client, nil
}

// expectUID asks for the UID of kube-system, which no two clusters share.
func expectUID(stack string, cfg config.Cluster, client *rest.Config) error {
	uid, err := clusterUID(client)
	if err != nil {
		return config.Error{
			Key: "cluster.context", Stack: stack, Why: fmt.Sprintf("the cluster of context %q does not answer: %v", cfg.Context, err),
			Remedy: "check the network (EPFL's clusters are reachable inside its network or VPN only) and your login",
		}
	}
	if cfg.UID != "" && uid != cfg.UID {
		return config.Error{
			Key: "cluster.uid", Stack: stack, Why: fmt.Sprintf("context %q leads to cluster %s, not to %s", cfg.Context, uid, cfg.UID),
			Remedy: "point the context at the right cluster; nothing was touched",
		}
	}
	return nil
}

func clusterUID(client *rest.Config) (string, error) {
	var namespace metav1.PartialObjectMetadata
	if err := read(client, "api/v1/namespaces/kube-system", &namespace); err != nil {
		return "", fmt.Errorf("reading namespace kube-system: %w", err)
	}
	return string(namespace.UID), nil
}

// The API server has no such object, or tells the user of none.
var (
	errNotFound  = errors.New("404 Not Found")
	errForbidden = errors.New("403 Forbidden")
)

// read gets one path of the API server. A client with every kind in it would
// make the program a third larger.
func read(client *rest.Config, path string, into any) error {
	ctx, cancel := context.WithTimeout(context.Background(), reachTimeout)
	defer cancel()
	web, err := rest.HTTPClientFor(client)
	if err != nil {
		return err
	}
	server, _, err := rest.DefaultServerUrlFor(client)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.JoinPath(path).String(), nil)
	if err != nil {
		return err
	}
	response, err := web.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
		return json.NewDecoder(response.Body).Decode(into)
	case http.StatusNotFound:
		return errNotFound
	case http.StatusForbidden:
		return errForbidden
	}
	return errors.New(response.Status)
}
