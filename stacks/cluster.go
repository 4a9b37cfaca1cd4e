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
// To the provider, another identifier is another cluster, and every resource is
// replaced. So the identifier is the stack's own, whatever the cluster is called,
// and a stack that was deployed under another one keeps that. Whether the
// cluster is the one that is meant, the checks find out.
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
		args.ClusterIdentifier = pulumi.String("platform-" + ctx.Stack())
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

// ofOneRun are variables that the provider reads by itself, and that are one
// machine's or one run's: a path of a kubeconfig, and that fields are taken from
// whoever else has set them.
var ofOneRun = []string{clientcmd.RecommendedConfigPathEnvVar, "PULUMI_K8S_ENABLE_PATCH_FORCE"}

// newProvider keeps the SDK from copying variables into the provider's inputs.
// They would be in the state, where they look like a change on the next machine
// or in the next run, and rendering refuses a path; the provider itself still
// sees them, since the engine starts it and not this program.
func newProvider(ctx *pulumi.Context, args *kubernetes.ProviderArgs) (*kubernetes.Provider, error) {
	for _, name := range ofOneRun {
		value, set := os.LookupEnv(name)
		if !set {
			continue
		}
		if err := os.Unsetenv(name); err != nil {
			return nil, err
		}
		defer func() { _ = os.Setenv(name, value) }() // it was valid before
	}
	return kubernetes.NewProvider(ctx, "cluster", args, pulumi.IgnoreChanges([]string{"clusterIdentifier"}))
}
