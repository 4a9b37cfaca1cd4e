package plan

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/config"
)

// atRisk is what changes say of data, without what to do instead.
func atRisk(steps ...apitype.StepEventMetadata) []string {
	var said []string
	for _, change := range Changes(steps, nil) {
		if change.Kind == config.WaiveData {
			said = append(said, change.Resource+": "+change.Why)
		}
	}
	return said
}

func TestWorkloadsThatLeaveTheirData(t *testing.T) {
	on := func(rest string) string {
		return "image: e/db:1, volumeMounts: [{name: data, mountPath: /data" + rest + "}]"
	}
	env := func(name, value string) string {
		return on("") + ", env: [{name: " + name + ", value: '" + value + "'}]"
	}
	told := func(args string) string { return on("") + ", args: [" + args + "]" }
	const folder = "hostPath: {path: /data/gfs, type: DirectoryOrCreate}"
	placed := func(where string) string {
		return strings.Replace(serves(folder, on("")), "spec: {volumes", "spec: {"+where+", volumes", 1)
	}
	for name, c := range map[string]struct{ before, after, want string }{
		"as it was":              {serves(ofClaim, on("")), serves(ofClaim, on("")), ""},
		"another image":          {serves(ofClaim, on("")), serves(ofClaim, strings.Replace(on(""), "db:1", "db:2", 1)), ""},
		"another claim":          {serves(ofClaim, on("")), serves("persistentVolumeClaim: {claimName: other}", on("")), "container db: at /data is PersistentVolumeClaim/core/db → PersistentVolumeClaim/core/other"},
		"no claim":               {serves(ofClaim, on("")), serves("emptyDir: {}", on("")), "container db: at /data is PersistentVolumeClaim/core/db → nothing that stays"},
		"a claim for none":       {serves("emptyDir: {}", on("")), serves(ofClaim, on("")), ""},
		"another folder":         {serves(folder, on("")), serves("hostPath: {path: /data/other}", on("")), "container db: at /data is folder /data/gfs of the node → folder /data/other of the node"},
		"the same folder":        {serves(folder, on("")), serves("hostPath: {path: /data/gfs/}", on("")), ""},
		"a folder that it reads": {serves("hostPath: {path: /sys}", on(", readOnly: true")), serves("hostPath: {path: /proc}", on(", readOnly: true")), ""},
		"a socket":               {serves("hostPath: {path: /run/a, type: Socket}", on("")), serves("hostPath: {path: /run/b, type: Socket}", on("")), ""},
		"another path of a NAS":  {serves("nfs: {server: nas, path: /a}", on("")), serves("nfs: {server: nas, path: /b}", on("")), "container db: at /data is folder /a of nas → folder /b of nas"},
		"another NAS":            {serves("nfs: {server: nas, path: /a}", on("")), serves("nfs: {server: other, path: /a}", on("")), "container db: at /data is folder /a of nas → folder /a of other"},
		"another share by CSI": {
			serves("csi: {driver: nfs.csi.k8s.io, volumeAttributes: {share: /a}}", on("")), serves("csi: {driver: nfs.csi.k8s.io, volumeAttributes: {share: /b}}", on("")),
			"container db: at /data is volume map[share:/a] of nfs.csi.k8s.io → volume map[share:/b] of nfs.csi.k8s.io",
		},
		"a part of the claim":   {serves(ofClaim, on("")), serves(ofClaim, on(", subPath: sub")), "container db: at /data is PersistentVolumeClaim/core/db → PersistentVolumeClaim/core/db, sub in it"},
		"another part":          {serves(ofClaim, on(", subPath: a")), serves(ofClaim, on(", subPath: b")), "container db: at /data is PersistentVolumeClaim/core/db, a in it → PersistentVolumeClaim/core/db, b in it"},
		"mounted elsewhere":     {serves(ofClaim, on("")), serves(ofClaim, strings.Replace(on(""), "/data", "/other", 1)), "container db: PersistentVolumeClaim/core/db is at /data → at /other"},
		"mounted by nobody":     {serves(ofClaim, on("")), serves(ofClaim, "image: e/db:1"), "container db: at /data is PersistentVolumeClaim/core/db → nothing that stays"},
		"another PGDATA":        {serves(ofClaim, env("PGDATA", "/data/a")), serves(ofClaim, env("PGDATA", "/data/b")), "container db: below /data it is told of /data/a → /data/b"},
		"a PGDATA":              {serves(ofClaim, on("")), serves(ofClaim, env("PGDATA", "/data/b")), "container db: below /data it is told of nothing → /data/b"},
		"a PGDATA off the data": {serves(ofClaim, env("PGDATA", "/data/a")), serves(ofClaim, env("PGDATA", "/tmp/b")), "container db: below /data it is told of /data/a → nothing"},
		"another variable":      {serves(ofClaim, env("LEVEL", "info")), serves(ofClaim, env("LEVEL", "debug")), ""},
		"another argument":      {serves(ofClaim, told("-data, /data/a")), serves(ofClaim, told("-data, /data/b")), "container db: below /data it is told of /data/a → /data/b"},
		"an argument in one":    {serves(ofClaim, told("--dir=/data/a")), serves(ofClaim, told("--dir=/data/b")), "container db: below /data it is told of /data/a → /data/b"},
		"another archive":       {serves(ofClaim, env("ARCHIVES", "/data")), serves(ofClaim, env("ARCHIVES", "/data/new")), "container db: below /data it is told of /data → /data/new"},
		"nothing written down":  {serves(ofClaim, told("--appendonly, 'yes'")), serves(ofClaim, told("--appendonly, 'no'")), "container db: appendonly yes → no"},
		"fewer days":            {serves(ofClaim, env("KEEP_DAYS", "14")), serves(ofClaim, env("KEEP_DAYS", "3")), "KEEP_DAYS 14 → 3"},
		"more days":             {serves(ofClaim, env("KEEP_DAYS", "9")), serves(ofClaim, env("KEEP_DAYS", "14")), ""},
		"other nodes":           {placed("nodeSelector: {gfs: a}"), placed("nodeSelector: {gfs: b}"), `nodeSelector {"gfs":"a"} → {"gfs":"b"}`},
		"any node":              {placed("nodeName: a"), placed("restartPolicy: Always"), `nodeName "a" → nothing`},
		"a claim goes along":    {strings.Replace(serves(ofClaim, on("")), "spec: {volumes", "spec: {nodeName: a, volumes", 1), serves(ofClaim, on("")), ""},
	} {
		t.Run(name, func(t *testing.T) {
			want := []string{"Deployment/core/db: " + c.want}
			if c.want == "" {
				want = nil
			}
			assert.Equal(t, want, atRisk(becomes(t, runs, c.before, c.after)))
		})
	}
}

// A claim that is deleted is reported once, and not by each workload that had it.
func TestDataThatEndAreToldOnce(t *testing.T) {
	const without = "image: e/db:1"
	left := becomes(t, runs, serves(ofClaim, claimed16), serves("emptyDir: {}", without))
	assert.Empty(t, atRisk(left, step(apitype.OpDelete, "urn::claim", "core/v1:PersistentVolumeClaim", "core/db", nil)))
	assert.Len(t, atRisk(left, step(apitype.OpDelete, "urn::claim", "core/v1:PersistentVolumeClaim", "core/other", nil)), 1)
}

func TestDatabasesAndStreamsThatAreLeft(t *testing.T) {
	script := func(pairs ...string) string {
		text := "SET log_statement = 'none';\n"
		for i := 0; i < len(pairs); i += 2 {
			text += "\\set role '" + pairs[i] + "'\n\\set database '" + pairs[i+1] + "'\nALTER DATABASE :\"database\" OWNER TO :\"role\";\n"
		}
		return text + "\\set role 'reader'\n\\set database 'a'\nGRANT CONNECT ON DATABASE :\"database\" TO :\"role\";\n"
	}
	file := func(text string) string {
		written, err := yaml.Marshal(map[string]any{"metadata": map[string]any{"name": "made", "namespace": "core"}, "data": map[string]any{"file": text}})
		require.NoError(t, err)
		return string(written)
	}
	cron := func(database string) string {
		return "{metadata: {name: dump, namespace: core}, spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: d, env: [{name: PGDATABASE, value: " + database + "}]}]}}}}}}"
	}
	application := func(database string) string {
		return "{metadata: {name: app, namespace: core}, data: {DATABASE_NAME: " + database + ", DATABASE_HOST: h}}"
	}
	const auth, logs = `AUTH {"name":"AUTH","subjects":["auth.>","login.>"]}` + "\n", `LOGS {"name":"LOGS","subjects":["log.>"]}` + "\n"
	for name, c := range map[string]struct {
		kind, before, after string
		want                []string
	}{
		"another database":         {configs, file(script("u", "a")), file(script("u", "b")), []string{"Database/core/a: databases b without a"}},
		"another of several":       {configs, file(script("u", "a", "v", "b")), file(script("u", "a", "v", "c")), []string{"Database/core/b: databases a, c without b"}},
		"one more":                 {configs, file(script("u", "a")), file(script("u", "a", "v", "b")), nil},
		"another owner":            {configs, file(script("u", "a")), file(script("v", "a")), []string{"Database/core/a: owner u → v"}},
		"another order":            {configs, file(script("u", "a", "v", "b")), file(script("v", "b", "u", "a")), nil},
		"of the application":       {configs, application("a"), application("b"), []string{"Database/core/a: DATABASE_NAME a → b"}},
		"dumped no more":           {crons, cron("a"), cron("b"), []string{"Database/core/a: CronJob/core/dump dumps a → b"}},
		"dumped as ever":           {crons, cron("a"), cron("a"), nil},
		"a stream less":            {configs, file(auth + logs), file(auth), []string{"Stream/core/LOGS: streams AUTH without LOGS"}},
		"a subject less":           {configs, file(auth), file(strings.Replace(auth, `,"login.>"`, "", 1)), []string{"Stream/core/AUTH: subjects auth.>, login.> → auth.>"}},
		"a subject more":           {configs, file(logs), file(strings.Replace(logs, `"log.>"`, `"log.>","l"`, 1)), nil},
		"a stream more":            {configs, file(auth), file(auth + logs), nil},
		"Redis keeps nothing":      {configs, file("dir /data\nappendonly yes\nsave \"\"\n"), file("dir /data\nappendonly no\nsave \"\"\n"), []string{"ConfigMap/core/made: appendonly yes → no"}},
		"Redis begins to keep":     {configs, file("appendonly no\n"), file("appendonly yes\n"), []string{"ConfigMap/core/made: appendonly no → yes"}},
		"Redis saves no more":      {configs, file("save 60 1\n"), file("save \"\"\n"), []string{"ConfigMap/core/made: save 60 → nothing"}},
		"Redis saves more often":   {configs, file("save 60 1\n"), file("save 30 1\n"), nil},
		"Redis takes more memory":  {configs, file("maxmemory 1mb\nappendonly yes\n"), file("maxmemory 2mb\nappendonly yes\n"), nil},
		"Redis in another folder":  {configs, file("dir /data\n"), file("dir /tmp\n"), []string{"ConfigMap/core/made: dir /data → /tmp"}},
		"NATS in another folder":   {configs, file("jetstream {\n  store_dir: /data\n}\n"), file("jetstream {\n  store_dir: /tmp\n}\n"), []string{"ConfigMap/core/made: store_dir /data → /tmp"}},
		"NATS without JetStream":   {configs, file("jetstream {\n  store_dir: /data\n}\n"), file("port: 4222\n"), []string{"ConfigMap/core/made: store_dir /data → nothing"}},
		"PostgreSQL in another":    {configs, file("data_directory = '/data'\n"), file("data_directory = '/other'\n"), []string{"ConfigMap/core/made: data_directory /data → /other"}},
		"settings of other things": {configs, file("routes:\n- host: a\n"), file("routes:\n- host: b\n"), nil},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, atRisk(becomes(t, c.kind, c.before, c.after))) })
	}
}

// A waiver of one database lets all that leaves it through, and nothing else.
func TestAWaiverNamesADatabase(t *testing.T) {
	cron := func(database string) string {
		return "{metadata: {name: dump, namespace: core}, spec: {jobTemplate: {spec: {template: {spec: {containers: [{env: [{name: PGDATABASE, value: " + database + "}]}]}}}}}}"
	}
	steps := []apitype.StepEventMetadata{
		becomes(t, crons, cron("auth_db"), cron("other")),
		becomes(t, configs, "{metadata: {namespace: core}, data: {DATABASE_NAME: auth_db}}", "{metadata: {namespace: core}, data: {DATABASE_NAME: other}}"),
	}
	waiver := config.Waiver{Resource: "Database/core/auth_db", Change: config.WaiveData, Reason: "moved"}
	changes := Changes(steps, []config.Waiver{waiver})
	require.Len(t, changes, 1)
	assert.Equal(t, "moved", changes[0].Waived)
	assert.Empty(t, Unused([]config.Waiver{waiver}, changes))
	waiver.Change = config.WaiveUpgrade
	assert.Empty(t, Changes(steps, []config.Waiver{waiver})[0].Waived)
	assert.Contains(t, changes[0].String(), "Database/core/auth_db is to lose data (")
}

// The program's own objects are read as they are written: whatever leads to its
// data is found in them.
func TestTheProgramsOwnDataAreFound(t *testing.T) {
	for stack, want := range map[string]struct{ databases, streams, places []string }{
		"prod": {
			[]string{"co2calculator of co2calculator"},
			nil,
			[]string{"PersistentVolumeClaim/co2-calculator-prod/db-dump-archives", "PersistentVolumeClaim/co2-calculator-prod/postgres-pvc", "PersistentVolumeClaim/co2-calculator-prod/redis-data"},
		},
		"k3s": {
			[]string{"auth_db of auth_svc", "compute_db of compute_svc", "sfs_db of sfs_svc", "notifications_db of notifications_svc"},
			[]string{"AUTH", "CLUSTER", "LOGS", "NOTIFICATIONS"},
			[]string{
				"PersistentVolumeClaim/core/nats-data", "PersistentVolumeClaim/core/postgres-data", "PersistentVolumeClaim/core/postgres-replica-data",
				"folder /data/gfs of the node", "folder /data/gfs/chunkserver of the node",
			},
		},
	} {
		t.Run(stack, func(t *testing.T) {
			text, err := os.ReadFile("../../tests/testdata/golden/" + stack + ".yaml")
			require.NoError(t, err)
			var found struct{ databases, streams, places []string }
			for _, document := range bytes.Split(text, []byte("\n---\n")) {
				var made struct {
					Type   string         `json:"type"`
					Inputs map[string]any `json:"inputs"`
				}
				require.NoError(t, yaml.Unmarshal(document, &made))
				state := apitype.StepEventStateMetadata{Type: made.Type, Inputs: made.Inputs}
				for _, one := range mounts(state) {
					found.places = append(found.places, one.place)
				}
				if kindOf(made.Type) == "ConfigMap" {
					for _, one := range owners(state) {
						found.databases = append(found.databases, one.database+" of "+one.role)
					}
					for name := range subjects(state) {
						found.streams = append(found.streams, name)
					}
				}
			}
			assert.Equal(t, want.databases, found.databases)
			assert.ElementsMatch(t, want.streams, found.streams)
			assert.Subset(t, want.places, found.places)
			assert.Subset(t, found.places, want.places)
		})
	}
}
