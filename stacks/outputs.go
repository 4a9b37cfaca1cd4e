package stacks

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// The outputs of a stack, for people and for other stacks.
const (
	OutputURL          = "url"          // where users find the application
	OutputAddress      = "address"      // of Edd Cloud's gateway, as the cluster has given it
	OutputNamespace    = "namespace"    // that everything runs in
	OutputDatabaseHost = "databaseHost" // as pods reach the database
	OutputImages       = "images"       // by key of the stack file
	OutputSecrets      = "secrets"      // names, of those that the program or the operator writes
)

// export gives out what both platforms have.
func export(ctx *pulumi.Context, cfg config.Platform, url, databaseHost string, namespace pulumi.StringInput, secrets map[string]pulumi.StringMap) {
	ctx.Export(OutputURL, pulumi.String(url))
	ctx.Export(OutputNamespace, namespace)
	ctx.Export(OutputDatabaseHost, pulumi.String(databaseHost))
	ctx.Export(OutputImages, pulumi.ToStringMap(cfg.ImageKeys()))
	ctx.Export(OutputSecrets, pulumi.ToStringArray(slices.Sorted(maps.Keys(secrets))))
}
