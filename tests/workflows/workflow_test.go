// Package workflows holds what is true of the workflows at GitHub beyond what
// actionlint looks at: who may do what, what is pinned, and what a fork gets.
package workflows

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// root is the checkout.
const root = "../.."

// repository is the text of every workflow and action, by its path in .github.
type repository map[string]string

// load reads the workflows and actions of the checkout.
func load(t *testing.T) repository {
	t.Helper()
	texts := repository{}
	for _, pattern := range []string{"workflows/*", "actions/*/*"} {
		paths, err := filepath.Glob(filepath.Join(root, ".github", pattern))
		require.NoError(t, err)
		for _, path := range paths {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			name, err := filepath.Rel(filepath.Join(root, ".github"), path)
			require.NoError(t, err)
			texts[filepath.ToSlash(name)] = string(text)
		}
	}
	require.NotEmpty(t, texts)
	return texts
}

// workflow is one file of .github/workflows.
type workflow struct {
	file        string // its name
	On          yaml.Node
	Permissions yaml.Node
	Env         map[string]string
	Defaults    struct{ Run struct{ Shell string } }
	Concurrency *concurrency
	Jobs        map[string]job
}

type concurrency struct {
	Group            string
	CancelInProgress string `yaml:"cancel-in-progress"`
	Queue            string
}

// UnmarshalYAML reads the short form too, which is the group alone.
func (c *concurrency) UnmarshalYAML(node *yaml.Node) error {
	type whole concurrency
	if node.Kind == yaml.ScalarNode {
		c.Group = node.Value
		return nil
	}
	return node.Decode((*whole)(c))
}

type job struct {
	file, id       string
	text           string // of the whole job, without comments
	If             string
	Needs          yaml.Node
	RunsOn         yaml.Node `yaml:"runs-on"`
	Permissions    map[string]string
	Environment    yaml.Node
	TimeoutMinutes int `yaml:"timeout-minutes"`
	Concurrency    *concurrency
	Strategy       struct {
		Matrix struct {
			Stack   []string
			Include []map[string]string
		}
	}
	Uses  string
	With  map[string]string
	Steps []step
}

type step struct {
	If    string
	Uses  string
	With  map[string]string
	Run   string
	Shell string
	Env   map[string]string
	ID    string

	ContinueOnError bool `yaml:"continue-on-error"`
}

// workflows are all workflows, by name.
func (r repository) workflows(t *testing.T) []workflow {
	t.Helper()
	var all []workflow
	for _, path := range slices.Sorted(maps.Keys(r)) {
		name, is := strings.CutPrefix(path, "workflows/")
		if !is {
			continue
		}
		w := workflow{file: name}
		require.NoError(t, yaml.Unmarshal([]byte(r[path]), &w), path)
		var raw struct{ Jobs map[string]any }
		require.NoError(t, yaml.Unmarshal([]byte(r[path]), &raw), path)
		for id, j := range w.Jobs {
			text, err := yaml.Marshal(raw.Jobs[id])
			require.NoError(t, err)
			j.file, j.id, j.text = name, id, string(text)
			w.Jobs[id] = j
		}
		all = append(all, w)
	}
	return all
}

func (r repository) workflow(t *testing.T, file string) workflow {
	t.Helper()
	all := r.workflows(t)
	i := slices.IndexFunc(all, func(w workflow) bool { return w.file == file })
	require.NotEqual(t, -1, i, file)
	return all[i]
}

// events are what starts a workflow.
func (w workflow) events() []string {
	var one string
	var list []string
	table := map[string]any{}
	switch {
	case w.On.Decode(&one) == nil:
		return []string{one}
	case w.On.Decode(&list) == nil:
		return list
	default:
		_ = w.On.Decode(&table) // a faulty one has no events, which a rule tells
		return slices.Sorted(maps.Keys(table))
	}
}

func (w workflow) startedBy(event string) bool { return slices.Contains(w.events(), event) }

// jobs are those of all workflows, by file and name.
func jobs(all []workflow) []job {
	var found []job
	for _, w := range all {
		for _, id := range slices.Sorted(maps.Keys(w.Jobs)) {
			found = append(found, w.Jobs[id])
		}
	}
	return found
}

func (j job) name() string { return j.file + " " + j.id }

// labels are those of the runner that the job asks for.
func (j job) labels() []string {
	var one string
	var list []string
	if j.RunsOn.Decode(&one) == nil {
		return []string{one}
	}
	_ = j.RunsOn.Decode(&list)
	return list
}

// needs are the jobs that come before.
func (j job) needs() []string {
	var one string
	var list []string
	if j.Needs.Decode(&one) == nil {
		return []string{one}
	}
	_ = j.Needs.Decode(&list)
	return list
}

// environment is the name of the job's environment.
func (j job) environment() string {
	var name string
	var object struct{ Name string }
	if j.Environment.Decode(&name) == nil {
		return name
	}
	_ = j.Environment.Decode(&object)
	return object.Name
}

// stacks are those of the job's matrix.
func (j job) stacks() []string {
	all := slices.Clone(j.Strategy.Matrix.Stack)
	for _, entry := range j.Strategy.Matrix.Include {
		all = append(all, entry["stack"])
	}
	return all
}

// action is the file of an action of our own.
type action struct {
	file string
	Runs struct{ Steps []step }
}

func (r repository) actions(t *testing.T) []action {
	t.Helper()
	var all []action
	for _, path := range slices.Sorted(maps.Keys(r)) {
		if !strings.HasPrefix(path, "actions/") {
			continue
		}
		a := action{file: path}
		require.NoError(t, yaml.Unmarshal([]byte(r[path]), &a), path)
		all = append(all, a)
	}
	return all
}

// steps are all that run a script, by where they are.
func (r repository) steps(t *testing.T) map[string][]step {
	t.Helper()
	found := map[string][]step{}
	for _, j := range jobs(r.workflows(t)) {
		found[j.name()] = j.Steps
	}
	for _, a := range r.actions(t) {
		found[a.file] = a.Runs.Steps
	}
	return found
}

// used is one line that takes an action or a workflow.
type used struct{ file, what, comment string }

var usesLine = regexp.MustCompile(`(?m)^\s*-?\s*uses:[ \t]*(\S+)[ \t]*(?:#[ \t]*(.*?))?[ \t]*$`)

func (r repository) uses() []used {
	var all []used
	for _, path := range slices.Sorted(maps.Keys(r)) {
		for _, found := range usesLine.FindAllStringSubmatch(r[path], -1) {
			all = append(all, used{path, found[1], found[2]})
		}
	}
	return all
}
