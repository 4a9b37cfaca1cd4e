package stacks

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
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
	OutputServices     = "services"     // names
	OutputClaims       = "claims"       // names of the PersistentVolumeClaims
	OutputCronJobs     = "cronJobs"     // names
)

// export gives out what both platforms have.
func export(ctx *pulumi.Context, cfg config.Platform, app object.App, url, databaseHost string, secrets map[string]pulumi.StringMap) {
	ctx.Export(OutputURL, pulumi.String(url))
	ctx.Export(OutputNamespace, app.Namespace)
	ctx.Export(OutputDatabaseHost, pulumi.String(databaseHost))
	ctx.Export(OutputImages, pulumi.ToStringMap(cfg.ImageKeys()))
	ctx.Export(OutputSecrets, pulumi.ToStringArray(slices.Sorted(maps.Keys(secrets))))
	for output, names := range map[string][]string{OutputServices: app.Made.Services, OutputClaims: app.Made.Claims, OutputCronJobs: app.Made.CronJobs} {
		ctx.Export(output, pulumi.ToStringArray(slices.Sorted(slices.Values(names))))
	}
}
