package workflows

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	hashed = regexp.MustCompile(`hashFiles\(([^)]*)\)`)
	quoted = regexp.MustCompile(`'([^']*)'`)
)

// TestCacheFollowsTheToolchain: the key of the cache hashes every file that
// the toolchain hashes, which is all of each folder with a go.mod below tools,
// and the catalogue, which has versions and flags.
func TestCacheFollowsTheToolchain(t *testing.T) {
	found := hashed.FindStringSubmatch(load(t)["actions/tools/action.yml"])
	require.Len(t, found, 2)
	var patterns []string
	for _, pattern := range quoted.FindAllStringSubmatch(found[1], -1) {
		patterns = append(patterns, pattern[1])
	}
	covered := func(path string) bool {
		for _, pattern := range patterns {
			if doublestar.MatchUnvalidated(pattern, path) {
				return true
			}
		}
		return false
	}
	folders, err := filepath.Glob(filepath.Join(root, "tools", "*", "go.mod"))
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	folders = append(folders, filepath.Join(root, "tools", "toolchain", "tool.go"))
	for _, file := range folders {
		require.NoError(t, filepath.WalkDir(filepath.Dir(file), func(path string, entry fs.DirEntry, err error) error {
			name, relErr := filepath.Rel(root, path)
			require.NoError(t, relErr)
			if entry.Type().IsRegular() && !strings.HasSuffix(name, "_test.go") {
				assert.True(t, covered(filepath.ToSlash(name)), "%s is not part of the cache's key", name)
			}
			return err
		}))
	}
	assert.False(t, covered("tools/engine/plan.go"), "what builds no tool")
}

// TestCachesAreThose that are used: the folder is the toolchain's own, and the
// job's own.
func TestCachesAreThose(t *testing.T) {
	source, err := os.ReadFile(filepath.Join(root, "tools", "toolchain", "root.go"))
	require.NoError(t, err)
	assert.Contains(t, string(source), `os.Getenv("PLATFORM_CACHE")`)
	assert.Contains(t, string(source), `os.Getenv("XDG_STATE_HOME")`)
	assert.Contains(t, load(t)["actions/prepare/action.yml"], `echo "PLATFORM_CACHE=$RUNNER_TEMP/platform" >>"$GITHUB_ENV"`)
	assert.Contains(t, load(t)["actions/prepare/action.yml"], `echo "XDG_STATE_HOME=$RUNNER_TEMP/state" >>"$GITHUB_ENV"`, "no cache has states, nor a login")
	assert.Contains(t, load(t)["actions/tools/action.yml"], "path: ${{ runner.temp }}/platform/toolchain\n")
	for path, text := range load(t) {
		assert.NotContains(t, text, ".cache/platform", "%s: other runners of the same user have the same home", path)
		for _, state := range []string{".local/state", "runner.temp }}/state", "RUNNER_TEMP/state\"/"} {
			assert.NotContains(t, text, state, "%s: states and logins leave no job", path)
		}
	}
}

// valuable reports whether a job has something that others must not get at.
func (j job) valuable() bool {
	if j.environment() != "" || secretContext.MatchString(j.text) {
		return true
	}
	return slices.Contains(slices.Collect(maps.Values(j.Permissions)), "write")
}

// caches: any job of main may write any cache of main, and so whatever runs
// beside a credential restores none, nor do the jobs that build for it. Jobs
// of different kinds have different keys: the one that compiles least would
// fill the key for all.
func caches(all []workflow) (problems []string) {
	kinds := map[string]string{}
	for _, w := range all {
		clean := map[string]bool{} // jobs that must not take from a cache
		var mark func(id string)
		mark = func(id string) {
			if clean[id] {
				return
			}
			clean[id] = true
			for _, need := range w.Jobs[id].needs() {
				mark(need)
			}
		}
		for id, j := range w.Jobs {
			if j.valuable() {
				mark(id)
			}
		}
		for id, j := range w.Jobs {
			for _, s := range j.Steps {
				cached := s.With["cache"] != "" && s.With["cache"] != "false"
				if strings.HasPrefix(s.With["cache"], "${{ github.event_name == 'pull_request' ") && w.Jobs["publish"].keptFromForks() {
					continue // what has the credentials does not run then
				}
				if clean[id] && (cached || strings.HasPrefix(s.Uses, "actions/cache")) {
					problems = append(problems, j.name()+": has credentials, or builds for a job that has, and takes what others put into a cache")
				}
				if s.Uses != "./.github/actions/prepare" || !cached {
					continue
				}
				kind := s.With["cache"]
				if other := kinds[kind]; other != "" && kind != "program" {
					problems = append(problems, j.name()+": has the cache of "+other+"; give it a kind of its own")
				}
				kinds[kind] = j.name()
			}
		}
	}
	return problems
}

// checks: a job that is skipped counts as a check that has passed, so the ones
// that a pull request needs run whatever became of those before them.
func checks(all []workflow) (problems []string) {
	for _, j := range jobs(all) {
		if slices.Contains([]string{"lint", "test", "every", "nodes", "change", "render"}, j.id) && len(j.needs()) > 0 && !strings.Contains(j.If, "!cancelled()") {
			problems = append(problems, j.name()+": is skipped, and so passes, where the job before it failed; write if: ${{ !cancelled() }}")
		}
	}
	return problems
}

// TestToolsGoFromJobToJob packs what one job built, and takes it in another.
func TestToolsGoFromJobToJob(t *testing.T) {
	newCheckout := func() *machine {
		m := newMachine(t)
		for _, file := range []string{"go.mod", "go.sum", "config/a.go", "policy/a.go", "tools/a.go"} {
			m.write(file, "work", file)
		}
		m.git(".")
		m.env["GITHUB_WORKSPACE"], m.env["SET"], m.env["PLATFORM_CACHE"] = filepath.Join(m.folder, "work"), "engine", filepath.Join(m.folder, "temp", "platform")
		m.stub("make", "")
		return m
	}
	builder := newCheckout()
	builder.stub("bin/platformctl", `case $* in
"toolchain --engine") mkdir -p "$PLATFORM_CACHE/toolchain/pulumi-1/bin" && echo built >"$PLATFORM_CACHE/toolchain/pulumi-1/bin/pulumi" ;;
build) mkdir -p "$PLATFORM_CACHE/executables" && echo compiled >"$PLATFORM_CACHE/executables/platform-1" ;;
*) exit 1 ;;
esac`)
	out, err := builder.run("actions/tools/action.yml", "tar --create")
	require.NoError(t, err, out)
	for name, tc := range map[string]struct {
		file  string // that another commit changed
		takes bool
	}{
		"the same commit": {"", true}, "another stack file": {"Pulumi.k3s.yaml", true}, "another program": {"tools/a.go", false}, "another module": {"go.sum", false},
	} {
		t.Run(name, func(t *testing.T) {
			m := newCheckout()
			if tc.file != "" {
				m.write("changed", "work", tc.file)
				m.git(".")
			}
			m.write(builder.read("temp", "tools.tar"), "temp", "tools", "tools.tar")
			m.write("another's", "temp", "platform", "toolchain", "pulumi-1", "bin", "pulumi")
			out, err := m.run("actions/prepare/action.yml", "tar --extract")
			require.NoError(t, err, out)
			assert.Equal(t, "built\n", m.read("temp", "platform", "toolchain", "pulumi-1", "bin", "pulumi"))
			assert.Equal(t, "compiled\n", m.read("temp", "platform", "executables", "platform-1"))
			assert.Equal(t, tc.takes, m.read("work", "bin", "platformctl") != "")
		})
	}
}

// TestDependabotSeesEveryPin: a folder that it does not look into grows old.
func TestDependabotSeesEveryPin(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, ".github", "dependabot.yml"))
	require.NoError(t, err)
	assert.Contains(t, string(text), "directories: [/, /.github/actions/*]")
	assert.Contains(t, string(text), "package-ecosystem: gomod\n    directory: /\n")
	require.NoError(t, filepath.WalkDir(filepath.Join(root, "tools"), func(path string, entry fs.DirEntry, err error) error {
		if entry.Name() == "go.mod" {
			folder, err := filepath.Rel(root, filepath.Dir(path))
			require.NoError(t, err)
			assert.Regexp(t, `(?m) /`+filepath.ToSlash(folder)+`$`, string(text))
		}
		return err
	}))
}

var imageLine = regexp.MustCompile(`(?m)^ *image: *(\S+)`)

// TestRenovateSeesEveryImage: what Renovate looks for finds every image of the
// stack files, with its version.
func TestRenovateSeesEveryImage(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, ".github", "renovate.json"))
	require.NoError(t, err)
	var renovate struct {
		CustomManagers []struct{ ManagerFilePatterns, MatchStrings []string }
	}
	require.NoError(t, json.Unmarshal(text, &renovate))
	require.Len(t, renovate.CustomManagers, 1)
	manager := renovate.CustomManagers[0]
	files := regexp.MustCompile(strings.Trim(manager.ManagerFilePatterns[0], "/"))
	match := regexp.MustCompile(manager.MatchStrings[0])
	paths, err := filepath.Glob(filepath.Join(root, "Pulumi.*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		assert.True(t, files.MatchString(filepath.Base(path)), path)
		stack, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, line := range imageLine.FindAllStringSubmatch(string(stack), -1) {
			found := match.FindStringSubmatch(line[0])
			if assert.NotNil(t, found, line[0]) {
				assert.Equal(t, line[1], found[match.SubexpIndex("depName")]+":"+found[match.SubexpIndex("currentValue")])
			}
		}
	}
}
