package workflows

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"platform/config"
)

var (
	changing = regexp.MustCompile(`(?m)(?:\bmake|\bplatformctl) +(?:-\S+ +)*(?:up|down|rotate|recover|refresh)\b`)
	bounded  = regexp.MustCompile(`(?m)^timeout --signal=INT --kill-after=(\d+)m (\d+)m make up STACK="\$STACK" PLAN="\$RUNNER_TEMP/approved/plan.json" ARGS=--yes$`)
)

// deployments: what changes a stack runs once at a time for that stack, is not
// cancelled by anything but a person, and is ended in order before its job is.
func deployments(all []workflow) (problems []string) {
	for _, w := range all {
		for _, j := range jobs([]workflow{w}) {
			if deploys(j) {
				problems = append(problems, j.unsafe()...)
				if w.Concurrency != nil {
					problems = append(problems, w.file+": the whole workflow has a group; a deployment has one of its own")
				}
			}
			if strings.HasSuffix(j.Uses, "/up.yml") && (w.Concurrency != nil || j.Concurrency != nil) {
				problems = append(problems, j.name()+": calls a deployment from within a group, which may cancel it")
			}
		}
	}
	return problems
}

// deploys reports whether a job changes what runs. One that only plans says so
// in the name of its environment.
func deploys(j job) bool {
	return slices.ContainsFunc(j.Steps, func(s step) bool { return changing.MatchString(s.Run) })
}

func (j job) unsafe() (problems []string) {
	add := func(format string, args ...any) {
		problems = append(problems, j.name()+": "+fmt.Sprintf(format, args...))
	}
	stack := "${{ inputs.stack }}"
	switch {
	case j.Concurrency == nil || j.Concurrency.Group != "up-"+stack:
		add("deploys outside of the group up-STACK")
	case j.Concurrency.CancelInProgress != "false":
		add("a deployment may be cancelled")
	case j.Concurrency.Queue != "max":
		add("a second deployment that waits takes the place of the first")
	}
	if j.environment() != stack {
		add("deploys without the approvals of the environment STACK")
	}
	for _, s := range j.Steps {
		if !changing.MatchString(s.Run) {
			continue
		}
		limits := bounded.FindStringSubmatch(strings.TrimSpace(s.Run))
		if limits == nil {
			add("deploys by another command than timeout … make up")
			continue
		}
		grace, _ := strconv.Atoi(limits[1])
		limit, _ := strconv.Atoi(limits[2])
		if grace+limit >= j.TimeoutMinutes {
			add("has a limit of %d minutes, and its deployment one of %d", j.TimeoutMinutes, grace+limit)
		}
	}
	return problems
}

// before says which stack has to be deployed ahead of which.
var before = map[string]string{"staging": "dev", "prod": "staging"}

// queues: actionlint does not know the key, so its value is looked at here. An
// image that is asked for waits for those before it, and is not forgotten.
func queues(all []workflow) (problems []string) {
	check := func(name string, c *concurrency) {
		if c != nil && c.Queue != "" && (c.Queue != "max" || c.CancelInProgress != "false") {
			problems = append(problems, name+": has a queue that GitHub refuses; write queue: max beside cancel-in-progress: false")
		}
	}
	for _, w := range all {
		check(w.file, w.Concurrency)
		for id, j := range w.Jobs {
			check(j.name(), j.Concurrency)
			if w.file == "image.yml" && id == "edit" && (j.Concurrency == nil || j.Concurrency.Queue != "max") {
				problems = append(problems, j.name()+": a second image that waits takes the place of the first")
			}
		}
	}
	return problems
}

// runners: what changes a stack has machines of its own. What only looks at
// one, or runs what a pull request brings, never comes there.
func runners(all []workflow) (problems []string) {
	for _, j := range jobs(all) {
		if slices.Contains(j.labels(), "self-hosted") && slices.Contains(j.labels(), "deploy") != deploys(j) {
			problems = append(problems, j.name()+": changes a stack elsewhere than on a runner deploy, or is there to look at one")
		}
	}
	return problems
}

// order: a stack is deployed after the one before it, and only if that is.
func order(all []workflow) (problems []string) {
	for _, j := range jobs(all) {
		first := before[j.With["stack"]]
		if j.file != "deploy.yml" || first == "" {
			continue
		}
		if !slices.Equal(j.needs(), []string{first}) || j.If != "${{ !cancelled() && needs."+first+".outputs.deployed == 'true' }}" {
			problems = append(problems, j.name()+": does not wait until "+first+" is deployed")
		}
	}
	for _, w := range all {
		if done, is := w.Jobs["done"]; w.file == "up.yml" && (!is || done.If != doneIf || !slices.Equal(done.needs(), []string{"plan", "up"})) {
			problems = append(problems, "up.yml done: says that a stack is deployed where it is not")
		}
	}
	return problems
}

// doneIf is when a stack is as its commit has it: there was a plan, and what
// it asked for was done, or it asked for nothing.
const doneIf = "${{ !cancelled() && needs.plan.result == 'success' && (needs.up.result == 'success' || needs.up.result == 'skipped') }}"

// deployed are the stacks that a cluster of their own waits for, and where it
// is; the others live on an embedded one.
func deployed(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, "Pulumi.*.yaml"))
	require.NoError(t, err)
	sites := map[string]string{}
	for _, path := range paths {
		stack := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "Pulumi."), ".yaml")
		cfg, err := config.ReadFile(stack, path)
		require.NoError(t, err)
		if cfg.Shared().Cluster.Context == "platform-"+stack {
			continue
		}
		sites[stack] = "epfl"
		if _, is := cfg.(*config.EddCloud); is {
			sites[stack] = "edd-cloud"
		}
	}
	return sites
}

// siteOf chooses the runner of a stack in up.yml.
const siteOf = "${{ inputs.stack == 'k3s' && 'edd-cloud' || 'epfl' }}"

// stacksAreAll: a stack that is deployed is previewed, looked at and offered
// everywhere, on a runner that reaches its cluster.
func stacksAreAll(all []workflow, sites map[string]string) (problems []string) {
	check := func(where string, found []string) {
		for stack := range sites {
			if !slices.Contains(found, stack) {
				problems = append(problems, where+": lacks stack "+stack)
			}
		}
		for _, stack := range found {
			if sites[stack] == "" {
				problems = append(problems, where+": has "+stack+", which is not deployed")
			}
		}
	}
	var called []string
	for _, j := range jobs(all) {
		if found := j.stacks(); len(found) > 0 {
			check(j.name(), found)
		}
		for _, entry := range j.Strategy.Matrix.Include {
			if entry["site"] != sites[entry["stack"]] {
				problems = append(problems, fmt.Sprintf("%s: stack %s is not at %s", j.name(), entry["stack"], entry["site"]))
			}
		}
		if labels := j.labels(); slices.Contains(labels, "self-hosted") && !slices.Contains(labels, siteOf) && !slices.Contains(labels, "${{ matrix.site }}") {
			problems = append(problems, j.name()+": runs on a machine of ours that may not reach its cluster")
		}
		if j.file == "deploy.yml" && j.Uses != "" {
			called = append(called, j.With["stack"])
		}
	}
	check("deploy.yml", called)
	for _, w := range all {
		var on struct {
			WorkflowDispatch struct {
				Inputs struct{ Stack struct{ Options []string } }
			} `yaml:"workflow_dispatch"`
		}
		if w.On.Kind == yaml.MappingNode && w.On.Decode(&on) == nil && len(on.WorkflowDispatch.Inputs.Stack.Options) > 0 {
			check(w.file, on.WorkflowDispatch.Inputs.Stack.Options)
		}
	}
	return problems
}
