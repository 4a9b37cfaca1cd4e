//go:build e2e

package e2e

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var update = flag.Bool("update", false, "write the golden comments again")

// kind is a change that users make to a stack, and what a reader of its comment
// must learn whatever the words around it are.
type kind struct {
	name     string
	settings map[string]any                  // of the stack file, by their path; nil takes one out
	program  func(t *testing.T, c *checkout) // changes the program, where no setting does
	verdict  string                          // the worst of the stack, such as Refused; empty where only the diff tells
	rule     string                          // of the policies, that refuses it; empty where none does
	rows     []row                           // that there must be
	says     []string                        // what must be there
	silent   []string                        // what must not be there
	chance   bool                            // the engine stops midway, and what it knows by then is chance: there is no golden comment
	more     func(t *testing.T, text string) // what else is to be true of the comment
}

// row is a row of a table, by texts that it must have together.
type row []string

// The headings of a comment; a part without anything in it is not there.
const (
	atRisk    = "### Data at risk"
	restarts  = "### Will restart"
	reachable = "### Who can newly reach whom"
	capacity  = "### Capacity that the pods ask for"
	newRules  = "### Policies: new findings"
	changes   = "### Changes, resource by resource"
	noPlan    = "### Why there is no whole plan of "
)

// parts are all of them.
var parts = []string{atRisk, restarts, reachable, capacity, newRules, noPlan}

// TestComments makes the comment on each kind of change through the engine, of
// a stack that is deployed to the embedded cluster.
func TestComments(t *testing.T) {
	t.Parallel()
	for _, stack := range []struct {
		name, namespace string
		base            map[string]any // settings of what is deployed
		kinds           []kind
		then            map[string]any // settings of what is deployed after those
		later           []kind
		rotate          string // a generated value that is new at the end
		rotated         kind
	}{
		{"local", localNamespace, localBase, localKinds, protected, localProtectedKinds, "backend-secrets-SECRET_KEY", localRotated},
		{"k3s-local", coreNamespace, nil, coreKinds, protected, coreProtectedKinds, "auth-db-credentials-PASSWORD", coreRotated},
	} {
		t.Run(stack.name, func(t *testing.T) {
			t.Parallel()
			c := newCheckout(t, stack.name)
			c.commit()
			c.set(stack.base)
			c.make("up")
			l := connect(t, strings.TrimSpace(c.make("kubeconfig")), stack.namespace)
			values := l.secretValues()
			var written bytes.Buffer
			for _, one := range some(stack.kinds) {
				t.Run(one.name, func(t *testing.T) { c.comments(t, one, &written) })
			}
			c.set(stack.then)
			c.make("up")
			for _, one := range some(stack.later) {
				t.Run(one.name, func(t *testing.T) { c.comments(t, one, &written) })
			}
			c.make("up", "ARGS=--target-replace urn:pulumi:"+stack.name+"::platform::random:index/randomPassword:RandomPassword::"+stack.rotate)
			t.Run(stack.rotated.name, func(t *testing.T) { c.comments(t, stack.rotated, &written) })
			t.Run("no secret shows", func(t *testing.T) {
				c.make("up") // brings the value that is new to the cluster
				for name, value := range l.secretValues() {
					values[name+" at the end"] = value
				}
				require.NotEmpty(t, values)
				for name, value := range values {
					for _, form := range []string{value, base64.StdEncoding.EncodeToString([]byte(value))} {
						if strings.Contains(written.String(), form) || strings.Contains(c.output.String(), form) {
							t.Errorf("a comment shows %s", name) // and this does not
						}
					}
				}
			})
		})
	}
}

// some are every fourth kind where not every case is tried, of which each has a
// plan, a verdict and a comment of its own.
func some(kinds []kind) []kind {
	if everyCase {
		return kinds
	}
	var few []kind
	for at := 0; at < len(kinds); at += 4 {
		few = append(few, kinds[at])
	}
	return few
}

// protected are the settings of a stack whose data are protected.
var protected = map[string]any{"platform:protect": true}

// comments makes one change, and looks at what is said of it; the checkout is
// then as it was before. All that was written is added to written.
func (c *checkout) comments(t *testing.T, k kind, written *bytes.Buffer) {
	c.t = t
	before, err := os.ReadFile(c.stackFile(c.stack))
	require.NoError(t, err)
	defer c.restore(c.stack, before)
	if k.program != nil {
		k.program(t, c)
	}
	c.set(k.settings)
	folder := t.TempDir()
	data, comment := filepath.Join(folder, "sections.json"), filepath.Join(folder, "comment.md")
	said, code := c.ctl("review", "--out", data)
	require.Equal(t, map[string]int{"Refused": 2, "Failed": 1}[k.verdict], code, said)
	shown, code := c.ctl("comment", "show", data, "--markdown", comment)
	require.Zero(t, code, shown)
	text, err := os.ReadFile(comment)
	require.NoError(t, err)
	sections, err := os.ReadFile(data)
	require.NoError(t, err)
	written.Write(text)
	written.Write(sections)
	k.check(t, string(text))
	if k.chance {
		return
	}
	golden := filepath.Join("testdata", "comments", c.stack, k.name+".md")
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(golden), 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(steady(string(text))), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), steady(string(text)))
}

// check looks for what a reader must learn.
func (k kind) check(t *testing.T, text string) {
	signs := map[string]string{"Safe": "✓", "Review": "▲", "Drifted": "≠", "Destructive": "‼", "Refused": "⊘", "Failed": "✗"}
	if k.verdict != "" {
		assert.Contains(t, text, "\n## "+signs[k.verdict]+" "+k.verdict+": ", "the verdict is in the first heading")
	}
	for _, want := range k.says {
		assert.Contains(t, text, want)
	}
	for _, never := range k.silent {
		assert.NotContains(t, known.ReplaceAllString(text, ""), never)
	}
	var rows []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "| `") {
			rows = append(rows, line)
		}
	}
	if k.rule != "" {
		k.rows = append(slices.Clone(k.rows), row{"**✗ mandatory**", "`" + k.rule + "`"})
	}
	for _, want := range k.rows {
		assert.True(t, slices.ContainsFunc(rows, func(r string) bool {
			return !slices.ContainsFunc(want, func(text string) bool { return !strings.Contains(r, text) })
		}), "a row has %q", want)
	}
	if k.more != nil {
		k.more(t, text)
	}
}

// set edits settings of the stack's file.
func (c *checkout) set(settings map[string]any) {
	for path, value := range settings {
		c.edit(c.stack, path, value)
	}
}

// commit makes the checkout one of git, whose commit the comments name.
func (c *checkout) commit() {
	c.t.Helper()
	c.write(".gitignore", "/bin/\n/out/\n")
	for _, args := range [][]string{{"init", "--quiet"}, {"add", "--all"}, {"-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "commit", "--quiet", "--message", "a state"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = c.dir
		out, err := cmd.CombinedOutput()
		require.NoError(c.t, err, string(out))
	}
}

// ctl runs a command that make has none for, or whose exit code matters.
func (c *checkout) ctl(args ...string) (string, int) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(c.dir, "bin", "platformctl"), append([]string{"--stack", c.stack}, args...)...)
	cmd.Dir = c.dir
	cmd.Env = c.environ()
	out, err := cmd.CombinedOutput()
	c.output.Write(out)
	if exit := (&exec.ExitError{}); !errors.As(err, &exit) {
		require.NoError(c.t, err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// replaceIn changes a text of the program, which must be there once, until the
// test ends.
func replaceIn(file, old, with string) func(*testing.T, *checkout) {
	return func(t *testing.T, c *checkout) {
		path := filepath.Join(c.dir, file)
		before, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, 1, strings.Count(string(before), old), "%s has %s once", file, old)
		require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(before), old, with, 1)), 0o644))
		t.Cleanup(func() { require.NoError(t, os.WriteFile(path, before, 0o644)) })
	}
}

// leastSecret is the length below which a value is taken for a word.
const leastSecret = 8

// secretValues are the values of the namespace's Secrets, by Secret and key.
func (l live) secretValues() map[string]string {
	secrets, err := l.typed.CoreV1().Secrets(l.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(l.t, err)
	values := map[string]string{}
	for _, secret := range secrets.Items {
		for key, value := range secret.Data {
			if len(value) >= leastSecret && !slices.Contains(namesInSecrets, key) {
				values[secret.Name+"/"+key] = string(value)
			}
		}
	}
	return values
}

// What differs between two runs of the same change.
var (
	facts   = regexp.MustCompile(`(?m)Commit .* Planned .*</sub>$`)
	problem = regexp.MustCompile("(?s)(no whole plan of [^\n]*\n\n)```\n.*?\n```\n") // lines of progress, in no order, with folders of this machine
	ending  = regexp.MustCompile(`-[0-9a-f]{8}\b`)                                   // of a name that Pulumi chose
	digest  = regexp.MustCompile(`"?\b[0-9a-f]{16}\b"?`)                             // of what a Job runs and what pods read, some of which is generated
	known   = regexp.MustCompile(`(?s)<details><summary>\d+ findings? of the policies that this change did not bring.*?</details>\n\n`)
	opened  = regexp.MustCompile(`^\*\*(create|update|replace|delete|forget)\*\* `)
	alike   = regexp.MustCompile(`^(\*\*[a-z]+\*\* [0-9,]+ objects alike: )(.*)$`)
)

// steady takes out what differs between two runs. What the policies find in a
// stack as it is goes too: another rule is not another comment.
func steady(text string) string {
	text = facts.ReplaceAllString(known.ReplaceAllString(text, ""), "Commit COMMIT. Planned TIME, with VERSIONS.</sub>")
	text = problem.ReplaceAllString(text, "${1}FAULT\n")
	text = ending.ReplaceAllString(text, "-ENDING")
	return sorted(digest.ReplaceAllString(text, "DIGEST"))
}

// sorted puts rows and resources in the order of their names: the engine plans
// many at once, and tells of each as it is done.
func sorted(text string) string {
	lines := strings.Split(text, "\n")
	var done []string
	for len(lines) > 0 {
		switch {
		case strings.HasPrefix(lines[0], "| `"):
			end := slices.IndexFunc(lines, func(l string) bool { return !strings.HasPrefix(l, "| `") })
			done = append(done, slices.Sorted(slices.Values(lines[:end]))...)
			lines = lines[end:]
		case opened.MatchString(lines[0]):
			end := slices.Index(lines, "</details>")
			done = append(done, resources(lines[:end])...)
			lines = lines[end:]
		default:
			done, lines = append(done, lines[0]), lines[1:]
		}
	}
	return strings.Join(done, "\n")
}

// resources sorts what is said of each; the operations stay in their order.
func resources(lines []string) []string {
	var all []string
	rank := map[string]int{}
	for _, line := range lines {
		if found := opened.FindString(line); found != "" {
			if _, seen := rank[found]; !seen {
				rank[found] = len(rank)
			}
			if parts := alike.FindStringSubmatch(line); parts != nil {
				line = parts[1] + strings.Join(slices.Sorted(slices.Values(strings.Split(parts[2], ", "))), ", ")
			}
			all = append(all, line)
			continue
		}
		all[len(all)-1] += "\n" + line
	}
	slices.SortFunc(all, func(a, b string) int {
		return cmp.Or(rank[opened.FindString(a)]-rank[opened.FindString(b)], strings.Compare(a, b))
	})
	return strings.Split(strings.Join(all, "\n"), "\n")
}
