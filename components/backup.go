package components

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// BackupName is the CronJob that writes archives, and BackupClaim the volume
// that it writes to.
const (
	BackupName  = "db-dump"
	BackupClaim = "db-dump-archives"
)

// Backup says when archives of the database are written, where and for how
// long they stay.
type Backup struct {
	Schedule     string // five cron fields, UTC
	KeepDays     int
	StorageGiB   int
	StorageClass string
	Resources    Resources // of the pod that writes one
}

// Validate returns every fault at once.
func (b Backup) Validate() error {
	faults := []error{required("backup.schedule", b.Schedule), b.claim(App{}, false).Validate(), b.Resources.Validate()}
	if b.KeepDays < 1 {
		faults = append(faults, fmt.Errorf("backup.keepDays: %d would delete every archive; set 1 or more", b.KeepDays))
	}
	return errors.Join(faults...)
}

func (b Backup) claim(app App, protect bool) claimArgs {
	return claimArgs{
		app: app, component: BackupName, name: BackupClaim,
		storageGiB: b.StorageGiB, storageClass: b.StorageClass, protect: protect,
	}
}

// archivesPath is where the pod sees the volume of the archives.
const archivesPath = "/archives"

// backupScript writes an archive under a temporary name and gives it its own
// once pg_restore can read it to the end, so a half-written archive never
// looks like a whole one. Old archives go only after a new one stands. What
// a killed pod left half-written goes once no pod can still be writing it.
const backupScript = `set -eu
find "$ARCHIVES" -name '*.dump.part' -mmin +300 -delete
archive="$ARCHIVES/$PGDATABASE-$(date -u +%Y%m%d-%H%M%S).dump"
trap 'rm -f "$archive.part"' EXIT
pg_dump --format=custom --no-password --file="$archive.part"
pg_restore --file=/dev/null "$archive.part"
mv "$archive.part" "$archive"
find "$ARCHIVES" -name '*.dump' -mtime "+$KEEP_DAYS" -delete
ls -l "$archive"
`

func newBackup(ctx *pulumi.Context, name string, app App, server PostgresServer, backup Backup, database string, opts ...pulumi.ResourceOption) error {
	claim, err := newClaim(ctx, name, backup.claim(app, server.Protect), opts...)
	if err != nil {
		return err
	}
	return newCronJob(ctx, name, cronJobArgs{
		app: app, component: BackupName, schedule: backup.Schedule, deadlineSeconds: int(config.BackupDeadline.Seconds()), retries: 2,
		pod: Pod{
			Init:         []Container{waitForPostgres(server.Image, PostgresService, postgresAdmin)},
			Containers:   []Container{backup.container(server.Image, database, claim)},
			User:         server.user(),
			NodeSelector: server.NodeSelector,
		},
	}, opts...)
}

func (b Backup) container(image, database string, claim pulumi.StringInput) Container {
	return Container{
		Name: BackupName, Image: image,
		Resources: b.Resources,
		Command:   []string{"sh", "-c", backupScript},
		Env: []EnvVar{
			Literal("PGHOST", PostgresService),
			Literal("PGUSER", postgresAdmin),
			Literal("PGDATABASE", database),
			Literal("ARCHIVES", archivesPath),
			Literal("KEEP_DAYS", fmt.Sprint(b.KeepDays)),
			FromSecret("PGPASSWORD", postgresSecret, "admin-password"),
		},
		Mounts: []Mount{
			{Volume: Claim("archives", claim), Path: archivesPath},
			{Volume: Scratch("tmp", 64), Path: "/tmp"},
		},
	}
}
