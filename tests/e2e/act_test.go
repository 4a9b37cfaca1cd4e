//go:build e2e

package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/tests/githubtest"
	"platform/tools/toolchain"
)

const (
	repository = "owner/name"
	jobToken   = "canary-of-the-job"
	botKey     = "canary-of-the-bot"
	botToken   = "canary-of-the-token" // that the key is exchanged for
)

var (
	// unknownToAct are keys that GitHub knows and act 0.2.89 does not.
	unknownToAct = regexp.MustCompile(`(?m)^ *(deployment: false|queue: max.*)\n`)
	othersAction = regexp.MustCompile(`uses: ([\w.-]+/([\w./-]+)@[0-9a-f]{40})`)
)

// hub runs the workflows of a checkout as GitHub does, with act on this machine
// and the programs that they run there. The checkout is the repository. Actions
// that need GitHub have stand-ins in testdata/actions: the cache has nothing,
// artifacts are folders on a shelf, Infisical's values are files.
type hub struct {
	*checkout

	folder  string
	api     *githubtest.Server
	args    []string // of act
	written strings.Builder
}

func newHub(t *testing.T, c *checkout) *hub {
	t.Helper()
	h := &hub{checkout: c, folder: t.TempDir(), api: githubtest.New(t)}
	h.api.AddPull(repository, pullNumber)
	h.api.Allow(jobToken, githubtest.Actions, true)
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	act := filepath.Join(h.folder, "act")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-C", filepath.Join(root, "tools", "act"), "-o", act, "github.com/nektos/act").CombinedOutput()
	require.NoError(t, err, string(out))
	actions, err := filepath.Abs(filepath.Join("testdata", "actions"))
	require.NoError(t, err)
	h.args = []string{
		"--platform", "ubuntu-24.04=-self-hosted", "--platform", "self-hosted=-self-hosted", "--concurrent-jobs", "1",
		"--pull=false", "--action-offline-mode", "--defaultbranch", "main", "--rm",
		"--secret", "BOT_PRIVATE_KEY=" + botKey, "--secret", "GITHUB_TOKEN=" + jobToken,
	}
	for name, value := range map[string]string{
		"GITHUB_API_URL": h.api.URL(), "SSL_CERT_FILE": h.file("ca.pem", string(h.api.Authority())),
		"SHELF": filepath.Join(h.folder, "shelf"), "FOLDERS": filepath.Join(h.folder, "folders"), "ORIGIN": c.dir, "TOOLS": h.tools(root),
		"PATH":       filepath.Dir(h.file("stubs/gh", gh)) + string(os.PathListSeparator) + os.Getenv("PATH"),
		"GOMODCACHE": goEnv(t, "GOMODCACHE"), "GOCACHE": goEnv(t, "GOCACHE"), "GOENV": goEnv(t, "GOENV"),
	} {
		h.args = append(h.args, "--env", name+"="+value)
	}
	h.file("stubs/bash", bash)
	for name, text := range h.github(root) {
		for _, used := range othersAction.FindAllStringSubmatch(text, -1) {
			h.args = append(h.args, "--local-repository", used[1]+"="+filepath.Join(actions, filepath.Base(used[2])))
		}
		path := filepath.Join(c.dir, ".github", name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(unknownToAct.ReplaceAllString(text, "")), 0o600))
	}
	h.file(".gitconfig", "[url \"file://"+c.dir+"\"]\n\tinsteadOf = https://github.com/"+repository+"\n[user]\n\tname = nobody\n\temail = nobody@example.org\n")
	c.commit()
	h.git("branch", "--move", "main")
	h.git("remote", "add", "origin", "https://github.com/"+repository)
	return h
}

// bash is the real one, which stays a moment where a step fails: act does not
// wait for the last words of a command that does.
const bash = `#!/bin/sh
/bin/bash "$@"
code=$?
[ $code = 0 ] || sleep 0.5
exit $code
`

// gh is GitHub's own program, as far as the workflows call it: it commits a
// file, and tells where main is.
const gh = `#!/bin/bash
set -e
case "$*" in
"api --method PUT repos/` + repository + `/contents/"*)
  [ "$GH_TOKEN" = ` + botToken + ` ]
  file=${4##*/}
  base64 --decode <"$RUNNER_TEMP/content" >"$ORIGIN/$file"
  git -C "$ORIGIN" commit --quiet --message "$file" "$file"
  ;;
"api repos/` + repository + `/commits/main "*) ;;
*) echo "gh: $*"; exit 1 ;;
esac
git -C "$ORIGIN" rev-parse main
`

// github are the files below .github.
func (h *hub) github(root string) map[string]string {
	h.t.Helper()
	found := map[string]string{}
	for _, pattern := range []string{"workflows/*.yml", "actions/*/action.yml"} {
		files, err := filepath.Glob(filepath.Join(root, ".github", pattern))
		require.NoError(h.t, err)
		require.NotEmpty(h.t, files)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(h.t, err)
			name, err := filepath.Rel(filepath.Join(root, ".github"), file)
			require.NoError(h.t, err)
			found[name] = string(text)
		}
	}
	return found
}

// tools are those of the engine alone, as the action tools builds them, and what
// it compiles of the checkout.
func (h *hub) tools(root string) string {
	h.t.Helper()
	_, err := toolchain.Ensure(h.t.Context(), toolchain.Options{Root: root, Tools: toolchain.Engine, Out: h.t.Output()})
	require.NoError(h.t, err)
	cache, err := toolchain.CacheFolder()
	require.NoError(h.t, err)
	into := filepath.Join(h.folder, "tools", "toolchain")
	require.NoError(h.t, os.MkdirAll(into, 0o755))
	for _, name := range toolchain.Engine {
		folders, err := filepath.Glob(filepath.Join(cache, "toolchain", string(name)+"-[0-9]*"))
		require.NoError(h.t, err)
		require.NotEmpty(h.t, folders, name)
		out, err := exec.Command("cp", append([]string{"--archive", "--target-directory", into}, folders...)...).CombinedOutput()
		require.NoError(h.t, err, string(out))
	}
	build := exec.CommandContext(h.t.Context(), filepath.Join(h.dir, "bin", "platformctl"), "build")
	build.Dir, build.Env = h.dir, append(h.environ(), "PLATFORM_CACHE="+filepath.Dir(into))
	out, err := build.CombinedOutput()
	require.NoError(h.t, err, string(out))
	return filepath.Dir(into)
}

// file writes one beside the checkout.
func (h *hub) file(name, text string) string {
	h.t.Helper()
	path := filepath.Join(h.folder, name)
	require.NoError(h.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(h.t, os.WriteFile(path, []byte(text), 0o700))
	return path
}

// hands gives the jobs of an environment their values, as a folder of Infisical
// has them.
func (h *hub) hands(folder string) {
	h.t.Helper()
	kubeconfig, err := os.ReadFile(h.value("KUBECONFIG"))
	require.NoError(h.t, err)
	h.file(filepath.Join("folders", folder, "KUBECONFIG_CONTENT"), string(kubeconfig))
	for _, name := range []string{"PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", config.InfisicalClientID, config.InfisicalClientSecret} {
		h.file(filepath.Join("folders", folder, name), h.value(name))
	}
}

func (h *hub) git(args ...string) string {
	h.t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=nobody", "-c", "user.email=nobody@example.org"}, args...)...)
	cmd.Dir = h.dir
	out, err := cmd.CombinedOutput()
	require.NoError(h.t, err, "git %s\n%s", strings.Join(args, " "), out)
	return strings.TrimSpace(string(out))
}

// branch commits what is edited to a branch, and gives its commit; main stays
// as it is.
func (h *hub) branch(name string, edit func()) string {
	h.t.Helper()
	h.git("switch", "--quiet", "--create", name)
	edit()
	h.git("commit", "--quiet", "--all", "--message", name)
	commit := h.git("rev-parse", "HEAD")
	h.git("switch", "--quiet", "main")
	return commit
}

// run starts a workflow with an event, and gives its log and the names of the
// jobs that failed, sorted. Its artifacts are on the shelf until the next run,
// which finds them where it comes after this one.
func (h *hub) run(t *testing.T, event, workflow string, payload map[string]any, args ...string) (log string, failed []string) {
	t.Helper()
	if event != "workflow_run" {
		require.NoError(t, os.RemoveAll(h.shelf()))
	}
	text, err := json.Marshal(payload)
	require.NoError(t, err)
	all := append([]string{event, "--workflows", filepath.Join(".github", "workflows", workflow), "--eventpath", h.file("event.json", string(text))}, h.args...)
	cmd := exec.CommandContext(t.Context(), filepath.Join(h.folder, "act"), append(all, args...)...)
	cmd.Dir, cmd.Env = h.dir, []string{"HOME=" + h.folder, "PATH=" + os.Getenv("PATH"), "GIT_CONFIG_NOSYSTEM=1"}
	out, err := cmd.CombinedOutput()
	h.written.Write(out)
	for _, job := range failedStep.FindAllStringSubmatch(string(out), -1) {
		failed = append(failed, job[1])
	}
	slices.Sort(failed)
	failed = slices.Compact(failed)
	assert.Equal(t, err != nil, len(failed) > 0, "act ends with an error where a job failed: %v; failed are %q", err, failed)
	return string(out), failed
}

// failedStep is what act says of a step that failed, by the names of the workflow
// and the job, and its number in a matrix. What it says of jobs is of no use: one
// of a matrix is reported as failed when another has failed before it ended.
var failedStep = regexp.MustCompile(`(?m)^\[[^/\]]+/(.+?)(?:-\d+)? *\] +❌  Failure - `)

// failures are what a log of act says of the steps and jobs that failed, and
// what they said themselves.
var failures = regexp.MustCompile(`❌|🏁|::error|[Ee]rror:`)

// says looks for words in the log of a run.
func says(t *testing.T, log, words string) {
	t.Helper()
	if strings.Contains(log, words) {
		return
	}
	var told []string
	for line := range strings.Lines(log) {
		if failures.MatchString(line) {
			told = append(told, line)
		}
	}
	assert.Fail(t, "the log does not say "+strconv.Quote(words), "%s", strings.Join(told, ""))
}

// onMain is the event of what runs there.
func (h *hub) onMain(inputs map[string]any) map[string]any {
	return map[string]any{"ref": "refs/heads/main", "after": h.git("rev-parse", "main"), "inputs": inputs}
}

// pullNumber is the one pull request.
const pullNumber = 1

func (h *hub) pull(commit string) map[string]any {
	h.api.Head(repository, pullNumber, commit, repository)
	return map[string]any{"pull_request": map[string]any{
		"number": pullNumber, "user": map[string]any{"login": "someone"}, "base": map[string]any{"sha": h.git("rev-parse", "main")},
		"head": map[string]any{"sha": commit, "repo": map[string]any{"full_name": repository}},
	}}
}

// planned is the event that starts comment.yml.
func (h *hub) planned(commit string, attempt int) map[string]any {
	return map[string]any{"workflow_run": map[string]any{
		"event": "pull_request", "conclusion": "failure", "head_sha": commit, "id": 7, "run_attempt": attempt, "html_url": "https://whole.test", "head_branch": "b",
		"head_repository": map[string]any{"id": 1, "full_name": repository},
	}}
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(out))
}
