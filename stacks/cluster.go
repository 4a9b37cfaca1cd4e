package stacks

import (
	"fmt"
	"os"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/client-go/tools/clientcmd"

	"platform/config"
)

// provider registers the one Kubernetes provider of a stack. It names its
// context, whatever the kubeconfig's current one is.
//
// Its identifier keeps a changed path or credential from looking like another
// cluster, which would replace every resource.
//
// The checks look at the live cluster before anything is registered, and are
// left out where there is none: for a rendering.
func provider(ctx *pulumi.Context, cfg config.Cluster, render config.Render, checks ...check) (pulumi.ResourceOption, error) {
	args := &kubernetes.ProviderArgs{
		EnableConfigMapMutable: pulumi.Bool(true), // pods follow by their revision annotation
		EnableSecretMutable:    pulumi.Bool(true),
	}
	if render.Directory != "" {
		args.RenderYamlToDirectory = pulumi.String(render.Directory)
	} else {
		if err := inspect(ctx.Stack(), cfg, checks); err != nil {
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

func or(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}
