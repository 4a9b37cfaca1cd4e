//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/policy/rules"
	"platform/tests/badstack/documents"
	"platform/tools/toolchain"
)

// What findings say of a value that is not known, and of a rule that fails.
const (
	undecidable = "cannot be decided in this preview"
	brokenRule  = "checked nothing"
)

// TestBadStack is every rule of the pack in the hands of the real CLI: stacks
// that break all of them are refused, and nothing of them is made. It needs no
// cluster, for what would be made is a folder of manifests.
//
// What is deleted or replaced is no rule of the pack: platformctl checks the
// steps of the plan, and [TestLocal] and [TestK3s] have it refuse those that no
// waiver lets through.
func TestBadStack(t *testing.T) {
	t.Parallel()
	parts := buildBadStacks(t)
	levels := map[string]apitype.EnforcementLevel{}
	for _, rule := range rules.All() {
		levels[rule.Name] = rule.Level
	}
	folders, err := filepath.Glob(filepath.Join(parts.source, "testdata", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	fired := map[string]bool{}
	for _, folder := range folders {
		s := newBadStack(t, parts, folder)
		for name, command := range map[string][]string{"preview": {"preview"}, "up": {"up", "--yes"}} {
			t.Run(s.name+" "+name+" is refused", func(t *testing.T) {
				s := s.in(t)
				said, err := s.run(append(command, "--policy-pack", parts.pack)...)
				require.Error(t, err, said)
				s.checked(said, levels, fired)
				s.unchanged()
			})
		}
		t.Run(s.name+" is made where all rules only advise", func(t *testing.T) {
			s := s.in(t)
			config := filepath.Join(t.TempDir(), "advisory.json")
			require.NoError(t, os.WriteFile(config, []byte(`{"all": "advisory"}`), 0o600))
			for _, command := range [][]string{{"preview"}, {"up", "--yes"}} {
				s.unchanged()
				said, err := s.run(append(command, "--policy-pack", parts.pack, "--policy-pack-config", config)...)
				require.NoError(t, err, said)
				assert.NotEmpty(t, findingsIn(said))
				assert.NotContains(t, said, "[mandatory]")
			}
			rendered, resources := s.made()
			assert.NotEmpty(t, rendered, "it was the rules that stopped it")
			assert.Greater(t, len(resources), len(s.documents))
		})
	}
	t.Run("every rule fires", func(t *testing.T) {
		var missing []string
		for _, rule := range rules.All() {
			if !fired[rule.Name] {
				missing = append(missing, rule.Name)
			}
		}
		assert.Empty(t, missing, "rules that no bad stack breaks; tests/badstack/README.md tells how to add a document for each")
	})
}

// badStackParts are what all bad stacks are run with.
type badStackParts struct {
	source  string // folder of the program
	program string
	pack    string
	tools   *toolchain.Toolchain
}

// buildBadStacks links program and pack as platformctl does, which knows its
// own program alone.
func buildBadStacks(t *testing.T) badStackParts {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	bin := t.TempDir()
	parts := badStackParts{
		source:  filepath.Join(root, "tests", "badstack"),
		program: filepath.Join(bin, "badstack"), pack: filepath.Join(bin, "policy-pack"),
	}
	for program, source := range map[string]string{parts.program: "./tests/badstack", parts.pack: "./policy"} {
		cmd := exec.CommandContext(t.Context(), "go", "build", "-o", program, source)
		cmd.Dir = root
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
	}
	parts.tools, err = toolchain.Ensure(t.Context(), toolchain.Options{Root: root, Tools: toolchain.Engine, Out: t.Output()})
	require.NoError(t, err)
	return parts
}

// badStack is one folder of bad documents with a state of its own.
type badStack struct {
	t         *testing.T
	name      string // of the folder, and of the stack: some rules look at it
	documents []documents.Document
	manifests string // folder that is to stay empty
	project   string
	pulumi    string
	env       []string
}

func newBadStack(t *testing.T, parts badStackParts, folder string) *badStack {
	t.Helper()
	home := t.TempDir()
	s := &badStack{
		t: t, name: filepath.Base(folder), pulumi: parts.tools.Pulumi(),
		manifests: filepath.Join(home, "manifests"), project: filepath.Join(home, "project"),
	}
	state := filepath.Join(home, "state")
	for _, folder := range []string{s.manifests, s.project, state} {
		require.NoError(t, os.Mkdir(folder, 0o700))
	}
	var err error
	s.documents, err = documents.Read(folder)
	require.NoError(t, err)
	// A default provider renders as well, and one without a folder finds no
	// cluster: the kubeconfig is none.
	s.env = append(slices.Concat(os.Environ(), parts.tools.Env()),
		"PLATFORM_PROGRAM="+parts.program, "PULUMI_BACKEND_URL=file://"+state, "PULUMI_CONFIG_PASSPHRASE=of the bad stacks",
		"KUBECONFIG="+filepath.Join(home, "none"))
	settings := map[string]any{"badstack:documents": folder, "badstack:render": s.manifests, "kubernetes:renderYamlToDirectory": s.manifests}
	own, err := os.ReadFile(filepath.Join("..", "..", "Pulumi."+s.name+".yaml")) // the pack reads what follows from it
	require.NoError(t, err)
	var file struct{ Config map[string]any }
	require.NoError(t, yaml.Unmarshal(own, &file))
	for key, value := range file.Config {
		if strings.HasPrefix(key, "platform:") {
			settings[key] = value
		}
	}
	s.write("Pulumi."+s.name+".yaml", map[string]any{"config": settings})
	text, err := os.ReadFile(filepath.Join(parts.source, "Pulumi.yaml"))
	require.NoError(t, err)
	project := map[string]any{}
	require.NoError(t, yaml.Unmarshal(text, &project))
	project["main"] = parts.source
	project["runtime"] = map[string]any{"name": "go", "options": map[string]any{"binary": parts.program}}
	s.write("Pulumi.yaml", project)
	out, err := s.run("stack", "init", "--no-select")
	require.NoError(t, err, out)
	return s
}

// in is the stack in another test.
func (s *badStack) in(t *testing.T) *badStack {
	other := *s
	other.t = t
	return &other
}

func (s *badStack) write(name string, content map[string]any) {
	s.t.Helper()
	text, err := yaml.Marshal(content)
	require.NoError(s.t, err)
	require.NoError(s.t, os.WriteFile(filepath.Join(s.project, name), text, 0o600))
}

// run runs the CLI for the stack and returns all that it printed.
func (s *badStack) run(args ...string) (string, error) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), commandTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.pulumi, append(args, "--stack", s.name, "--non-interactive")...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = s.project, s.env, 10*time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	require.NoError(s.t, ctx.Err(), out.String())
	return out.String(), err
}

// checked compares what the CLI said of the documents with what they are to
// break, and notes the rules that they broke.
func (s *badStack) checked(said string, levels map[string]apitype.EnforcementLevel, fired map[string]bool) {
	s.t.Helper()
	findings := findingsIn(said)
	for _, f := range findings {
		assert.NotContains(s.t, f.message, brokenRule, f.rule)
	}
	for _, d := range s.documents {
		resource := d.Type() + ": " + d.Name()
		if len(d.Content) == 0 {
			resource = "pulumi:pulumi:Stack: badstack-" + s.name
		}
		for _, rule := range d.Breaks {
			if _, known := levels[rule]; !known {
				s.t.Errorf("%s of %s is to break %s, which is no rule", resource, d.File, rule)
				continue
			}
			if assert.Truef(s.t, told(findings, finding{rule: rule, resource: resource, level: string(levels[rule])}), "%s does not break %s", resource, rule) {
				fired[rule] = true
			}
		}
		for _, rule := range d.Undecided {
			assert.Truef(s.t, told(findings, finding{rule: rule, resource: resource, level: string(apitype.Advisory), undecided: true}), "%s: %s does not say that it cannot be decided", resource, rule)
		}
		for _, secret := range d.Secrets() {
			if strings.Contains(said, secret) {
				s.t.Errorf("a value of %s that is marked secret is shown", resource)
			}
		}
	}
}

// unchanged fails where anything was made.
func (s *badStack) unchanged() {
	s.t.Helper()
	rendered, resources := s.made()
	assert.Empty(s.t, rendered, "nothing is rendered")
	assert.Empty(s.t, resources, "nothing is in the state")
}

// made is what there is of the stack: rendered files, and URNs in its state.
func (s *badStack) made() (rendered, resources []string) {
	s.t.Helper()
	require.NoError(s.t, filepath.WalkDir(s.manifests, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			rendered = append(rendered, path)
		}
		return err
	}))
	text, err := s.run("stack", "export")
	require.NoError(s.t, err, text)
	var state struct {
		Deployment struct {
			Resources []struct{ URN string }
		}
	}
	require.NoError(s.t, json.Unmarshal([]byte(text), &state), text)
	for _, resource := range state.Deployment.Resources {
		resources = append(resources, resource.URN)
	}
	return rendered, resources
}

// finding is what the CLI shows of one.
type finding struct {
	level, rule string
	resource    string // type: name
	message     string
	undecided   bool
}

// shownFinding is a finding as the CLI shows it: a line about the rule and the
// resource, and one with the message.
var shownFinding = regexp.MustCompile(`(?m)^ +- \[(mandatory|advisory)\](?: \[severity: \w+\])? +(\S+) +\((.+)\)\n +(.+)$`)

func findingsIn(said string) []finding {
	var all []finding
	for _, found := range shownFinding.FindAllStringSubmatch(said, -1) {
		all = append(all, finding{found[1], found[2], found[3], found[4], strings.Contains(found[4], undecidable)})
	}
	return all
}

// reported reports whether one of the findings is as wanted, whatever its message.
func told(findings []finding, want finding) bool {
	return slices.ContainsFunc(findings, func(f finding) bool {
		f.message = ""
		return f == want
	})
}
