package workflows

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

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
		{"one", "one", map[string]string{".c": "4", "dev/a.yaml": "1", "dev/.b.yaml": "2", "prod/a.yaml": "3"}, "Render one\n", ".c\ndev/.b.yaml\ndev/a.yaml\nprod/a.yaml\n"},
		{"two", "two", map[string]string{".c": "4", "dev/a.yaml": "1", "dev/.b.yaml": "2", "prod/a.yaml": "3"}, "Render one\n", ".c\ndev/.b.yaml\ndev/a.yaml\nprod/a.yaml\n"},
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

// What is published now is what a rendering is checked against, and a branch that
// cannot be read is not one that is missing.
func TestRenderingIsCheckedAgainstWhatIsPublished(t *testing.T) {
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
