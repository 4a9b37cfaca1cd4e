//go:build e2e

package workflows

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// unknownToAct are keys that GitHub knows and act 0.2.89 does not.
var unknownToAct = regexp.MustCompile(`(?m)^ *(deployment: false|queue: max.*)\n`)

// inTurn has act run the jobs of a matrix one after the other: they share this
// machine's home, which at GitHub each has to itself.
var inTurn = strings.NewReplacer("\n    strategy:\n", "\n    strategy:\n      max-parallel: 1\n")

// actor runs workflows as GitHub does, with act on this machine: actions that
// need GitHub have stand-ins in testdata/actions, and artifacts are on a shelf.
type actor struct {
	*machine

	act, shelf, origin string
	commit             string // the tip of main
}

func newActor(t *testing.T) *actor {
	t.Helper()
	a := &actor{machine: newMachine(t)}
	a.act, a.shelf, a.origin = filepath.Join(a.folder, "act"), filepath.Join(a.folder, "shelf"), filepath.Join(a.folder, "work")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-C", filepath.Join(root, "tools", "act"), "-o", a.act, "github.com/nektos/act").CombinedOutput()
	require.NoError(t, err, string(out))
	for path, text := range load(t) {
		a.write(inTurn.Replace(unknownToAct.ReplaceAllString(text, "")), "work", ".github", path)
	}
	for _, file := range []string{"go.mod", "go.sum", "config/a", "policy/a", "tools/a", "Pulumi.dev.yaml", "Pulumi.staging.yaml", "Pulumi.prod.yaml", "Pulumi.k3s.yaml"} {
		a.write("config: {}\n", "work", file)
	}
	a.write("bin\n", "work", ".gitignore")
	a.write("ctl: bin/platformctl\nbin/platformctl:\n\tmkdir -p bin && cp $$STANDIN $@\nup:\n\ttest -s $(PLAN) && echo $(STACK) $(ARGS) >>$$SHELF/deployed\n", "work", "Makefile")
	a.git(".")
	commit, err := a.bash("git rev-parse HEAD && git remote add origin https://github.com/owner/name.git")
	require.NoError(t, err)
	a.commit = strings.TrimSpace(commit)
	a.stub("gh", `echo "$*" >>"$SHELF/gh"; case "$*" in *--method*) git -C "$ORIGIN" rev-parse HEAD ;; *) echo "$GITHUB_SHA" ;; esac`)
	return a
}

// run starts a workflow with an event, where the plan of each stack is that of
// a golden section; the answers are its log and whether all went well.
func (a *actor) run(event, workflow string, payload map[string]any, plans map[string]string, args ...string) (string, bool) {
	a.t.Helper()
	require.NoError(a.t, os.RemoveAll(a.shelf))
	for stack, golden := range plans {
		a.write(golden, "shelf", "plan-"+stack)
	}
	require.NoError(a.t, os.MkdirAll(a.shelf, 0o755))
	text, err := json.Marshal(payload)
	require.NoError(a.t, err)
	a.write(string(text), "event.json")
	testdata, err := filepath.Abs("testdata")
	require.NoError(a.t, err)
	golden, err := filepath.Abs(filepath.Join(root, "tools", "review", "testdata", "golden"))
	require.NoError(a.t, err)
	real, err := platformctl()
	require.NoError(a.t, err)
	args = append([]string{
		event, "--workflows", filepath.Join(".github", "workflows", workflow), "--eventpath", filepath.Join(a.folder, "event.json"),
		"--platform", "ubuntu-24.04=-self-hosted", "--platform", "self-hosted=-self-hosted", "--concurrent-jobs", "1", "--pull=false", "--action-offline-mode", "--defaultbranch", "main",
		"--var", "CLUSTER_PREVIEW=true", "--secret", "BOT_PRIVATE_KEY=canary-of-the-bot", "--secret", "GITHUB_TOKEN=canary-of-the-job",
	}, args...)
	for name, value := range map[string]string{"ORIGIN": a.origin, "SHELF": a.shelf, "STANDIN": filepath.Join(testdata, "platformctl.sh"), "REAL": real, "GOLDEN": golden, "PATH": a.env["PATH"]} {
		args = append(args, "--env", name+"="+value)
	}
	seen := map[string]bool{}
	for _, u := range load(a.t).uses() {
		if name, _, others := strings.Cut(u.what, "@"); others && !seen[u.what] {
			seen[u.what] = true
			args = append(args, "--local-repository", fmt.Sprintf("%s=%s", u.what, filepath.Join(testdata, "actions", filepath.Base(name))))
		}
	}
	cmd := exec.CommandContext(a.t.Context(), a.act, args...)
	cmd.Dir, cmd.Env = a.origin, []string{"HOME=" + a.folder, "PATH=" + a.env["PATH"], "GIT_CONFIG_NOSYSTEM=1"}
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

func (a *actor) pull() map[string]any {
	return map[string]any{"pull_request": map[string]any{
		"number": 1, "user": map[string]any{"login": "someone"}, "base": map[string]any{"sha": a.commit},
		"head": map[string]any{"sha": a.commit, "repo": map[string]any{"full_name": "owner/name"}},
	}}
}

func (a *actor) main() map[string]any {
	return map[string]any{"ref": "refs/heads/main", "after": a.commit}
}

// Act ends a run at the first job that fails, so what is refused runs alone.
func TestPreviewRuns(t *testing.T) {
	a := newActor(t)
	log, well := a.run("pull_request", "preview.yml", a.pull(), map[string]string{"dev": "image"})
	require.True(t, well, log)
	for _, view := range []string{"change", "cluster"} {
		for _, stack := range []string{"dev", "staging", "prod", "k3s"} {
			assert.FileExists(t, filepath.Join(a.shelf, "of", "sections-"+stack+"-"+view, stack+"-"+view+".json"))
		}
	}
	for golden, says := range map[string]string{"policy": "::error::stack prod: policy ", "none": "killed"} {
		log, well = a.run("pull_request", "preview.yml", a.pull(), map[string]string{"prod": golden}, "--job", "change", "--matrix", "stack:prod")
		assert.False(t, well, golden)
		assert.Contains(t, log, says)
		_, err := os.Stat(filepath.Join(a.shelf, "of", "sections-prod-change", "prod-change.json"))
		assert.Equal(t, golden == "policy", err == nil, "a plan that is refused is there for the comment")
	}
}

func TestCommentRuns(t *testing.T) {
	a := newActor(t)
	planned := map[string]any{"workflow_run": map[string]any{
		"event": "pull_request", "conclusion": "cancelled", "head_sha": a.commit, "id": 7, "run_attempt": 2, "html_url": "https://whole.test", "head_branch": "b",
		"head_repository": map[string]any{"id": 1, "full_name": "someone/name"},
	}}
	log, well := a.run("workflow_run", "comment.yml", planned, nil)
	require.True(t, well, log)
	told := a.read("shelf", "told")
	for _, want := range []string{"--commit " + a.commit, "--run 7.2", "--head-repository someone/name"} {
		assert.Contains(t, told, want, "though there is no section")
	}
}

func TestDeployRuns(t *testing.T) {
	a := newActor(t)
	log, well := a.run("push", "deploy.yml", a.main(), map[string]string{"dev": "image", "prod": "newservice"})
	require.True(t, well, log)
	assert.Equal(t, "dev --yes\nprod --yes\n", a.read("shelf", "deployed"), "staging has no change, and prod comes after it")
	assert.Empty(t, a.read("shelf", "caches"))
	_, well = a.run("push", "deploy.yml", a.main(), map[string]string{"dev": "class", "staging": "image", "prod": "image"})
	assert.False(t, well)
	assert.Empty(t, a.read("shelf", "deployed"), "nothing follows dev")
}

func TestDriftRuns(t *testing.T) {
	a := newActor(t)
	log, well := a.run("workflow_dispatch", "drift.yml", a.main(), nil)
	require.True(t, well, log)
	assert.Regexp(t, `^issue dev\.json k3s\.json prod\.json staging\.json `, a.read("shelf", "told"))
}

func TestImageRuns(t *testing.T) {
	a := newActor(t)
	asked := a.main()
	asked["inputs"] = map[string]any{"stack": "k3s", "service": "auth-service", "tag": "20260301-101500", "older": ""}
	for plan, committed := range map[string]bool{"image": true, "policy": false, "none": false} {
		log, well := a.run("workflow_dispatch", "image.yml", asked, map[string]string{"k3s": plan})
		assert.Equal(t, committed, well, log)
		assert.Equal(t, committed, strings.Contains(a.read("shelf", "gh"), "contents/Pulumi.k3s.yaml"), plan)
		assert.Equal(t, committed, a.read("shelf", "deployed") != "", plan)
	}
}

func TestGitOpsRuns(t *testing.T) {
	a := newActor(t)
	served := filepath.Join(a.folder, "served", "owner", "name.git")
	out, err := a.bash("git init --quiet --bare '" + served + "'")
	require.NoError(t, err, out)
	a.write("[url \"file://"+filepath.Join(a.folder, "served")+"/\"]\n\tinsteadOf = https://github.com/\n", ".gitconfig")
	log, well := a.run("pull_request", "gitops.yml", a.pull(), nil)
	require.True(t, well, log)
	rendered := func() string {
		files, err := a.bash("git -C '" + served + "' ls-tree -r --name-only rendered 2>/dev/null || true")
		require.NoError(t, err)
		return files
	}
	assert.Empty(t, rendered(), "what a pull request brings goes nowhere")
	log, well = a.run("push", "gitops.yml", a.main(), nil)
	require.True(t, well, log)
	assert.Equal(t, "dev/.all.yaml\nk3s/.all.yaml\nprod/.all.yaml\nstaging/.all.yaml\n", rendered())
}
