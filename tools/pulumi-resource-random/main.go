// Command pulumi-resource-random is Pulumi's random provider, bridged from
// the Terraform provider of that name. It serves the tokens that the SDK
// github.com/pulumi/pulumi-random/sdk/v4 asks for, such as
// random:index/randomPassword:RandomPassword.
//
// The official plugin is the same bridge over the same provider with a full
// package schema for code generation, which serving does not need.
package main

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	bridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/terraform-providers/terraform-provider-random/shim"
)

// version is stamped by the toolchain (-X main.version=…), so that the plugin
// carries the version of the SDK in the program's go.mod.
var version = "0.0.0"

func main() {
	info := bridge.ProviderInfo{
		P:            tfbridge.ShimProvider(shim.New()),
		Name:         "random",
		Version:      version,
		MetadataInfo: bridge.NewProviderMetadata([]byte("{}")),
	}
	info.MustComputeTokens(tokens.SingleModule("random_", "index", sdkToken))
	schema := fmt.Sprintf(`{"name": "random", "version": %q}`, version)
	tfbridge.Main(context.Background(), info.Name, info, tfbridge.ProviderMetadata{PackageSchema: []byte(schema)})
}

// sdkToken puts the SDK's prefix before a resource's name: Password becomes
// RandomPassword.
func sdkToken(module, name string) (string, error) {
	return tokens.MakeStandard("random")(module, "Random"+name)
}
