// Command badstack is a Pulumi program that registers the documents of a
// folder as they are, so that the policy pack can be seen to refuse them.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/client-go/tools/clientcmd"

	"platform/tests/badstack/documents"
)

func main() { pulumi.Run(run) }

// run registers what the folder badstack:documents holds. Its provider writes
// manifests into the folder badstack:render, and so asks no cluster.
func run(ctx *pulumi.Context) error {
	folder, _ := ctx.GetConfig("badstack:documents")
	render, set := ctx.GetConfig("badstack:render")
	if !set {
		return errors.New("badstack:render is not set; name a folder for the manifests, for without one they would go to a cluster")
	}
	all, err := documents.Read(folder)
	if err != nil {
		return err
	}
	// The SDK would copy the variable into the provider, which refuses it beside
	// a folder. The provider's own process has it still.
	if err := os.Unsetenv(clientcmd.RecommendedConfigPathEnvVar); err != nil {
		return err
	}
	cluster, err := kubernetes.NewProvider(ctx, "cluster", &kubernetes.ProviderArgs{
		RenderYamlToDirectory: pulumi.String(render),
	})
	if err != nil {
		return fmt.Errorf("provider: %w", err)
	}
	r := registrar{ctx: ctx, cluster: cluster, made: map[string]pulumi.Resource{}}
	for _, d := range all {
		if err := r.register(d); err != nil {
			return fmt.Errorf("%s of %s: %w", d.Name(), d.File, err)
		}
	}
	return nil
}
