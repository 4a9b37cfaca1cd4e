package plan

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/config"
)

const (
	oneDigest   = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	otherDigest = "@sha256:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
)

// What PostgreSQL's manual says of major and minor versions (upgrading), of
// collations (ALTER COLLATION), and what the images' own pages say of their tags.
func TestImagesThatMayNotOpenTheDataOfAnother(t *testing.T) {
	const (
		major, older, sorts = "does not open the data of", "may not read what the newer", "sort otherwise"
		unknown, build      = "the tags do not tell", "another build of"
		program, maybe      = "another program", "may be newer than"
	)
	for _, c := range []struct{ before, after, want string }{
		{"postgres:16-alpine", "postgres:16-alpine", ""},
		{"postgres:16-alpine", "postgres:17-alpine", major},
		{"postgres:16-alpine", "postgres:15-alpine", major},
		{"postgres:16.4-alpine", "postgres:17.0-alpine", major},
		{"postgres:9.5", "postgres:9.6", major},
		{"postgres:9.6", "postgres:10", major},
		{"postgres:9", "postgres:9.6", maybe},
		{"postgres:16.3", "postgres:16.4", ""},
		{"postgres:16.4", "postgres:16.3", older},
		{"postgres:16-alpine", "postgres:16.4-alpine", ""}, // minor versions share their format
		{"postgres:16.4-alpine", "postgres:16-alpine", ""},
		{"postgres:16-alpine", "postgres:16", sorts},
		{"postgres:16", "postgres:16-alpine3.20", sorts},
		{"postgres:16-alpine", "postgres:16-bookworm", sorts},
		{"postgres:16-bookworm", "postgres:16-trixie", sorts},
		{"postgres:16", "postgres:16-bookworm", sorts},
		{"postgres:16-alpine", "postgres:16-alpine3.21", ""}, // musl knows one order
		{"postgres:16-alpine3.20", "postgres:16-alpine3.21", ""},
		{"postgres:17rc1", "postgres:17", unknown},
		{"postgres:16-alpine", "postgres:latest", unknown},
		{"postgres:latest", "postgres:16-alpine", unknown},
		{"postgres:16-alpine", "postgres", unknown},
		{"postgres:latest" + oneDigest, "postgres:latest" + otherDigest, unknown},
		{"postgres" + oneDigest, "postgres" + otherDigest, unknown},
		{"postgres" + oneDigest, "postgres:16" + otherDigest, unknown},
		{"postgres:16-alpine" + oneDigest, "postgres:16-alpine" + otherDigest, ""}, // the same version, rebuilt
		{"postgres:16-alpine", "postgres:16-alpine" + oneDigest, ""},
		{"postgres:16-alpine" + oneDigest, "postgres:17-alpine" + otherDigest, major},
		{"postgres:16-alpine", "docker.io/library/postgres:16-alpine", ""},
		{"postgres:16-alpine", "mirror.example.org/docker/library/postgres:16-alpine", ""},
		{"postgres:16-alpine", "registry.example.org:5000/postgres:16-alpine", ""},
		{"postgres:16-alpine", "registry.example.org:5000/postgres:17-alpine", major},
		{"postgres:16-alpine", "bitnami/postgresql:16-alpine", build},
		{"postgres:16", "postgis/postgis:16-3.4", build},
		{"postgres:16", "example/postgres:16", build},
		{"postgres:16", "redis:7.4", program},
		{"example/database:16", "postgres:16", program},
		{"postgres:16", "example/database:16", program},
		{"bitnami/postgresql:16.4.0-debian-11-r1", "bitnami/postgresql:16.4.0-debian-12-r1", sorts},
		{"pgvector/pgvector:pg16", "pgvector/pgvector:0.8.0-pg17", major},
		{"pgvector/pgvector:0.7.0-pg16", "pgvector/pgvector:0.8.0-pg16", ""},
		{"timescale/timescaledb-ha:pg15.2", "timescale/timescaledb-ha:pg16.1", major},
		{"redis:7.4-alpine", "redis:8.0-alpine", ""},
		{"redis:7.4-alpine", "redis:7.4", ""},
		{"redis:7.4-alpine", "redis:7.2-alpine", older},
		{"redis:7.4.2", "redis:7.4.1", older},
		{"redis:7", "redis:7.2", maybe},
		{"redis:7.4", "redis:7", ""},
		{"redis:7.4-alpine", "redis:7.4.2-alpine", ""}, // patches share their format
		{"nats:2", "nats:2.10", maybe},
		{"nats:2.10-alpine", "nats:2.10.20-alpine", ""},
		{"redis:7.2", "valkey/valkey:7.2", program},
		{"redis:7.4", "bitnami/redis:7.4", build},
		{"nats:2.10-alpine", "nats:2.11-alpine", ""},
		{"nats:2.10-alpine", "nats:2.9-alpine", older},
		{"nats:2.10.20", "nats:2.10.18", older},
		{"mysql:8.0", "mysql:8.4", major},
		{"mysql:8.0.36", "mysql:8.0.37", ""},
		{"mongo:6.0", "mongo:7.0", major},
		{"eddisonso/ecloud-gfs:20260215-062053", "eddisonso/ecloud-gfs:20260301-120000", ""},
		{"eddisonso/ecloud-gfs:20260301-120000", "eddisonso/ecloud-gfs:20260215-062053", older},
		{"eddisonso/ecloud-gfs:20260215-062053", "eddisonso/ecloud-gfs:fixed", unknown},
		{"ghcr.io/example/backend:v1.1.0", "ghcr.io/example/backend:v1.0.0", ""}, // no data server
		{"ghcr.io/example/backend:main", "ghcr.io/example/backend:next", ""},
		{"oliver006/redis_exporter:v1.74.0", "oliver006/redis_exporter:v1.60.0", ""},
	} {
		t.Run(c.before+" to "+c.after, func(t *testing.T) {
			said := cannotOpen(c.before, c.after)
			if c.want == "" {
				assert.Empty(t, said)
				return
			}
			assert.Contains(t, said, c.want)
		})
	}
}

// object reads YAML as the steps tell of an object.
func object(t *testing.T, kind, text string) *apitype.StepEventStateMetadata {
	t.Helper()
	var inputs map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(text), &inputs))
	name, _ := at(inputs, "metadata", "name").(string)
	return &apitype.StepEventStateMetadata{Type: "kubernetes:" + kind, ID: "core/" + name, Inputs: inputs}
}

// becomes is an object before and after.
func becomes(t *testing.T, kind, before, after string) apitype.StepEventMetadata {
	t.Helper()
	return apitype.StepEventMetadata{Op: apitype.OpUpdate, URN: "urn::" + kind, Old: object(t, kind, before), New: object(t, kind, after)}
}

const (
	sets    = "apps/v1:StatefulSet"
	runs    = "apps/v1:Deployment"
	daemons = "apps/v1:DaemonSet"
	jobs    = "batch/v1:Job"
	crons   = "batch/v1:CronJob"
	configs = "core/v1:ConfigMap"
)

// serves is a workload with one container on a volume.
func serves(volume, container string) string {
	return "{metadata: {name: db, namespace: core}, spec: {template: {spec: {volumes: [{name: data, " + volume + "}], containers: [{name: db, " +
		container + "}]}}}}"
}

const (
	claimed16 = "image: postgres:16, volumeMounts: [{name: data, mountPath: /data}]"
	claimed17 = "image: postgres:17, volumeMounts: [{name: data, mountPath: /data}]"
	ofClaim   = "persistentVolumeClaim: {claimName: db}"
)

func TestOtherSoftwareOnTheSameData(t *testing.T) {
	init := func(image string) string {
		return "{metadata: {name: db, namespace: core}, spec: {template: {spec: {volumes: [{name: data, " + ofClaim + "}], initContainers: [{name: prepare, image: '" + image +
			"', volumeMounts: [{name: data, mountPath: /data}]}], containers: [{name: db, image: busybox}]}}}}"
	}
	template := func(image string) string {
		return "{metadata: {name: db, namespace: core}, spec: {volumeClaimTemplates: [{metadata: {name: data}}], template: {spec: {containers: [{name: db, image: '" + image +
			"', volumeMounts: [{name: data, mountPath: /data}]}]}}}}"
	}
	cron := func(image string) string {
		return "{metadata: {name: db, namespace: core}, spec: {jobTemplate: {spec: {template: {spec: {volumes: [{name: data, " + ofClaim + "}], containers: [{name: db, image: '" + image +
			"', volumeMounts: [{name: data, mountPath: /archives}]}]}}}}}}"
	}
	gone, made := becomes(t, sets, serves(ofClaim, claimed16), "{}"), becomes(t, runs, "{}", serves(ofClaim, claimed17))
	gone.Op, gone.New, gone.Old.RetainOnDelete = apitype.OpDelete, nil, true
	made.Op, made.Old, made.New.ID = apitype.OpCreate, nil, ""
	for name, c := range map[string]struct {
		steps []apitype.StepEventMetadata
		want  []string // resources
	}{
		"StatefulSet":           {[]apitype.StepEventMetadata{becomes(t, sets, serves(ofClaim, claimed16), serves(ofClaim, claimed17))}, []string{"StatefulSet/core/db"}},
		"Deployment":            {[]apitype.StepEventMetadata{becomes(t, runs, serves(ofClaim, claimed16), serves(ofClaim, claimed17))}, []string{"Deployment/core/db"}},
		"DaemonSet on a folder": {[]apitype.StepEventMetadata{becomes(t, daemons, serves("hostPath: {path: /srv}", claimed16), serves("hostPath: {path: /srv}", claimed17))}, []string{"DaemonSet/core/db"}},
		"Job":                   {[]apitype.StepEventMetadata{becomes(t, jobs, serves(ofClaim, claimed16), serves(ofClaim, claimed17))}, []string{"Job/core/db"}},
		"first container":       {[]apitype.StepEventMetadata{becomes(t, runs, init("postgres:16"), init("postgres:17"))}, []string{"Deployment/core/db"}},
		"claims of its own":     {[]apitype.StepEventMetadata{becomes(t, sets, template("postgres:16"), template("postgres:17"))}, []string{"StatefulSet/core/db"}},
		"a share":               {[]apitype.StepEventMetadata{becomes(t, sets, serves("nfs: {server: nas, path: /db}", claimed16), serves("nfs: {server: nas, path: /db}", claimed17))}, []string{"StatefulSet/core/db"}},
		"another workload":      {[]apitype.StepEventMetadata{made, gone}, []string{"Deployment/core/db"}},
		"an archive's client":   {[]apitype.StepEventMetadata{becomes(t, crons, cron("postgres:16"), cron("postgres:17"))}, nil},
		"no data":               {[]apitype.StepEventMetadata{becomes(t, runs, serves("emptyDir: {}", claimed16), serves("emptyDir: {}", claimed17))}, nil},
		"a helper comes":        {[]apitype.StepEventMetadata{becomes(t, runs, init("postgres:16"), strings.Replace(init("busybox"), "name: prepare", "name: own", 1))}, nil},
		"a service":             {[]apitype.StepEventMetadata{becomes(t, runs, serves(ofClaim, "image: e/api:1, volumeMounts: [{name: data, mountPath: /f}]"), serves(ofClaim, "image: e/api:main, volumeMounts: [{name: data, mountPath: /f}]"))}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var said []string
			for _, change := range Changes(c.steps, nil) {
				if change.Kind == config.WaiveUpgrade {
					said = append(said, change.Resource)
				}
			}
			assert.Equal(t, c.want, said)
		})
	}
}

func TestAnUpgradeSaysWhatToDoInstead(t *testing.T) {
	step := becomes(t, sets, serves(ofClaim, claimed16), serves(ofClaim, claimed17))
	changes := Changes([]apitype.StepEventMetadata{step}, nil)
	require.Len(t, changes, 1)
	assert.Equal(t, "StatefulSet/core/db is to open its data with other software (container db: image postgres:16 → postgres:17): PostgreSQL 17 does not open the data of 16: "+
		"dump the data with the one that runs and restore them into the new one (see docs/operations.md under Another version of a data server)", changes[0].String())
	assert.Equal(t, "if that is meant, add to platform:waivers in Pulumi.k3s.yaml: {resource: StatefulSet/core/db, change: upgrade, reason: ...}", changes[0].Remedy("k3s"))
	waiver := config.Waiver{Resource: "StatefulSet/core/db", Change: config.WaiveUpgrade, Reason: "restored"}
	assert.Equal(t, "restored", Changes([]apitype.StepEventMetadata{step}, []config.Waiver{waiver})[0].Waived)
}
