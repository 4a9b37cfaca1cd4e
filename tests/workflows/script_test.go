package workflows

import (
	"bytes"
	"encoding/base64"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/tools/review"
)

// machine is a folder in which scripts of the workflows run as on a runner.
type machine struct {
	t      *testing.T
	folder string
	env    map[string]string
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"temp", "stubs", "work"} {
		require.NoError(t, os.Mkdir(filepath.Join(folder, name), 0o755))
	}
	return &machine{t, folder, map[string]string{
		"HOME": folder, "RUNNER_TEMP": filepath.Join(folder, "temp"),
		"PATH":          filepath.Join(folder, "stubs") + ":" + os.Getenv("PATH"),
		"GITHUB_OUTPUT": filepath.Join(folder, "output"), "GITHUB_ENV": filepath.Join(folder, "env"),
		"GITHUB_REPOSITORY": "owner/name", "GITHUB_API_URL": "https://api.test",
		"GIT_CONFIG_NOSYSTEM": "1",
	}}
}

// stub is a program in the place of a real one.
func (m *machine) stub(name, script string) {
	m.t.Helper()
	path := filepath.Join(m.folder, "stubs", name)
	if strings.HasPrefix(name, "bin/") {
		path = filepath.Join(m.folder, "work", name)
	}
	require.NoError(m.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(m.t, os.WriteFile(path, []byte("#!/bin/bash\n"+script), 0o755))
}

// run runs the one step of a job, or of an action, whose script has the words.
func (m *machine) run(where, words string) (string, error) {
	m.t.Helper()
	var found []string
	for _, s := range load(m.t).steps(m.t)[where] {
		if strings.Contains(s.Run, words) {
			found = append(found, s.Run)
		}
	}
	require.Len(m.t, found, 1, where)
	return m.bash(found[0])
}

func (m *machine) bash(script string) (string, error) {
	cmd := exec.CommandContext(m.t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
	cmd.Dir = filepath.Join(m.folder, "work")
	for _, name := range slices.Sorted(maps.Keys(m.env)) {
		cmd.Env = append(cmd.Env, name+"="+m.env[name])
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (m *machine) read(names ...string) string {
	m.t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{m.folder}, names...)...))
	if !os.IsNotExist(err) {
		require.NoError(m.t, err)
	}
	return string(text)
}

func (m *machine) write(text string, names ...string) {
	m.t.Helper()
	path := filepath.Join(append([]string{m.folder}, names...)...)
	require.NoError(m.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(m.t, os.WriteFile(path, []byte(text), 0o600))
}

// Drift is for the issue to tell; a fault is for the run.
func TestDriftIsNoFault(t *testing.T) {
	for code, well := range map[string]bool{"0": true, "3": true, "4": true, "5": true, "1": false, "2": false, "130": false} {
		m := newMachine(t)
		m.env["STACK"] = "prod"
		m.stub("bin/platformctl", `[ "$*" = "drift --stack prod --out $RUNNER_TEMP/sections/prod.json" ] || exit 99`+"\nexit "+code)
		out, err := m.run("drift.yml look", "platformctl drift")
		assert.Equal(t, well, err == nil, "exit status %s: %s", code, out)
	}
}

// A preview without a whole plan fails, and leaves its section for the comment.
func TestPreviewWithoutPlanFails(t *testing.T) {
	for where, file := range map[string]string{"preview.yml change": "prod-change.json", "preview.yml cluster": "prod-cluster.json"} {
		for fault, well := range map[string]bool{"": true, "no cluster": false} {
			m := newMachine(t)
			m.env["STACK"], m.env["BASE"] = "prod", "HEAD"
			m.write("", "work", "README.md")
			m.git(".")
			var text bytes.Buffer
			require.NoError(t, review.Write(&text, []review.Section{{Stack: "prod", Fault: fault}}))
			m.write(text.String(), "section")
			m.stub("bin/platformctl", `while [ "$1" != --out ]; do shift; done; cp "$HOME/section" "$2"`)
			out, err := m.run(where, "platformctl review")
			assert.Equal(t, well, err == nil, out)
			assert.NotEmpty(t, m.read("temp", "sections", file))
		}
	}
}

// A plan with a fault asks nobody to approve it; one without a change neither.
func TestPlanTellsWhetherAnythingChanges(t *testing.T) {
	changed := []review.Change{{Op: review.OpCreate, Diffs: []review.Diff{{New: "    \"fault\": \"x\"\n    \"fault\": "}}}}
	for name, tc := range map[string]struct {
		sections []review.Section
		want     string // "" means that the run ends
	}{
		"changes":        {[]review.Section{{Stack: "prod", Changes: changed, Same: 1}}, "changes=true\n"},
		"none":           {[]review.Section{{Stack: "prod", Same: 78}}, "changes=false\n"},
		"fault":          {[]review.Section{{Stack: "prod", Fault: "no cluster"}}, ""},
		"half of them":   {[]review.Section{{Stack: "prod", Fault: "no cluster", Changes: changed}}, ""},
		"no section":     {[]review.Section{}, ""},
		"no file at all": {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			m.env["STACK"] = "prod"
			if tc.sections != nil {
				var text bytes.Buffer
				require.NoError(t, review.Write(&text, tc.sections))
				m.write(text.String(), "temp", "plan.json")
			}
			m.stub("bin/platformctl", "")
			out, err := m.run("up.yml plan", "platformctl review")
			assert.Equal(t, tc.want != "", err == nil, out)
			assert.Equal(t, tc.want, m.read("output"))
		})
	}
	m := newMachine(t)
	m.env["STACK"] = "prod"
	m.write("[\n  {\n    \"stack\": \"prod\"\n", "temp", "plan.json")
	m.stub("bin/platformctl", "exit 1")
	_, err := m.run("up.yml plan", "platformctl review")
	require.Error(t, err, "a review that fails")
}

func TestOnlyTheTipOfMainIsDeployed(t *testing.T) {
	for tip, well := range map[string]bool{"abc": true, "def": false, "": false} {
		m := newMachine(t)
		m.env["COMMIT"], m.env["TOKEN"], m.env["TIP"] = "abc", "canary", tip
		m.stub("curl", `echo "$*" >>"$HOME/arguments"; cat >"$HOME/header"; printf '%s' "$TIP"`)
		out, err := m.run("up.yml up", "/commits/main")
		assert.Equal(t, well, err == nil, out)
		assert.Contains(t, m.read("arguments"), "https://api.test/repos/owner/name/commits/main")
		assert.NotContains(t, m.read("arguments"), "canary", "others on the machine see arguments")
		assert.Equal(t, "Authorization: Bearer canary\n", m.read("header"))
	}
	m := newMachine(t)
	m.env["COMMIT"], m.env["TOKEN"] = "", "canary"
	m.stub("curl", "exit 22")
	_, err := m.run("up.yml up", "/commits/main")
	require.Error(t, err, "an API that does not answer")
}

func TestCredentialsAreWhole(t *testing.T) {
	whole := map[string]string{
		"KUBECONFIG_CONTENT": "canary: {a: b}\n\"quoted\"", "PULUMI_BACKEND_URL": "s3://x",
		"INFISICAL_UNIVERSAL_AUTH_CLIENT_ID": "id", "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET": "canary",
	}
	const action = "actions/credentials/action.yml"
	m := newMachine(t)
	maps.Copy(m.env, whole)
	m.env["FOLDER"] = "/ci/up/prod"
	out, err := m.run(action, "KUBECONFIG")
	require.NoError(t, err, out)
	assert.NotContains(t, out, "canary")
	assert.Equal(t, whole["KUBECONFIG_CONTENT"]+"\n", m.read("temp", "kubeconfig"))
	info, err := os.Stat(filepath.Join(m.folder, "temp", "kubeconfig"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	assert.Equal(t, "KUBECONFIG="+m.env["RUNNER_TEMP"]+"/kubeconfig\nKUBECONFIG_CONTENT=\n", m.read("env"))

	for name := range whole {
		m := newMachine(t)
		maps.Copy(m.env, whole)
		m.env["FOLDER"] = "/ci/up/prod"
		delete(m.env, name)
		out, err := m.run(action, "KUBECONFIG")
		require.Error(t, err)
		assert.Contains(t, out, "::error::folder /ci/up/prod of Infisical lacks "+name)
		assert.NotContains(t, out, "canary")
	}
}

func TestAnImageThatIsRefusedEndsTheRun(t *testing.T) {
	m := newMachine(t)
	m.stub("bin/platformctl", "echo 'error: no'; exit 1")
	_, err := m.run("image.yml edit", "platformctl image")
	require.Error(t, err, "though its output goes through a pipe")
}

// repository of git with one commit.
func (m *machine) git(folder string) {
	m.t.Helper()
	out, err := m.bash("cd '" + folder + "' && git init --quiet --initial-branch main && git add --all && git -c user.name=a -c user.email=a@b.test commit --quiet -m one")
	require.NoError(m.t, err, out)
}

// The commit of an image: what was asked for, whoever asked and for whatever
// reason, and only on top of the file that was edited.
func TestImageIsCommitted(t *testing.T) {
	m := newMachine(t)
	m.write("config: {}\n", "work", "Pulumi.k3s.yaml")
	m.git(".")
	m.write("config: {a: \"é\"}\n", "work", "Pulumi.k3s.yaml")
	m.write("auth-service: a → b\nauth-service: consents\n", "temp", "message")
	const reason = `it "fails"; $(touch "$HOME/taken") ' \n`
	m.env["STACK"], m.env["OLDER"], m.env["WHO"], m.env["GH_TOKEN"] = "k3s", reason, "someone", "canary"
	m.stub("gh", `printf '%s\0' "$@" >"$HOME/arguments"; echo 0123abc`)
	out, err := m.run("image.yml edit", "gh api")
	require.NoError(t, err, out)
	assert.Equal(t, "commit=0123abc\n", m.read("output"))
	before, err := m.bash("git rev-parse HEAD:Pulumi.k3s.yaml")
	require.NoError(t, err)
	assert.Equal(t, []string{
		"api", "--method", "PUT", "repos/owner/name/contents/Pulumi.k3s.yaml", "--jq", ".commit.sha",
		"--raw-field", "branch=main", "--raw-field", "sha=" + strings.TrimSpace(before),
		"--raw-field", "message=k3s: auth-service: a → b\n\nAsked for by someone. An older image is meant: " + reason,
		"--field", "content=@" + filepath.Join(m.folder, "temp", "content"), "",
	}, strings.Split(m.read("arguments"), "\x00"))
	content, err := base64.StdEncoding.DecodeString(m.read("temp", "content"))
	require.NoError(t, err)
	assert.Equal(t, m.read("work", "Pulumi.k3s.yaml"), string(content))
	assert.NoFileExists(t, filepath.Join(m.folder, "taken"))

	m.stub("gh", "exit 1") // the file has changed since
	_, err = m.run("image.yml edit", "gh api")
	require.Error(t, err)
}

// publish runs the job of GitOps with what was rendered at main's commit.
func (m *machine) publish(commit string, rendered map[string]string) (string, error) {
	m.t.Helper()
	for _, folder := range []string{"rendered", "branch"} {
		require.NoError(m.t, os.RemoveAll(filepath.Join(m.folder, "temp", folder)))
	}
	for name, text := range rendered {
		m.write(text, "temp", "rendered", name)
	}
	m.env["GITHUB_SHA"] = commit
	return m.run("gitops.yml publish", "git push")
}

func (m *machine) branch(command string) string {
	m.t.Helper()
	out, err := m.bash("cd ../origin/owner/name && git " + command)
	require.NoError(m.t, err, out)
	return out
}

func TestRenderedIsPublished(t *testing.T) {
	m := newMachine(t)
	m.env["GITHUB_SERVER_URL"], m.env["GH_TOKEN"], m.env["TIP"] = "file://"+filepath.Join(m.folder, "origin"), "canary", "one"
	m.stub("gh", `printf '%s' "$TIP"`)
	out, err := m.bash("mkdir -p ../origin/owner && git init --quiet --bare ../origin/owner/name")
	require.NoError(t, err, out)

	for _, step := range []struct {
		tip, commit string
		rendered    map[string]string
		log, files  string
	}{
		{"one", "one", map[string]string{"dev/a.yaml": "1", "dev/.b.yaml": "2", "prod/a.yaml": "3"}, "Render one\n", "dev/.b.yaml\ndev/a.yaml\nprod/a.yaml\n"},
		{"two", "two", map[string]string{"dev/a.yaml": "1", "dev/.b.yaml": "2", "prod/a.yaml": "3"}, "Render one\n", "dev/.b.yaml\ndev/a.yaml\nprod/a.yaml\n"},
		{"three", "three", map[string]string{"dev/a.yaml": "9", "prod/a.yaml": "3"}, "Render three\nRender one\n", "dev/a.yaml\nprod/a.yaml\n"},
		{"three", "two", map[string]string{"dev/a.yaml": "1"}, "Render three\nRender one\n", "dev/a.yaml\nprod/a.yaml\n"},
	} {
		m.env["TIP"] = step.tip
		out, err := m.publish(step.commit, step.rendered)
		require.NoError(t, err, out)
		assert.NotContains(t, out+m.read("temp", "branch", ".git", "config"), "canary", "the token is in no file")
		assert.Equal(t, step.log, m.branch("log --format=%s rendered"))
		assert.Equal(t, step.files, m.branch("ls-tree -r --name-only rendered"))
	}
	m.stub("gh", "exit 1")
	_, err = m.publish("four", map[string]string{"dev/a.yaml": "4"})
	require.Error(t, err, "an API that does not answer")
}

// What is published now is what a rendering is judged against, and a branch that
// cannot be read is not one that is missing.
func TestRenderingIsJudgedAgainstWhatIsPublished(t *testing.T) {
	m := newMachine(t)
	m.env["GITHUB_SERVER_URL"], m.env["GH_TOKEN"], m.env["STACK"] = "file://"+filepath.Join(m.folder, "origin"), "canary", "prod"
	m.write("", "work", "README.md")
	m.git(".")
	fetch := func() (string, error) {
		require.NoError(t, os.RemoveAll(filepath.Join(m.folder, "temp", "published")))
		return m.run("gitops.yml render", "git archive")
	}
	_, err := fetch()
	require.Error(t, err, "no repository answers")
	out, err := m.bash("git init --quiet --bare ../origin && git remote add origin ../origin && git push --quiet origin HEAD:refs/heads/main")
	require.NoError(t, err, out)
	out, err = fetch()
	require.NoError(t, err, "there is no branch yet: %s", out)
	assert.DirExists(t, filepath.Join(m.folder, "temp", "published"))
	out, err = m.bash("mkdir prod && echo kind: A >prod/a.yaml && git add prod && git -c user.name=a -c user.email=a@example.test commit --quiet --message a && git push --quiet origin HEAD:refs/heads/rendered")
	require.NoError(t, err, out)
	out, err = fetch()
	require.NoError(t, err, out)
	assert.Equal(t, "kind: A\n", m.read("temp", "published", "prod", "a.yaml"))

	for code, well := range map[string]bool{"0": true, "1": false, "2": false} {
		m.stub("bin/platformctl", `case "$*" in
			"gitops --stack prod --out $RUNNER_TEMP/rendered --before $RUNNER_TEMP/published") exit `+code+` ;;
			"gitops --stack prod --check $RUNNER_TEMP/rendered") exit 0 ;;
		esac
		exit 99`)
		out, err := m.run("gitops.yml render", "platformctl gitops")
		assert.Equal(t, well, err == nil, "exit status %s: %s", code, out)
	}
}

// Nothing is published of a commit whose rendering was refused for one stack.
func TestPublishingNeedsEveryRendering(t *testing.T) {
	text, err := os.ReadFile("../../.github/workflows/gitops.yml")
	require.NoError(t, err)
	var workflow struct {
		Jobs map[string]struct {
			Needs string `json:"needs"`
			If    string `json:"if"`
		} `json:"jobs"`
	}
	require.NoError(t, yaml.Unmarshal(text, &workflow))
	assert.Equal(t, "render", workflow.Jobs["publish"].Needs)
	assert.NotContains(t, workflow.Jobs["publish"].If, "always()")
	assert.NotContains(t, workflow.Jobs["publish"].If, "failure()")
}
