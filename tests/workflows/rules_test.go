package workflows

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rhysd/actionlint"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rules are what holds for the workflows: each lists its errors.
var rules = map[string]func(*testing.T, repository) []string{
	"actionlint":  func(t *testing.T, r repository) []string { return r.actionlint(t) },
	"pins":        func(_ *testing.T, r repository) []string { return r.pins() },
	"scripts":     func(t *testing.T, r repository) []string { return r.scripts(t) },
	"permissions": parsed(permissions),
	"events":      parsed(events),
	"forks":       parsed(forks),
	"answering":   parsed(answering),
	"timeouts":    parsed(timeouts),
	"deployments": parsed(deployments),
	"order":       parsed(order),
	"queues":      parsed(queues),
	"runners":     parsed(runners),
	"caches":      parsed(caches),
	"checks":      parsed(checks),
	"stacks": func(t *testing.T, r repository) []string {
		return stacksAreAll(r.workflows(t), deployed(t))
	},
}

func parsed(rule func([]workflow) []string) func(*testing.T, repository) []string {
	return func(t *testing.T, r repository) []string { return rule(r.workflows(t)) }
}

var byCommit = regexp.MustCompile(`@[0-9a-f]{40} # (v\d+)\.\d+\.\d+`)

// actionlint looks at each workflow twice: as it is, and with each action by
// its major version, since it knows the inputs of an action by that name alone.
func (r repository) actionlint(t *testing.T) (problems []string) {
	t.Helper()
	project, err := actionlint.NewProject(root)
	require.NoError(t, err)
	var options actionlint.LinterOptions
	if path, err := exec.LookPath("shellcheck"); err == nil {
		options.Shellcheck = path
	}
	var out strings.Builder
	linter, err := actionlint.NewLinter(&out, &options)
	require.NoError(t, err)
	for _, path := range slices.Sorted(maps.Keys(r)) {
		if !strings.HasPrefix(path, "workflows/") {
			continue
		}
		for _, text := range []string{r[path], byCommit.ReplaceAllString(r[path], "@$1")} {
			found, err := linter.Lint(filepath.Join(root, ".github", path), []byte(text), project)
			require.NoError(t, err)
			for _, problem := range found {
				problems = append(problems, problem.Error())
			}
		}
	}
	return problems
}

func TestWorkflows(t *testing.T) {
	whole := load(t)
	for name, rule := range rules {
		assert.Empty(t, rule(t, whole), name)
	}
}

// change is one edit of one file, and what the rule says of it.
type change struct{ rule, path, old, with, want string }

const (
	checkout = "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2"
	inPost   = "    permissions:\n      actions: read # the artifacts of another run\n"
	inChange = "    timeout-minutes: 60\n    permissions:\n      contents: read\n    strategy:\n"
	// Of the job that has what a fork wants.
	inCluster = "    needs: cluster-tools\n    if: vars.CLUSTER_PREVIEW == 'true'"
	ownGuard  = " && github.event.pull_request.head.repo.full_name == github.repository"
)

// Every rule sees what it is there for: each row breaks one thing.
var broken = []change{
	{"actionlint", "drift.yml", "    needs: look\n", "    needs: looks\n", "does not exist"},
	{"actionlint", "preview.yml", "if-no-files-found: error", "if-no-file-found: error", "if-no-file-found"},
	{"actionlint", "deploy.yml", "      stack: dev\n", "      stacks: dev\n", "stacks"},
	{"actionlint", "up.yml", "deploy]", "deplo]", `label "deplo" is unknown`},
	{"actionlint", "up.yml", "      queue: max\n", "      queues: max\n", "queues"},
	{"actionlint", "comment.yml", "${{ github.event.workflow_run.html_url }}", "${{ github.event.workflow_run.html }", "workflow"},

	{"permissions", "preview.yml", "permissions: {}\n", "", "has rights for all jobs"},
	{"permissions", "preview.yml", "permissions: {}\n", "permissions: read-all\n", "has rights for all jobs"},
	{"permissions", "comment.yml", "permissions: {}\n", "permissions: {contents: read}\n", "has rights for all jobs"},
	{"permissions", "comment.yml", "pull-requests: write", "issues: write", "comment.yml post: may do"},
	{"permissions", "comment.yml", inPost, inPost + "      deployments: write\n", "comment.yml post: may do"},
	{"permissions", "drift.yml", "      issues: write # the issue\n", "", "drift.yml issue: may do"},
	{"permissions", "test.yml", "  lint:\n", "  style:\n", "test.yml style: is not in the table"},
	{"permissions", "test.yml", "  lint:\n", "  style:\n", "test.yml lint: is in the table of rights and is no job"},

	{"events", "preview.yml", "  pull_request:\n", "  pull_request_target:\n", "is started by [pull_request_target]"},
	{"events", "comment.yml", "  workflow_run:\n", "  issue_comment:\n  workflow_run:\n", "is started by [issue_comment workflow_run]"},
	{"events", "deploy.yml", "  workflow_dispatch:\n", "  pull_request:\n  workflow_dispatch:\n", "is started by [pull_request"},

	{"forks", "preview.yml", inCluster + ownGuard, inCluster, "preview.yml cluster: a fork starts it, and it has an environment"},
	{"forks", "preview.yml", inCluster + ownGuard, inCluster, "has id-token: write"},
	{"forks", "preview.yml", inCluster + ownGuard, inCluster, "runs on a machine of ours"},
	{"forks", "preview.yml", inCluster + ownGuard, inCluster, "takes credentials"},
	{"forks", "preview.yml", inCluster + ownGuard, inCluster + strings.Replace(ownGuard, " && ", " || ", 1), "preview.yml cluster: a fork"},
	{"forks", "preview.yml", inCluster + ownGuard, inCluster + strings.Replace(ownGuard, "==", "!=", 1), "preview.yml cluster: a fork"},
	{"forks", "preview.yml", inCluster + ownGuard, inCluster + " && github.event.pull_request.base.repo.full_name == github.repository", "preview.yml cluster: a fork"},
	{"forks", "preview.yml", inChange, "    environment: prod\n" + inChange, "preview.yml change: a fork starts it, and it has an environment"},
	{"forks", "preview.yml", inChange, strings.Replace(inChange, "contents: read", "contents: read\n      pull-requests: write", 1), "preview.yml change: a fork starts it, and it has pull-requests: write"},
	{"forks", "preview.yml", "          STACK: ${{ matrix.stack }}\n          BASE:", "          KEY: ${{ secrets.KEY }}\n          STACK: ${{ matrix.stack }}\n          BASE:", "preview.yml change: a fork starts it, and it names secrets"},
	{"forks", "preview.yml", "  PLATFORM_TOOLCHAIN: build\n", "  PLATFORM_TOOLCHAIN: build\n  KEY: ${{ secrets.KEY }}\n", "hands a secret to every job"},
	{"forks", "preview.yml", "    runs-on: ubuntu-24.04\n    timeout-minutes: 60\n", "    runs-on: [self-hosted, epfl]\n    timeout-minutes: 60\n", "preview.yml change: a fork starts it, and it runs on a machine of ours"},
	{"forks", "test.yml", "      - run: make lint\n", "      - uses: ./.github/actions/credentials\n      - run: make lint\n", "test.yml lint: a fork starts it, and it takes credentials"},
	{"forks", "gitops.yml", "    if: github.event_name == 'push' && github.ref", "    if: github.ref", "gitops.yml publish: a fork starts it, and it has contents: write"},
	{"forks", "test.yml", "jobs:\n", "jobs:\n  all:\n    uses: ./.github/workflows/up.yml\n", "test.yml all: a fork starts it, and it calls another workflow"},

	{"answering", "comment.yml", "          persist-credentials: false\n", "          persist-credentials: false\n          ref: ${{ github.event.workflow_run.head_sha }}\n", "checks out something else"},
	{"answering", "comment.yml", "          persist-credentials: false\n", "          persist-credentials: false\n          repository: ${{ github.event.workflow_run.head_repository.full_name }}\n", "checks out something else"},
	{"answering", "comment.yml", "          path: ${{ runner.temp }}/sections\n", "          path: sections\n", "puts the artifact into the checkout"},
	{"answering", "comment.yml", "        run: bin/platformctl", "        run: make ctl && bin/platformctl", "runs what may be the artifact's"},
	{"answering", "comment.yml", "        run: bin/platformctl", "        run: $RUNNER_TEMP/sections/platformctl", "runs what may be the artifact's"},
	{"answering", "comment.yml", "\"$GITHUB_REPOSITORY\" --commit", "\"$(cat \"$RUNNER_TEMP\"/sections/repository)\" --commit", "runs what may be the artifact's"},
	{"answering", "comment.yml", "      - env:\n          GITHUB_TOKEN", "      - uses: ./.github/actions/prepare\n      - env:\n          GITHUB_TOKEN", "after the artifact came"},
	{"answering", "comment.yml", "      - env:\n          GITHUB_TOKEN", "      - uses: " + checkout + "\n      - env:\n          GITHUB_TOKEN", "after the artifact came"},

	{"pins", "comment.yml", checkout, "actions/checkout@v6", "actions/checkout@v6 is not pinned"},
	{"pins", "comment.yml", checkout, "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83d # v6.0.2", "is not pinned"},
	{"pins", "comment.yml", checkout, strings.TrimSuffix(checkout, " # v6.0.2"), "has no comment with its version"},
	{"pins", "comment.yml", checkout, strings.Replace(checkout, "v6.0.2", "v6", 1), "has no comment with its version"},
	{"pins", "comment.yml", checkout, "actions/checkout@ee0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2", "is another one than in"},
	{"pins", "comment.yml", checkout, "docker://alpine:3", "docker://alpine:3 is not pinned"},
	{"pins", "../actions/tools/action.yml", "actions/cache@668228422ae6a00e4ad889ee87cd7109ec5666a7 # v5.0.4", "actions/cache@main", "actions/cache@main is not pinned"},

	{"scripts", "image.yml", `--service "$SERVICE"`, `--service "${{ inputs.service }}"`, "image.yml edit: has an expression in a script"},
	{"scripts", "../actions/credentials/action.yml", `folder $FOLDER of`, `folder ${{ inputs.folder }} of`, "actions/credentials/action.yml: has an expression"},
	{"scripts", "up.yml", "          persist-credentials: false\n", "", "up.yml plan: leaves its token in the checkout"},
	{"scripts", "image.yml", "    shell: bash", "    shell: sh", "image.yml: its default shell is not bash"},
	{"scripts", "../actions/prepare/action.yml", "shell: bash", "shell: sh", "another shell than bash"},
	{"scripts", "comment.yml", checkout, "actions/github-script@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2", "a script that is not tested"},

	{"timeouts", "comment.yml", "    timeout-minutes: 20\n", "", "comment.yml post: may run for 0 minutes"},
	{"timeouts", "comment.yml", "    timeout-minutes: 20\n", "    timeout-minutes: 360\n", "comment.yml post: may run for 360 minutes"},

	{"deployments", "up.yml", "      cancel-in-progress: false\n", "      cancel-in-progress: true\n", "up.yml up: a deployment may be cancelled"},
	{"deployments", "up.yml", "      cancel-in-progress: false\n", "      cancel-in-progress: ${{ github.event_name == 'push' }}\n", "up.yml up: a deployment may be cancelled"},
	{"deployments", "up.yml", "group: up-${{ inputs.stack }}", "group: up", "outside of the group up-STACK"},
	{"deployments", "up.yml", "    environment: ${{ inputs.stack }}\n", "", "without the approvals"},
	{"deployments", "up.yml", "    timeout-minutes: 180\n", "    timeout-minutes: 120\n", "has a limit of 120 minutes, and its deployment one of 135"},
	{"deployments", "up.yml", "timeout --signal=INT --kill-after=15m 120m make up", "make up", "deploys by another command"},
	{"deployments", "up.yml", ` PLAN="$RUNNER_TEMP/approved/plan.json"`, "", "deploys by another command"},
	{"deployments", "drift.yml", "bin/platformctl drift", "bin/platformctl refresh && bin/platformctl drift", "drift.yml look: deploys outside of the group"},
	{"deployments", "deploy.yml", "jobs:\n", "concurrency: {group: deploy, cancel-in-progress: true}\njobs:\n", "calls a deployment from within a group"},
	{"deployments", "image.yml", "    uses: ./.github/workflows/up.yml\n", "    concurrency: image\n    uses: ./.github/workflows/up.yml\n", "calls a deployment from within a group"},
	{"deployments", "up.yml", "jobs:\n", "concurrency: {group: up}\njobs:\n", "the whole workflow has a group"},

	{"queues", "image.yml", "      queue: max", "      #", "image.yml edit: a second image that waits"},
	{"queues", "up.yml", "queue: max", "queue: many", "up.yml up: has a queue that GitHub refuses"},
	{"queues", "up.yml", "      cancel-in-progress: false\n      queue", "      cancel-in-progress: true\n      queue", "up.yml up: has a queue that GitHub refuses"},
	{"deployments", "up.yml", "      queue: max\n", "", "a second deployment that waits"},

	{"runners", "drift.yml", "read]", "deploy]", "drift.yml look: changes a stack elsewhere"},
	{"runners", "up.yml", "read]", "deploy]", "up.yml plan: changes a stack elsewhere"},
	{"runners", "up.yml", "deploy]", "read]", "up.yml up: changes a stack elsewhere"},
	{"runners", "preview.yml", "preview]", "deploy]", "preview.yml cluster: changes a stack elsewhere"},

	{"caches", "deploy.yml", "          set: engine\n", "          set: engine\n          cache: true\n", "deploy.yml tools: has credentials"},
	{"caches", "drift.yml", "          set: engine\n", "          set: engine\n          cache: true\n", "drift.yml tools: has credentials"},
	{"caches", "image.yml", "          tools: tools\n", "          tools: tools\n          cache: program\n", "image.yml edit: has credentials"},
	{"caches", "up.yml", "          tools: tools\n", "          tools: tools\n          cache: program\n", "up.yml plan: has credentials"},
	{"caches", "preview.yml", "          name: tools-uncached\n", "          cache: true\n          name: tools-uncached\n", "preview.yml cluster-tools: has credentials"},
	{"caches", "comment.yml", "      - uses: ./.github/actions/prepare\n", "      - uses: ./.github/actions/prepare\n        with:\n          cache: comment\n", "comment.yml post: has credentials"},
	{"caches", "gitops.yml", "cache: ${{ github.event_name == 'pull_request' }}", "cache: true", "gitops.yml tools: has credentials"},
	{"caches", "gitops.yml", "${{ github.event_name == 'pull_request' && 'program' || '' }}", "program", "gitops.yml render: has credentials"},
	{"caches", "test.yml", "cache: lint", "cache: test", "test.yml"},

	{"checks", "preview.yml", "if: ${{ !cancelled() }} # and fails", "if: success() # and fails", "preview.yml change: is skipped"},
	{"checks", "test.yml", "if: ${{ !cancelled() }} # and fails", "if: success() # and fails", "test.yml lint: is skipped"},

	{"order", "deploy.yml", "    needs: staging\n", "    needs: dev\n", "deploy.yml prod: does not wait until staging is deployed"},
	{"order", "deploy.yml", "needs.dev.outputs.deployed == 'true'", "needs.dev.result != 'failure'", "deploy.yml staging: does not wait until dev is deployed"},
	{"order", "deploy.yml", "!cancelled() && needs.dev", "always() || needs.dev", "deploy.yml staging: does not wait"},
	{"order", "up.yml", "needs.plan.result == 'success' && ", "", "up.yml done: says that a stack is deployed"},
	{"order", "up.yml", "    needs: [plan, up]\n", "    needs: [plan]\n", "up.yml done: says that a stack is deployed"},

	{"stacks", "preview.yml", "[dev, staging, prod, k3s]", "[dev, staging, prod]", "preview.yml change: lacks stack k3s"},
	{"stacks", "drift.yml", "          - {stack: prod, site: epfl}\n", "", "drift.yml look: lacks stack prod"},
	{"stacks", "drift.yml", "{stack: k3s, site: edd-cloud}", "{stack: k3s, site: epfl}", "stack k3s is not at epfl"},
	{"stacks", "image.yml", "[dev, staging, prod, k3s]", "[dev, staging, prod, k3s, local]", "image.yml: has local, which is not deployed"},
	{"stacks", "deploy.yml", "      stack: staging\n", "      stack: dev\n", "deploy.yml: lacks stack staging"},
	{"stacks", "up.yml", "'k3s' && 'edd-cloud' || 'epfl'", "'k3s' && 'epfl' || 'edd-cloud'", "may not reach its cluster"},
}

func TestRulesSeeWhatTheyAreFor(t *testing.T) {
	whole := load(t)
	seen := map[string]bool{}
	for _, row := range broken {
		t.Run(row.rule+" "+row.want, func(t *testing.T) {
			path := filepath.ToSlash(filepath.Join("workflows", row.path))
			require.Contains(t, whole[path], row.old, path)
			edited := maps.Clone(whole)
			edited[path] = strings.Replace(whole[path], row.old, row.with, 1)
			if row.rule == "actionlint" { // looks at each file alone
				edited = repository{path: edited[path]}
			}
			assert.Contains(t, strings.Join(rules[row.rule](t, edited), "\n"), row.want)
		})
		seen[row.rule] = true
	}
	assert.Len(t, seen, len(rules), "each rule has a row")
}

// TestDocumentTellsRights holds docs/ci.md against the tables here and the
// pins of the workflows.
func TestDocumentTellsRights(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "ci.md"))
	require.NoError(t, err)
	document := string(text)
	for job, g := range grants {
		assert.Contains(t, document, g.row(job))
	}
	for _, u := range load(t).uses() {
		if name, commit, ours := strings.Cut(u.what, "@"); ours {
			assert.Contains(t, document, "| `"+name+"` | "+u.comment+" | `"+commit+"` |")
		}
	}
}

// variable is a setting that the workflows take from GitHub.
var variable = regexp.MustCompile(`\b(?:vars|secrets)\.(\w+)`)

// TestDocumentTellsSettings: whatever is taken from GitHub's settings is reported.
func TestDocumentTellsSettings(t *testing.T) {
	document, err := os.ReadFile(filepath.Join(root, "docs", "ci.md"))
	require.NoError(t, err)
	for path, text := range load(t) {
		for _, found := range variable.FindAllStringSubmatch(text, -1) {
			assert.Contains(t, string(document), "`"+found[1]+"`", path)
		}
	}
}
