package stacks

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"platform/config"
)

// reachTimeout bounds the question whether the cluster is there and the right
// one, which is asked before anything is registered.
const reachTimeout = 15 * time.Second

// provider registers the one Kubernetes provider of a stack. It names its
// context, whatever the kubeconfig's current one is.
//
// Its identifier keeps a changed path or credential from looking like another
// cluster, which would replace every resource.
func provider(ctx *pulumi.Context, cfg config.Cluster, render config.Render) (pulumi.ResourceOption, error) {
	args := &kubernetes.ProviderArgs{
		EnableConfigMapMutable: pulumi.Bool(true), // pods follow by their revision annotation
		EnableSecretMutable:    pulumi.Bool(true),
	}
	if render.Directory != "" {
		args.RenderYamlToDirectory = pulumi.String(render.Directory)
	} else {
		if err := expectCluster(ctx.Stack(), cfg); err != nil {
			return nil, err
		}
		args.Context = pulumi.String(cfg.Context)
		args.ClusterIdentifier = pulumi.String(or(cfg.UID, cfg.Context))
		if cfg.Kubeconfig != "" {
			args.Kubeconfig = pulumi.String(cfg.Kubeconfig)
		}
	}
	cluster, err := newProvider(ctx, args)
	if err != nil {
		return nil, fmt.Errorf("provider of cluster %q: %w", cfg.Context, err)
	}
	return pulumi.Provider(cluster), nil
}

// newProvider keeps the SDK from copying KUBECONFIG into the provider's
// inputs. The path would be in the state, where it looks like a change on the
// next machine, and rendering refuses it; the provider itself still sees the
// variable, since the engine starts it and not this program.
func newProvider(ctx *pulumi.Context, args *kubernetes.ProviderArgs) (*kubernetes.Provider, error) {
	if path, set := os.LookupEnv(clientcmd.RecommendedConfigPathEnvVar); set {
		if err := os.Unsetenv(clientcmd.RecommendedConfigPathEnvVar); err != nil {
			return nil, err
		}
		defer func() { _ = os.Setenv(clientcmd.RecommendedConfigPathEnvVar, path) }() // it was valid before
	}
	return kubernetes.NewProvider(ctx, "cluster", args)
}

// expectCluster fails unless the kubeconfig knows the context, the cluster
// behind it answers, and it is the one that the stack names.
func expectCluster(stack string, cfg config.Cluster) error {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = cfg.Kubeconfig
	kubeconfig, err := rules.Load()
	if err != nil {
		return config.Fault{
			Key: "cluster.kubeconfig", Stack: stack, Why: fmt.Sprintf("the kubeconfig cannot be read: %v", err),
			Remedy: "set KUBECONFIG to the file that your cluster's administrators gave you",
		}
	}
	if _, ok := kubeconfig.Contexts[cfg.Context]; !ok {
		known := strings.Join(slices.Sorted(maps.Keys(kubeconfig.Contexts)), ", ")
		return config.Fault{
			Key: "cluster.context", Stack: stack,
			Why:    fmt.Sprintf("the kubeconfig has no context %q; it has: %s", cfg.Context, or(known, "none")),
			Remedy: "set KUBECONFIG to the file that has it; no other cluster is touched",
		}
	}
	client, err := clientcmd.NewNonInteractiveClientConfig(*kubeconfig, cfg.Context, nil, rules).ClientConfig()
	if err != nil {
		return config.Fault{
			Key: "cluster.context", Stack: stack, Why: fmt.Sprintf("context %q cannot be used: %v", cfg.Context, err),
			Remedy: "repair it in the kubeconfig",
		}
	}
	return expectUID(stack, cfg, client)
}

// expectUID asks for the UID of kube-system, which no two clusters share.
func expectUID(stack string, cfg config.Cluster, client *rest.Config) error {
	uid, err := clusterUID(client)
	if err != nil {
		return config.Fault{
			Key: "cluster.context", Stack: stack, Why: fmt.Sprintf("the cluster of context %q does not answer: %v", cfg.Context, err),
			Remedy: "check the network (EPFL's clusters are reachable inside its network or VPN only) and your login",
		}
	}
	if cfg.UID != "" && uid != cfg.UID {
		return config.Fault{
			Key: "cluster.uid", Stack: stack, Why: fmt.Sprintf("context %q leads to cluster %s, not to %s", cfg.Context, uid, cfg.UID),
			Remedy: "point the context at the right cluster; nothing was touched",
		}
	}
	return nil
}

func clusterUID(client *rest.Config) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), reachTimeout)
	defer cancel()
	http1, err := rest.HTTPClientFor(client)
	if err != nil {
		return "", err
	}
	server, _, err := rest.DefaultServerUrlFor(client)
	if err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.JoinPath("api/v1/namespaces/kube-system").String(), nil)
	if err != nil {
		return "", err
	}
	response, err := http1.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("reading namespace kube-system: %s", response.Status)
	}
	var namespace struct {
		Metadata struct {
			UID string `json:"uid"`
		} `json:"metadata"`
	}
	if err := json.NewDecoder(response.Body).Decode(&namespace); err != nil {
		return "", fmt.Errorf("reading namespace kube-system: %w", err)
	}
	return namespace.Metadata.UID, nil
}

func or(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}
