// Command pulumi-resource-kubernetes is Pulumi's Kubernetes provider, served
// from its published Go module. That module leaves out the two files that its
// own main package embeds, so this one embeds them: the toolchain lays them
// over this folder when it builds, made from the schema.json and the
// terraform-mapping.json of the same module.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

// version is stamped by the toolchain (-X main.version=…), so that the plugin
// carries the version of the SDK in the program's go.mod.
var version = "0.0.0"

//go:embed schema-embed.json
var schema []byte

//go:embed terraform-mapping-embed.json
var terraformMapping []byte

func main() {
	provider.Serve("kubernetes", version, schema, terraformMapping)
}
