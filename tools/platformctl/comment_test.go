package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/githubtest"
	"platform/tools/review"
	"platform/tools/review/post"
)

const (
	team     = "team/platform"
	head     = "4fd2a7c0d3b1e5f60718293a4b5c6d7e8f901234"
	ciToken  = "ghs_CanaryTokenThatMustNotShow0123456789"
	password = "correct-horse-battery-staple"
)

// sections are a file as review writes it.
func sections(t *testing.T, all ...review.Section) string {
	t.Helper()
	for i := range all {
		all[i].Format, all[i].Commit, all[i].Time = review.Format, head, time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	}
	path := filepath.Join(t.TempDir(), "sections.json")
	var text bytes.Buffer
	require.NoError(t, review.Write(&text, all)) // without the scan
	require.NoError(t, os.WriteFile(path, text.Bytes(), 0o600))
	return path
}

// github is a double that the command trusts, as a runner trusts the real one.
func github(t *testing.T) *githubtest.Server {
	t.Helper()
	server := githubtest.New(t)
	server.AddPull(team, 12)
	server.Allow(ciToken, githubtest.Actions, true)
	authorities := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(authorities, server.Authority(), 0o600))
	for name, value := range map[string]string{
		"SSL_CERT_FILE": authorities, "GITHUB_API_URL": server.URL(), post.EnvToken: ciToken, "GITHUB_RUN_ID": "", "PASSWORD_OF_A_TEST": password, "SECRET_OF_A_TEST": inTwo,
	} {
		t.Setenv(name, value)
	}
	return server
}

func changed(stack, path, value string) review.Section {
	return review.Section{Stack: stack, View: review.ViewChange, Changes: []review.Change{{
		Op: review.OpUpdate, URN: "urn:" + stack, Kind: "ConfigMap", Object: "core/" + stack, Diffs: []review.Diff{{Path: path, Old: "1", New: value}},
	}}}
}

// whole are sections of every deployed stack in which nothing changes, and
// more.
func whole(view review.View, more ...review.Section) []review.Section {
	var all []review.Section
	for _, stack := range []string{"dev", "k3s", "prod", "staging"} {
		all = append(all, review.Section{Stack: stack, View: view})
	}
	return append(all, more...)
}

// another is a file of another commit.
func another(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, bytes.Replace(text, []byte(head), []byte(strings.Repeat("b", 40)), 1), 0o600))
	return file
}

// first is the line of the comment that people see first.
func first(server *githubtest.Server) string {
	for line := range strings.Lines(server.Comments(team, 12)[0].GetBody()) {
		if !strings.HasPrefix(line, "<!--") && strings.TrimSpace(line) != "" {
			return line
		}
	}
	return ""
}

// The authorities of the system are read once in a process, so all of this is
// one test with one double.
func TestComment(t *testing.T) {
	server := github(t)
	run := 100
	later := func() string { run++; return fmt.Sprintf("%d.1", run) }
	posted := func(args ...string) (string, error) {
		return execute(t, append([]string{"comment", "post", "--repository", team, "--commit", head, "--pull", "12"}, args...)...)
	}
	t.Run("several jobs make one comment, edited ever after", func(t *testing.T) {
		out, err := posted(sections(t, changed("dev", "data.a", "2")), sections(t, changed("k3s", "data.b", "3")), "--run", "7.1")
		require.NoError(t, err)
		assert.Contains(t, out, "https://")
		_, err = posted(sections(t, changed("dev", "data.a", "4")), "--run", "8.1")
		require.NoError(t, err)
		comments := server.Comments(team, 12)
		require.Len(t, comments, 1)
		assert.Contains(t, comments[0].GetBody(), "data.a: 4")
		assert.NotContains(t, comments[0].GetBody(), "data.b")
	})
	t.Run("an older run leaves a newer one's comment alone", func(t *testing.T) {
		_, err := posted(sections(t, changed("dev", "data.a", "5")), "--run", "7.2")
		require.NoError(t, err)
		assert.Contains(t, server.Comments(team, 12)[0].GetBody(), "data.a: 4")
	})
	t.Run("a value that the environment holds is not posted", func(t *testing.T) {
		run := 9
		for name, s := range leaks() {
			_, err := posted(sections(t, s), "--run", strconv.Itoa(run)+".1")
			require.NoError(t, err, name)
			assertScanned(t, name, server.Comments(team, 12)[0].GetBody())
			s.View = review.ViewDrift
			_, err = execute(t, "comment", "issue", "--repository", team, sections(t, s))
			require.NoError(t, err, name)
			issues := server.Issues(team)
			assertScanned(t, name, issues[len(issues)-1].GetBody())
			run++
		}
		_, err := posted(sections(t, assembled()), "--run", strconv.Itoa(run)+".1")
		require.NoError(t, err)
		body := server.Comments(team, 12)[0].GetBody()
		assert.NotContains(t, body, "umbra")
		assert.Contains(t, body, "Withheld", "no part of it holds the value, and all of it does")
	})
	t.Run("a pull request that moved on is no error", func(t *testing.T) {
		requests := len(server.Comments(team, 12))
		out, err := execute(t, "comment", "post", "--repository", team, "--commit", strings.Repeat("a", 40), sections(t, changed("dev", "data.a", "6")))
		require.NoError(t, err)
		assert.Contains(t, out, "has a newer head")
		assert.Len(t, server.Comments(team, 12), requests)
	})
	t.Run("a stack without a plan is reported on the first line", func(t *testing.T) {
		_, err := posted(sections(t, whole(review.ViewChange)...), "--run", later())
		require.NoError(t, err)
		assert.Contains(t, first(server), "Safe")
		_, err = posted(sections(t, whole(review.ViewChange)[:3]...), "--run", later())
		require.NoError(t, err)
		assert.Contains(t, first(server), "Failed")
		assert.NotContains(t, first(server), "Safe")
		assert.Contains(t, server.Comments(team, 12)[0].GetBody(), "no plan of it came")
	})
	empty := filepath.Join(t.TempDir(), "empty.json")
	require.NoError(t, os.WriteFile(empty, []byte("[]\n"), 0o600))
	cluster := whole(review.ViewChange, changed("dev", "data.cluster", "2"))
	cluster[4].View = review.ViewCluster
	drift := whole(review.ViewChange, changed("dev", "data.drift", "2"))
	drift[4].View = review.ViewDrift
	for _, tc := range []struct {
		name    string
		args    []string
		refused string // empty: it is reported, and no error
		verdict string
	}{
		{"no section at all", nil, "", "Failed"},
		{"a folder without any", []string{t.TempDir()}, "", "Failed"},
		{"a list of none", []string{empty}, "sections: there is none", "Failed"},
		{"a folder with all", []string{filepath.Dir(sections(t, whole(review.ViewChange)...))}, "", "Safe"},
		{"a plan twice", []string{sections(t, whole(review.ViewChange)...), sections(t, whole(review.ViewChange)[1:2]...)}, `stack "k3s", view "change": is there twice`, "Failed"},
		{"a plan of another commit", []string{another(t, sections(t, whole(review.ViewChange)...))}, "is of commit", "Failed"},
		{"a cluster's plan from who knows where", []string{sections(t, cluster...)}, `stack "dev", view "cluster": is not taken here`, "Failed"},
		{"a cluster's plan from a fork", []string{sections(t, cluster...), "--head-repository", "someone/platform"}, `view "cluster": is not taken here`, "Failed"},
		{"a cluster's plan from our own branch", []string{sections(t, cluster...), "--head-repository", team}, "", "Safe"},
		{"drift", []string{sections(t, drift...), "--head-repository", team}, `view "drift": is not taken here`, "Failed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := posted(append(tc.args, "--run", later())...)
			if tc.refused == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, tc.refused)
			}
			assert.Contains(t, first(server), tc.verdict)
			assert.NotContains(t, server.Comments(team, 12)[0].GetBody(), map[string]string{"Failed": "Safe:", "Safe": "Failed"}[tc.verdict])
		})
	}
	t.Run("it says whose code computed it", func(t *testing.T) {
		for from, want := range map[string]string{"": "the pull request's own code:", team: "from a branch of this repository", "someone/platform": "from the fork `someone/platform`"} {
			_, err := posted(sections(t, whole(review.ViewChange)...), "--run", later(), "--head-repository", from)
			require.NoError(t, err)
			assert.Contains(t, server.Comments(team, 12)[0].GetBody(), want)
		}
		_, err := posted(sections(t, whole(review.ViewChange)...), "--head-repository", "a/b`<b>")
		require.ErrorContains(t, err, "is not owner/name")
	})
	t.Run("the issue about drift is opened, and closed", func(t *testing.T) {
		drifted := whole(review.ViewDrift)
		drifted[0] = changed("dev", "spec.replicas", "9")
		drifted[0].View = review.ViewDrift
		issue := func(all ...review.Section) (state, body string) {
			out, err := execute(t, "comment", "issue", "--repository", team, sections(t, all...))
			require.NoError(t, err, out)
			issues := server.Issues(team)
			require.NotEmpty(t, issues)
			last := issues[len(issues)-1]
			return last.GetState(), last.GetBody()
		}
		state, body := issue(drifted...)
		assert.Equal(t, "open", state)
		assert.Contains(t, body, "spec.replicas: 9")
		state, _ = issue(whole(review.ViewDrift)...)
		assert.Equal(t, "closed", state)
		state, body = issue(whole(review.ViewDrift)[1:]...)
		assert.Equal(t, "open", state, "one that nobody looked at")
		assert.Contains(t, body, "Failed")
		state, _ = issue(append(whole(review.ViewDrift), whole(review.ViewCluster)...)...)
		assert.Equal(t, "closed", state)
		_, err := execute(t, "comment", "issue", "--repository", team, sections(t, append(whole(review.ViewDrift), whole(review.ViewDrift)...)...))
		require.ErrorContains(t, err, "is there twice")
	})
	t.Run("mistakes are reported", func(t *testing.T) {
		broken := filepath.Join(t.TempDir(), "broken.json")
		require.NoError(t, os.WriteFile(broken, []byte(`[{"stack": "dev", "more": 1}]`), 0o600))
		other := filepath.Join(t.TempDir(), "other.json")
		require.NoError(t, os.WriteFile(other, []byte(`[{"format": 99, "stack": "dev"}]`), 0o600))
		out, err := posted(broken, other, "nonesuch.json")
		for _, want := range []string{"broken.json", `unknown field "more"`, `stack "dev": has format 99`, "nonesuch.json"} {
			require.ErrorContains(t, err, want)
		}
		_, err = posted(sections(t), "--run", "x")
		require.ErrorContains(t, err, `run "x": is not ID.ATTEMPT`)
		t.Setenv(post.EnvToken, "")
		_, err = posted(sections(t))
		require.ErrorContains(t, err, post.EnvToken)
		assert.NotContains(t, out, ciToken)
	})
}

func TestShow(t *testing.T) {
	t.Setenv("PASSWORD_OF_A_TEST", password)
	page, markdown := filepath.Join(t.TempDir(), "out", "comment.html"), filepath.Join(t.TempDir(), "comment.md")
	out, err := execute(t, "comment", "show", sections(t, changed("dev", "data.a", "2")), "--html", page, "--markdown", markdown)
	require.NoError(t, err)
	assert.Contains(t, out, "data.a: 2")
	for _, path := range []string{page, markdown} {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Contains(t, string(text), "data.a", path)
	}
}
