package postgres

import (
	_ "embed"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/claim"
	"platform/components/pod"
	"platform/components/workload"
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
//go:embed backup.sh
var backupScript string

func newBackup(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) error {
	claimName, err := claim.New(ctx, name, claim.Args{
		App: args.App, Component: config.BackupName, Name: BackupClaim,
		StorageGiB: args.Backup.StorageGiB, StorageClass: args.Backup.StorageClass, Protect: args.Protect,
	}, child)
	if err != nil {
		return err
	}
	return workload.NewCronJob(ctx, name, workload.CronJobArgs{
		App: args.App, Component: config.BackupName, Schedule: args.Backup.Schedule, DeadlineSeconds: int(config.BackupDeadline.Seconds()), Retries: 2,
		Pod: pod.Pod{
			Init:         []pod.Container{WaitForPostgres(args.Image, ServiceName, config.PostgresAdmin)},
			Containers:   []pod.Container{args.backup(claimName)},
			User:         imageUser(args.Image),
			NodeSelector: args.NodeSelector,
		},
	}, child)
}

func (a Args) backup(claimName pulumi.StringInput) pod.Container {
	return pod.Container{
		Name: config.BackupName, Image: a.Image,
		Resources: a.Backup.Resources,
		Command:   []string{"sh", "-c", backupScript},
		Env: []pod.EnvVar{
			pod.Literal("PGHOST", ServiceName),
			pod.Literal("PGUSER", config.PostgresAdmin),
			pod.Literal("PGDATABASE", a.Database),
			pod.Literal("ARCHIVES", archivesPath),
			pod.Literal("KEEP_DAYS", fmt.Sprint(a.Backup.KeepDays)),
			pod.FromSecret("PGPASSWORD", config.PostgresSecret, "admin-password"),
		},
		Mounts: []pod.Mount{
			{Volume: pod.Claim("archives", claimName), Path: archivesPath},
			{Volume: pod.Scratch("tmp", 64), Path: "/tmp"},
		},
	}
}
