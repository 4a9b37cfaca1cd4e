//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/tests/host"
	"platform/tests/leftovers"
	"platform/tools/cluster"
)

// TestRealLocal is the life of the stack local on real nodes: containers run,
// and every step looks at what a user would notice. Its steps build on each
// other.
func TestRealLocal(t *testing.T) {
	needRealNodes(t)
	before, err := leftovers.Look()
	require.NoError(t, err)
	c := newCheckoutOn(t, "local", "") // real by default where they can be
	var r *real
	t.Run("up", func(t *testing.T) {
		begun := time.Now()
		out := c.make("up")
		t.Logf("up took %s", time.Since(begun).Round(time.Second))
		assert.Contains(t, out, "real nodes: this machine can run them")
		r = c.open(t, localNamespace)
		r.works(t)
		assert.Empty(t, r.restarts(), "nothing had to start twice")
	})
	if r == nil {
		t.Fatal("the stack is not up")
	}
	t.Run("other targets find it without the variable", func(t *testing.T) { findsItsNodes(t, c) })
	t.Run("a page opens in a browser", func(t *testing.T) { opensPage(t, r) })
	t.Run("login leads to the identity provider", func(t *testing.T) { leadsToLogin(t, r) })
	t.Run("everybody reaches whom they should", func(t *testing.T) { r.reachesAsComputed(t) })
	t.Run("second preview is empty", func(*testing.T) { c.make("preview", "ARGS=--expect-no-changes") })
	t.Run("backup and restore", func(t *testing.T) { restoresBackup(t, r) })
	t.Run("a rotated secret rolls while requests are answered", func(t *testing.T) { rotatesWhileServing(t, r) })
	if everyCase {
		t.Run("another image rolls while requests are answered", func(t *testing.T) { upgradesWhileServing(t, r) })
		t.Run("a migration that fails changes nothing that serves", func(t *testing.T) { bearsFailedMigration(t, r) })
		t.Run("load starts further pods", func(t *testing.T) { scalesUnderLoad(t, r) })
		t.Run("a password that the database refuses", func(t *testing.T) { setsPasswordAgain(t, r) })
		t.Run("the runbooks' questions have answers", func(t *testing.T) { runbooksAnswer(t, r) })
	}
	t.Run("a node is drained while requests are answered", func(t *testing.T) { drains(t, r) })
	t.Run("every pod carries its end", func(t *testing.T) { bearsEnds(t, r) })
	if everyCase {
		t.Run("the least quota has room for everything", func(t *testing.T) { fitsQuota(t, r) })
		t.Run("a node that nobody reaches is done without", func(t *testing.T) { losesNode(t, r) })
	}
	t.Run("a wrong image changes nothing that serves", func(t *testing.T) { bearsWrongImages(t, r) })
	t.Run("down leaves nothing", func(t *testing.T) { leavesNothing(t, c, r.live) })
	t.Run("cluster-down leaves this machine as it was", func(t *testing.T) {
		c.make("cluster-down")
		leavesMachine(t, before)
	})
}

// findsItsNodes asks without saying which nodes: they are the cluster's own.
func findsItsNodes(t *testing.T, c *checkout) {
	defer func() { c.nodes = "" }()
	assert.FileExists(t, strings.TrimSpace(c.make("-s", "kubeconfig")))
	c.nodes = "simulated"
	assert.Contains(t, c.refuse("preview"), "has real nodes")
}

// opensPage looks at the page as a browser shows it.
func opensPage(t *testing.T, r *real) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		host.Lacks(t, "no chromium; tools/servers/install browser installs it")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	dom, err := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--ignore-certificate-errors",
		"--user-data-dir="+t.TempDir(), "--virtual-time-budget=20000", "--dump-dom", r.base+"/").Output()
	require.NoError(t, err)
	for _, step := range []string{"edge", "frontend", "backend", "database", "queue"} {
		assert.Contains(t, string(dom), `data-step="`+step+`" class="ok"`, "the page says that the step works")
	}
}

func leadsToLogin(t *testing.T, r *real) {
	got, err := r.ask(http.MethodGet, "/api/v1/auth/login")
	require.NoError(t, err)
	require.Equal(t, http.StatusFound, got.status)
	to := got.header.Get("Location")
	assert.True(t, strings.HasPrefix(to, "https://login.microsoftonline.com/"), to)
	assert.Contains(t, to, "client_id=co2-calculator-local")
	assert.NotEmpty(t, got.header.Get("Set-Cookie"))
}

// restoresBackup loses a row and has it back from the archive of the CronJob.
func restoresBackup(t *testing.T, r *real) {
	r.must(t, http.MethodPost, "/api/standin/items?text=kept", http.StatusCreated)
	r.kubectl(t, "create", "job", "backup-now", "--from=cronjob/db-dump")
	r.kubectl(t, "wait", "--for=condition=Complete", "job/backup-now", "--timeout=120s")
	psql := []string{"exec", "postgres-0", "-c", "postgres", "--", "psql", "-U", "postgres", "-d", "co2calculator", "-v", "ON_ERROR_STOP=1", "-c"}
	r.kubectl(t, append(psql, "DELETE FROM items")...)
	require.NotContains(t, r.must(t, http.MethodGet, "/api/standin/items", http.StatusOK), "kept")
	r.restoreLatest(t)
	assert.Contains(t, r.must(t, http.MethodGet, "/api/standin/items", http.StatusOK), "kept")
	r.works(t)
}

// spared is the share of requests that a rotation may cost. PostgreSQL knows one
// password a role: until their rollout ends, old pods of the backend open no new
// connection, as docs/operations.md says.
var spared = map[string]float64{"backend-secrets/DATABASE_PASSWORD": 0.01}

// rotatesWhileServing makes each generated value again, while requests come in.
func rotatesWhileServing(t *testing.T, r *real) {
	secrets := []string{"backend-secrets/DATABASE_PASSWORD", "redis-auth/password"}
	if everyCase { // these roll the backend alone
		secrets = append(secrets, "backend-secrets/OIDC_CLIENT_SECRET", "backend-secrets/SECRET_KEY")
	}
	for _, secret := range secrets {
		t.Run(secret, func(t *testing.T) {
			before := r.live.digests()
			load := r.load("/api/standin/items")
			r.make("rotate", "SECRET="+secret)
			load.few(t, spared[secret])
			assert.NotEqual(t, before, r.live.digests())
			r.works(t)
		})
	}
	t.Run("postgres-credentials/admin-password", func(t *testing.T) {
		load := r.load("/api/standin/items")
		r.changesSuperuser(t, superuser{role: "postgres", pod: "postgres-0", key: "admin-password"})
		load.none(t)
		r.works(t)
	})
}

// upgradesWhileServing deploys other tags of the application's images.
func upgradesWhileServing(t *testing.T, r *real) {
	for _, component := range []string{"frontend", "backend"} {
		t.Run(component, func(t *testing.T) {
			setting := "platform:" + component + ".image"
			old, is := settingOf(t, r.checkout, setting).(string)
			require.True(t, is)
			image := old[:strings.LastIndex(old, ":")] + ":v1.0.1"
			r.edit("local", setting, image)
			path := map[string]string{"frontend": "/", "backend": "/api/standin/items"}[component]
			load := r.load(path)
			r.make("up")
			load.none(t)
			assert.Equal(t, image, r.live.deployments()[component].Spec.Template.Spec.Containers[0].Image)
			r.works(t)
		})
	}
}

// bearsFailedMigration deploys an image that does not know the database's
// revision, and then the one from before again, as docs/operations.md says
// under Rollbacks.
func bearsFailedMigration(t *testing.T, r *real) {
	const setting = "platform:backend.image"
	first, is := settingOf(t, r.checkout, setting).(string)
	require.True(t, is)
	repository := first[:strings.LastIndex(first, ":")]
	newer, older := repository+":v2.0.0", repository+":v1.9.0"
	r.edit("local", setting, newer)
	r.make("up")

	r.edit("local", setting, older)
	load := r.load("/api/standin/items")
	out := r.refuse("up")
	load.none(t)
	assert.Contains(t, out, "Can't locate revision identified by '0002_notes'", "why")

	r.edit("local", setting, newer)
	r.make("up")
	r.works(t)
	for name, d := range r.live.deployments() {
		if name == "backend" || name == "celery-worker" {
			assert.Equal(t, newer, d.Spec.Template.Spec.Containers[0].Image, name)
			assert.Equal(t, *d.Spec.Replicas, d.Status.UpdatedReplicas, name)
		}
	}
	r.make("preview", "ARGS=--expect-no-changes")
}

// setsPasswordAgain has the Job tell the database the application's password
// once more, as docs/operations.md says.
func setsPasswordAgain(t *testing.T, r *real) {
	psql := func(text string) {
		out, err := r.feedKubectl(text, "exec", "-i", "postgres-0", "-c", "postgres", "--", "psql", "-U", "postgres", "-v", "ON_ERROR_STOP=1")
		require.NoError(t, err, out)
	}
	psql("ALTER ROLE co2calculator PASSWORD 'another';\nSELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'co2calculator';\n")
	require.Eventually(t, func() bool { return r.pathWorks() != nil }, realPatience, time.Second, "the database refuses the application")
	r.kubectl(t, "delete", "job", "-l", "app=postgres-init")
	r.make("refresh", "ARGS=--yes --target **Job::postgres-init")
	r.make("up")
	r.works(t)
	r.make("preview", "ARGS=--expect-no-changes")
}

// scalesUnderLoad keeps the backend busy until the autoscaler, which asks the
// kubelets by the metrics server, has started another pod.
func scalesUnderLoad(t *testing.T, r *real) {
	before := r.live.deployments()["backend"].Status.ReadyReplicas
	load := r.load("/api/standin/burn?ms=400")
	assert.Eventually(t, func() bool { return r.live.deployments()["backend"].Status.ReadyReplicas > before }, realPatience, time.Second,
		"more than %d pods of the backend", before)
	load.none(t)
}

// drains empties each node in turn, as before its maintenance, or that of the
// database alone.
func drains(t *testing.T, r *real) {
	database := r.podsOf(t, "postgres")
	require.Len(t, database, 1)
	for node := range r.live.nodes() {
		if !everyCase && node != database[0].Spec.NodeName {
			continue
		}
		t.Run(node, func(t *testing.T) {
			load := r.load("/")
			r.kubectl(t, "drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=150s")
			load.none(t)
			r.works(t)
			r.kubectl(t, "uncordon", node)
		})
	}
}

// losesNode cuts a node's only cable. Kubernetes notices after its grace period
// (50 s by its controller manager's default) and leads nobody there any more.
// What ran there alone comes back with it: its volume is there.
func losesNode(t *testing.T, r *real) {
	state, err := cluster.Status(r.clusterDir())
	require.NoError(t, err)
	victim := r.podsOf(t, "celery-worker")[0].Spec.NodeName
	index := map[string]string{"enac-k8s-1": "node0", "enac-k8s-2": "node1", "enac-k8s-3": "node2"}[victim]
	cable := func(turn string) {
		out, err := exec.Command("nsenter", fmt.Sprintf("--net=/proc/%d/ns/net", state.Thread), "ip", "link", "set", index, turn).CombinedOutput()
		require.NoError(t, err, string(out))
	}
	cable("down")
	defer func() { r.works(t) }()
	defer cable("up")
	r.kubectl(t, "wait", "--for=condition=Ready=Unknown", "node/"+victim, "--timeout=120s")
	require.Eventually(t, func() bool {
		got, err := r.ask(http.MethodGet, "/")
		return err == nil && got.status == http.StatusOK
	}, time.Minute, time.Second, "the other nodes serve")
	load := r.load("/")
	time.Sleep(5 * time.Second) // of requests, each of which has to be answered
	load.none(t)
}

// bearsWrongImages deploys images that nobody has, and what ran before again. A
// digest is no stand-in's. That of the backend stops at its migration.
func bearsWrongImages(t *testing.T, r *real) {
	paths := map[string]string{"backend": "/api/standin/items"}
	if everyCase {
		paths["frontend"] = "/"
	}
	for component, path := range paths {
		t.Run(component, func(t *testing.T) {
			setting := "platform:" + component + ".image"
			old, is := settingOf(t, r.checkout, setting).(string)
			require.True(t, is)
			r.edit("local", setting, old[:strings.LastIndex(old, ":")]+"@sha256:0000000000000000000000000000000000000000000000000000000000000000")
			load := r.load(path)
			begun := time.Now()
			out := r.refuse("up")
			assert.Less(t, time.Since(begun), 2*time.Minute, "a wrong image is reported soon")
			load.none(t)
			assert.Regexp(t, `error: pod `+component+`\S* \(stack local\) has had no image for its container .* ErrImagePull.*correct `+setting, out)
			r.edit("local", setting, old)
			assert.Contains(t, r.refuse("preview", "ARGS=--expect-no-changes"), "1 to ", "what runs is not what is wanted, and the preview says so")
			r.make("up")
			r.works(t)
			require.Eventually(t, func() bool {
				d := r.live.deployments()[component]
				return d.Spec.Template.Spec.Containers[0].Image == old && d.Status.ReadyReplicas == *d.Spec.Replicas && d.Status.UpdatedReplicas == *d.Spec.Replicas
			}, realPatience, time.Second, "all pods have the image from before")
			r.make("preview", "ARGS=--expect-no-changes")
		})
	}
}

// restoreLatest restores the newest archive as docs/operations.md says, step by
// step.
func (r *real) restoreLatest(t *testing.T) {
	t.Helper()
	r.kubectl(t, "scale", "deployment/backend", "deployment/celery-worker", "--replicas=0")
	r.kubectl(t, "wait", "--for=delete", "pod", "-l", "app in (backend,celery-worker)", "--timeout=150s")
	const restore = `pg_restore --clean --if-exists --single-transaction --dbname="$PGDATABASE" "/archives/$(ls /archives | grep dump$ | tail -1)"`
	job := r.kubectl(t, "create", "job", "db-restore", "--from=cronjob/db-dump", "--dry-run=client", "-o", "json")
	var object map[string]any
	require.NoError(t, json.Unmarshal([]byte(job), &object))
	spec := object["spec"].(map[string]any)
	spec["backoffLimit"] = 0
	pod := spec["template"].(map[string]any)["spec"].(map[string]any)
	pod["containers"].([]any)[0].(map[string]any)["command"] = []string{"sh", "-c", restore}
	text, err := json.Marshal(object)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "restore.json")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	r.kubectl(t, "apply", "-f", file)
	r.kubectl(t, "wait", "--for=condition=Complete", "job/db-restore", "--timeout=120s")
	r.kubectl(t, "scale", "deployment/backend", "--replicas=2")
	r.kubectl(t, "scale", "deployment/celery-worker", "--replicas=1")
	r.kubectl(t, "delete", "job", "db-restore", "backup-now")
	r.works(t)
}

// settingOf is a setting of the stack file as it is written there.
func settingOf(t *testing.T, c *checkout, path string) any {
	t.Helper()
	text, err := os.ReadFile(c.stackFile(c.stack))
	require.NoError(t, err)
	var content map[string]any
	require.NoError(t, yaml.Unmarshal(text, &content))
	at := content["config"].(map[string]any)
	keys := strings.Split(path, ".")
	for _, key := range keys[:len(keys)-1] {
		at = at[key].(map[string]any)
	}
	return at[keys[len(keys)-1]]
}
