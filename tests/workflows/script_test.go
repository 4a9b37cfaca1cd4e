package workflows

import (
	"encoding/base64"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A run that left nothing is reported as well: the comment and the issue are
// written whatever came, and a download that fails ends neither.
func TestWhatLeftNothingIsTold(t *testing.T) {
	assert.Equal(t, "github.event.workflow_run.event == 'pull_request'", load(t).workflow(t, "comment.yml").Jobs["post"].If, "however the run ended")
	for where, words := range map[string]string{"comment.yml post": "comment post", "drift.yml issue": "comment issue"} {
		m := newMachine(t)
		m.env["HEAD"], m.env["COMMIT"], m.env["RUN"], m.env["WHOLE"] = "owner/name", "abc", "7.1", "https://whole.test"
		m.stub("bin/platformctl", `printf '%s\n' "$@"; for word; do [ -d "$word" ] && exit; done; exit 9`)
		_, err := m.run(where, "mkdir")
		require.NoError(t, err)
		out, err := m.run(where, words)
		require.NoError(t, err, out)
		if words == "comment post" {
			assert.Contains(t, out, "--head-repository\nowner/name\n")
			assert.Contains(t, out, "--commit\nabc\n")
		}
		for _, s := range load(t).steps(t)[where] {
			if strings.HasPrefix(s.Uses, "actions/download-artifact@") {
				assert.True(t, s.ContinueOnError, where)
			}
		}
	}
}

// Drift is for the issue to tell; an error is for the run.
func TestDriftIsNoError(t *testing.T) {
	for code, well := range map[string]bool{"0": true, "3": true, "4": true, "5": true, "1": false, "2": false, "130": false} {
		m := newMachine(t)
		m.env["STACK"] = "prod"
		m.stub("bin/platformctl", `[ "$*" = "drift --stack prod --out $RUNNER_TEMP/sections/prod.json" ] || exit 99`+"\nexit "+code)
		out, err := m.run("drift.yml look", "platformctl drift")
		assert.Equal(t, well, err == nil, "exit status %s: %s", code, out)
	}
}

// plans installs the real program, which does all but plan: the section that a
// review would write is a golden one, made of a log of the real engine.
func (m *machine) plans(section string) {
	m.t.Helper()
	real, err := platformctl()
	require.NoError(m.t, err)
	section, err = filepath.Abs(filepath.Join(root, "tools", "review", "testdata", "golden", section+".json"))
	require.NoError(m.t, err)
	m.stub("bin/platformctl", fmt.Sprintf(`
if [ "$1" != review ] || [ "$2" = check ]; then exec %[1]s "$@"; fi
annotate=
for word; do
  [ "$word" = --annotate ] && annotate=$word
  [ "$last" = --out ] && cp %[2]s "$word" && out=$word
  last=$word
done
exec %[1]s review check $annotate "$out" >/dev/null
`, real, section))
}

// planning are the jobs whose result says whether a plan may be deployed.
var planning = []string{"preview.yml change", "preview.yml cluster", "up.yml plan", "image.yml edit"}

// Red is what a deployment would refuse, and what nobody knows; the log says
// why. The section is there all the same.
func TestOnlyWhatIsNotRefusedIsGreen(t *testing.T) {
	for section, tc := range map[string]struct {
		says    []string // none is green
		changes string
	}{
		"same":       {nil, "changes=false\n"},
		"image":      {nil, "changes=true\n"},
		"newservice": {nil, "changes=true\n"},
		"policy":     {[]string{"::error::stack k3s-local: policy "}, ""},
		"ports":      {[]string{"::error::stack k3s-local: policy "}, ""},
		"class":      {[]string{"::error::stack k3s-local: replace of PersistentVolumeClaim/core/postgres-replica-data is refused"}, ""},
		"rename":     {[]string{"delete of Deployment/core/log-service is refused", "delete of Service/core/log-service is refused"}, ""},
		"broken":     {[]string{"::error::stack k3s-local: there is no whole plan: "}, ""},
	} {
		for _, where := range planning {
			t.Run(section+" "+where, func(t *testing.T) {
				m := newMachine(t)
				m.env["STACK"], m.env["BASE"], m.env["GITHUB_STEP_SUMMARY"] = "k3s-local", "HEAD", filepath.Join(m.folder, "summary")
				m.write("", "work", "README.md")
				m.git(".")
				m.plans(section)
				out, err := m.run(where, "platformctl review")
				assert.Equal(t, tc.says == nil, err == nil, out)
				for _, want := range tc.says {
					assert.Contains(t, out, want)
				}
				if where == "up.yml plan" {
					assert.Equal(t, tc.changes, m.read("output"))
				}
				_, err = m.run(where, "platformctl comment show")
				require.NoError(t, err, "it is shown, red or green")
				assert.Contains(t, m.read("summary"), "k3s-local")
			})
		}
	}
}

// What the review refuses is not written: nothing after it runs in spite of a
// failure, but what shows it.
func TestNothingFollowsARefusal(t *testing.T) {
	spite := regexp.MustCompile(`always\(\)|failure\(\)|!cancelled\(\)|!success\(\)`)
	for where, last := range map[string]string{"image.yml edit": "gh api --method PUT", "up.yml plan": "upload-artifact"} {
		refused, reached := false, false
		for _, s := range load(t).steps(t)[where] {
			switch {
			case strings.Contains(s.Run, "platformctl review"):
				refused = true
			case refused && !strings.HasPrefix(s.Run, "bin/platformctl comment show "):
				assert.NotRegexp(t, spite, s.If, "%s: %s%s", where, s.Uses, s.Run)
			}
			reached = reached || refused && strings.Contains(s.Uses+s.Run, last)
		}
		assert.True(t, reached, where)
	}
}

// The plan that was approved is the one that is deployed.
func TestTheApprovedPlanIsDeployed(t *testing.T) {
	m := newMachine(t)
	m.env["STACK"] = "prod"
	var kept, taken step
	for _, s := range load(t).steps(t)["up.yml plan"] {
		if strings.HasPrefix(s.Uses, "actions/upload-artifact@") {
			kept = s
		}
	}
	for _, s := range load(t).steps(t)["up.yml up"] {
		if s.With["name"] == kept.With["name"] && strings.HasPrefix(s.Uses, "actions/download-artifact@") {
			taken = s
		}
	}
	require.NotEmpty(t, taken.With["name"], "what the job plan kept")
	assert.Empty(t, taken.With["run-id"], "of this run")
	file := strings.Replace(filepath.Join(taken.With["path"], filepath.Base(kept.With["path"])), "${{ runner.temp }}", m.env["RUNNER_TEMP"], 1)
	m.stub("make", `[ "$*" = "up STACK=prod PLAN=`+file+` ARGS=--yes" ] || { echo "$*"; exit 9; }`)
	out, err := m.run("up.yml up", "make up")
	require.NoError(t, err, out)
}

// An approval holds until main has something newer for the stack.
func TestAnApprovalHoldsUntilTheStackChanges(t *testing.T) {
	for name, tc := range map[string]struct {
		file  string // that a later commit changes
		valid bool
	}{
		"nothing":             {"", true},
		"documents":           {"docs/operations.md", true},
		"the first page":      {"README.md", true},
		"tests":               {"tests/golden_test.go", true},
		"a test beside":       {"config/platform_test.go", true},
		"golden files":        {"tools/review/testdata/golden/same.json", true},
		"another stack":       {"Pulumi.dev.yaml", true},
		"workflows":           {".github/workflows/up.yml", true},
		"the stack":           {"Pulumi.prod.yaml", false},
		"the project":         {"Pulumi.yaml", false},
		"the program":         {"components/redis/redis.go", false},
		"its configuration":   {"config/platform.go", false},
		"policies":            {"policy/rules/rule.go", false},
		"what deploys":        {"tools/engine/operate.go", false},
		"a module":            {"go.sum", false},
		"what the image runs": {"components/postgres/backup.sh", false},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			m.env["STACK"] = "prod"
			m.write("first", "work", "Pulumi.prod.yaml")
			m.git(".")
			commit, err := m.bash("git rev-parse HEAD")
			require.NoError(t, err)
			m.env["COMMIT"] = strings.TrimSpace(commit)
			if tc.file != "" {
				m.write("second", "work", tc.file)
				m.git(".")
			}
			_, err = m.bash("git update-ref refs/remotes/origin/main HEAD")
			require.NoError(t, err)
			out, err := m.run("up.yml up", "origin/main")
			assert.Equal(t, tc.valid, err == nil, out)
			if !tc.valid {
				assert.Contains(t, out, "::error::main has newer changes for prod; approve the run that has them: "+tc.file)
			}
			m.env["COMMIT"] = strings.Repeat("a", 40)
			_, err = m.run("up.yml up", "origin/main")
			require.Error(t, err, "a commit that is not on main")
		})
	}
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
