package components

import (
	_ "embed"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// BackupClaim is the volume that the CronJob db-dump writes archives to.
const BackupClaim = "db-dump-archives"

// archivesPath is where the pod sees the volume of the archives.
const archivesPath = "/archives"

// backupScript writes an archive under a temporary name and gives it its own
// once pg_restore can read it to the end, so a half-written archive never
// looks like a whole one. Old archives go only after a new one stands. What
// a killed pod left half-written goes once no pod can still be writing it.
//
//go:embed files/backup.sh
var backupScript string

func newBackup(ctx *pulumi.Context, name string, args PostgresArgs, child pulumi.ResourceOption) error {
	claim, err := newClaim(ctx, name, claimArgs{
		app: args.App, component: config.BackupName, name: BackupClaim,
		storageGiB: args.Backup.StorageGiB, storageClass: args.Backup.StorageClass, protect: args.Protect,
	}, child)
	if err != nil {
		return err
	}
	return newCronJob(ctx, name, cronJobArgs{
		app: args.App, component: config.BackupName, schedule: args.Backup.Schedule, deadlineSeconds: int(config.BackupDeadline.Seconds()), retries: 2,
		pod: Pod{
			Init:         []Container{waitForPostgres(args.Image, PostgresService, config.PostgresAdmin)},
			Containers:   []Container{args.backup(claim)},
			User:         postgresUser(args.Image),
			NodeSelector: args.NodeSelector,
		},
	}, child)
}

func (a PostgresArgs) backup(claim pulumi.StringInput) Container {
	return Container{
		Name: config.BackupName, Image: a.Image,
		Resources: a.Backup.Resources,
		Command:   []string{"sh", "-c", backupScript},
		Env: []EnvVar{
			Literal("PGHOST", PostgresService),
			Literal("PGUSER", config.PostgresAdmin),
			Literal("PGDATABASE", a.Database),
			Literal("ARCHIVES", archivesPath),
			Literal("KEEP_DAYS", fmt.Sprint(a.Backup.KeepDays)),
			FromSecret("PGPASSWORD", config.PostgresSecret, "admin-password"),
		},
		Mounts: []Mount{
			{Volume: Claim("archives", claim), Path: archivesPath},
			{Volume: Scratch("tmp", 64), Path: "/tmp"},
		},
	}
}
