package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/kballard/go-shellquote"
	"github.com/spf13/cobra"

	"platform/config"
)

// target is one of make's: what stands behind it and which variables it takes,
// beside those of every target.
type target struct {
	command   []string // of platformctl; nil where make itself does it
	variables []string
	args      passing
}

// passing is what becomes of ARGS.
type passing int

const (
	noArgs  passing = iota
	ours            // flags of the command itself
	onwards         // behind --, for the program that the command runs
)

// variableFlags are the flags that take what a variable of make holds.
var variableFlags = map[string]string{
	"STACK": "stack", "CONTEXT": "context", "NODES": "nodes", "SECRETS": "secrets",
	"SECRET": "secret", "OUT": "out", "PLAN": "plan", "BASE": "base", "CHECK": "check", "SERVICE": "service", "TAG": "tag", "ALLOW_OLDER": "allow-older",
}

// The variables of every target that has a command, those that make or go read
// themselves, and those that are not the text of a flag.
var (
	commonVariables = []string{"STACK", "CONTEXT", "NODES", "SECRETS"}
	toolVariables   = []string{"GOFLAGS", "SHELL", "MAKEFLAGS"}
)

const (
	argsVariable    = "ARGS"
	liveVariable    = "LIVE"
	timeoutVariable = "TIMEOUT"
)

// testVariables are those of tests alone.
var testVariables = []string{timeoutVariable, "N", "SEED"}

// targets are those of the Makefile.
var targets = map[string]target{
	"up":               {command: []string{"up"}, variables: []string{"PLAN"}, args: onwards},
	"preview":          {command: []string{"preview"}, args: onwards},
	"down":             {command: []string{"down"}, args: onwards},
	"refresh":          {command: []string{"refresh"}, args: onwards},
	"recover":          {command: []string{"recover"}, args: onwards},
	"render":           {command: []string{"render"}, variables: []string{"OUT"}},
	"rotate":           {command: []string{"rotate"}, variables: []string{"SECRET"}, args: onwards},
	"secrets-template": {command: []string{"secrets", "template"}, args: ours},
	"policy-list":      {command: []string{"policy", "list"}, args: ours},
	"reach":            {command: []string{"reach"}, variables: []string{"BASE", liveVariable}, args: ours},
	"image":            {command: []string{"image"}, variables: []string{"SERVICE", "TAG", "ALLOW_OLDER"}},
	"comment":          {command: []string{"comment", "--html", "out/comment.html"}, variables: []string{"BASE"}, args: ours},
	"drift":            {command: []string{"drift"}, args: ours},
	"gitops":           {command: []string{"gitops"}, variables: []string{"OUT", "CHECK"}, args: ours},
	"ci-access":        {command: []string{"access"}},
	"cluster-up":       {command: []string{"cluster", "up"}},
	"cluster-down":     {command: []string{"cluster", "down"}},
	"kubeconfig":       {command: []string{"cluster", "kubeconfig"}},
	"open":             {command: []string{"open"}},
	"logs":             {command: []string{"logs"}, variables: []string{"SERVICE"}, args: onwards},
	"shell":            {command: []string{"shell"}, variables: []string{"SERVICE"}, args: onwards},
	"psql":             {command: []string{"psql"}, variables: []string{"SERVICE"}, args: onwards},

	"test":       {variables: []string{timeoutVariable}},
	"e2e":        {variables: []string{timeoutVariable}},
	"e2e-nodes":  {variables: []string{timeoutVariable}},
	"e2e-every":  {variables: []string{timeoutVariable}},
	"e2e-kills":  {variables: []string{timeoutVariable, "N", "SEED"}},
	"e2e-argocd": {variables: []string{timeoutVariable}},
	"bench":      {variables: []string{timeoutVariable}},
	"lint":       {},
	"schema":     {},
	"clean":      {},
}

// newMake is what the Makefile runs. It takes the variables from the
// environment: in a recipe, a shell would run what a text of a user holds.
func newMake(f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "make TARGET", Short: "Run what a target of make stands for, with its variables from the environment", Args: cobra.ExactArgs(1), Hidden: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			line, err := commandLine(args[0], givenVariables(os.Getenv("MAKEFLAGS")), os.LookupEnv)
			if err != nil || targets[args[0]].command == nil {
				return err
			}
			root := newRoot(f.known)
			root.SetArgs(line)
			root.SetOut(cmd.OutOrStdout())
			root.SetErr(cmd.ErrOrStderr())
			ctx, stop := whileParentLives(cmd.Context())
			defer stop()
			return root.ExecuteContext(ctx)
		},
	}
}

// parentInterval is how often it is looked whether make is still there.
const parentInterval = time.Second

// whileParentLives is a context that ends with the process that started this one.
// A make that is killed tells nobody, and what it was asked for is to end in order.
func whileParentLives(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithCancel(ctx)
	parent := os.Getppid()
	go func() {
		ticks := time.NewTicker(parentInterval)
		defer ticks.Stop()
		for os.Getppid() == parent {
			select {
			case <-ctx.Done():
				return
			case <-ticks.C:
			}
		}
		stop()
	}()
	return ctx, stop
}

// commandLine is the command of a target, with its flags. Given are the names of the variables
// on make's own command line, each of which must mean something to the target;
// of the environment's, those that do are read.
func commandLine(name string, given []string, lookup func(string) (string, bool)) ([]string, error) {
	t, known := targets[name]
	if !known {
		return nil, fmt.Errorf("make %s: there is no such command; make help lists them", name)
	}
	takes := slices.Clone(t.variables)
	if t.command != nil {
		takes = append(slices.Clone(commonVariables), takes...)
	}
	if t.args != noArgs {
		takes = append(takes, argsVariable)
	}
	var problems []string
	for _, variable := range given {
		if !slices.Contains(takes, variable) && !slices.Contains(toolVariables, variable) {
			problems = append(problems, notTaken(variable, name, takes))
		}
	}
	var flags, last []string
	for _, variable := range takes {
		value, there := lookup(variable)
		switch {
		case !there:
		case variable == argsVariable:
			words, err := shellquote.Split(value)
			if err != nil {
				problems = append(problems, fmt.Sprintf("%s: %v; close its quotes", variable, err))
			}
			last = words
		case value == "":
			problems = append(problems, fmt.Sprintf("%s is empty; leave it out or give it a value", variable))
		case slices.Contains(testVariables, variable): // make's own
		case variable == liveVariable:
			flags = append(flags, "--live")
		default:
			flags = append(flags, "--"+variableFlags[variable]+"="+value)
		}
	}
	if problems != nil {
		return nil, fmt.Errorf("make %s: %s", name, strings.Join(problems, "\n  "))
	}
	line := slices.Concat(t.command, flags)
	if t.args == onwards && len(last) > 0 {
		line = append(line, "--")
	}
	return append(line, last...), nil
}

// notTaken is what is wrong with a variable that a target does not have.
func notTaken(variable, target string, takes []string) string {
	all := append(slices.Collect(maps.Keys(variableFlags)), append(testVariables, argsVariable, liveVariable)...)
	list := fmt.Sprintf("%s takes %s", target, cmp.Or(strings.Join(takes, ", "), "none"))
	if slices.Contains(all, variable) {
		return fmt.Sprintf("%s would ignore %s; %s", target, variable, list)
	}
	if nearest, found := config.Nearest(variable, takes); found {
		return fmt.Sprintf("there is no variable %s; did you mean %s?", variable, nearest)
	}
	return fmt.Sprintf("there is no variable %s; %s", variable, list)
}

// givenVariables are the names of the variables on make's command line, which
// is what follows -- in MAKEFLAGS: NAME=value, with a backslash before each
// space of a value.
func givenVariables(makeflags string) []string {
	_, line, found := strings.Cut(" "+makeflags, " -- ")
	if !found {
		return nil
	}
	var names []string
	for word := range strings.FieldsSeq(strings.NewReplacer(`\\`, "", `\ `, "").Replace(line)) {
		if name, _, is := strings.Cut(word, "="); is {
			names = append(names, strings.TrimRight(name, ":+?!"))
		}
	}
	return names
}
