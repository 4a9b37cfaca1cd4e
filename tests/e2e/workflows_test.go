//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review"
)

// TestWorkflows is a day at GitHub: a first deployment by an image, a pull
// request, its comment, a night's look at drift, and what Argo CD is to deploy.
// The stack dev has a cluster; staging, prod and k3s have none that answers.
// Its steps build on each other.
func TestWorkflows(t *testing.T) {
	t.Parallel()
	c, l, v := newShared(t)
	h := newHub(t, c)
	for _, folder := range []string{"/ci/preview/dev", "/ci/up/dev"} {
		h.hands(folder)
	}
	if everyCase {
		t.Run("an image that is refused is not committed", func(t *testing.T) {
			before := h.git("rev-parse", "main")
			log, failed := h.run(t, "workflow_dispatch", "image.yml", h.onMain(map[string]any{"stack": "dev", "service": "postgres", "tag": "17-alpine", "older": ""}))
			assert.Equal(t, []string{"edit"}, failed)
			says(t, log, "::error::stack dev: ")
			assert.Equal(t, before, h.git("rev-parse", "main"))
			assert.Empty(t, l.inventory())
		})
	}
	const image = "ghcr.io/epfl-enac/epfl/co2-calculator/frontend"
	t.Run("an image is committed and deployed", func(t *testing.T) {
		log, failed := h.run(t, "workflow_dispatch", "image.yml", h.onMain(map[string]any{"stack": "dev", "service": "frontend", "tag": strings.Repeat("a", 40), "older": ""}))
		require.Empty(t, failed, log)
		text, err := os.ReadFile(c.stackFile("dev"))
		require.NoError(t, err)
		assert.Contains(t, string(text), image+":"+strings.Repeat("a", 40), "main has it")
		assert.Equal(t, image+":"+strings.Repeat("a", 40), l.deployments()["frontend"].Spec.Template.Spec.Containers[0].Image)
		assert.FileExists(t, h.shelf("plan-dev", "plan.json"))
	})
	t.Run("a pull request that two stacks refuse", func(t *testing.T) {
		commit := h.branch("change", func() {
			c.edit("dev", "platform:frontend.image", image+":"+strings.Repeat("b", 40))
			c.edit("staging", "platform:redis.image", retired)
			c.edit("prod", "platform:redis.storageClass", "local-path")
		})
		log, failed := h.run(t, "pull_request", "preview.yml", h.pull(commit), "--var", "CLUSTER_PREVIEW=true")
		assert.Equal(t, []string{"change (prod)", "change (staging)", "cluster (k3s)", "cluster (prod)", "cluster (staging)"}, failed)
		says(t, log, "::error::stack staging: ")
		says(t, log, "::error::stack prod: ")
		assert.NotContains(t, log, "::error::stack dev: ")
		says(t, log, "folder /ci/preview/prod of Infisical lacks KUBECONFIG_CONTENT")
		for _, name := range []string{"dev-change", "dev-cluster"} {
			dev := h.section(t, name)
			require.Len(t, dev.Changes, 1, name)
			assert.Equal(t, "Deployment co2-calculator-dev/frontend", dev.Changes[0].Kind+" "+dev.Changes[0].Object)
			require.Len(t, dev.Restarts, 1)
		}
		staging := h.section(t, "staging-change")
		assert.Equal(t, review.Refused, staging.Verdict())
		assert.True(t, slices.ContainsFunc(staging.Findings, func(f review.Finding) bool { return f.Rule == retiredRule && f.New && f.Mandatory }))
		prod := h.section(t, "prod-change")
		assert.Equal(t, []review.Verdict{review.Refused}, prod.Verdicts())
		require.NotEmpty(t, prod.Risks)
		assert.Equal(t, "PersistentVolumeClaim/co2-calculator-prod/redis-data", prod.Risks[0].Object)
		assert.True(t, prod.Risks[0].Refused)
		assert.Contains(t, prod.Risks[0].Until, "its protection is off")
		for _, refused := range []review.Section{staging, prod} {
			assert.Empty(t, refused.Error, "the finding or the risk says why")
		}
		k3s := h.section(t, "k3s-change")
		assert.Empty(t, k3s.Changes)
		assert.Equal(t, review.Safe, k3s.Verdict())
		assert.Regexp(t, `^[0-9a-f]{40}$`, k3s.Base)

		log, failed = h.run(t, "workflow_run", "comment.yml", h.planned(commit, 1))
		require.Empty(t, failed, log)
		comments := h.api.Comments(repository, pullNumber)
		require.Len(t, comments, 1)
		assert.Equal(t, "## ⊘ Refused: `prod` (change), `staging` (change)", heading(comments[0].GetBody()))
		assert.Contains(t, comments[0].GetBody(), "from a branch of this repository")

		require.NoError(t, os.RemoveAll(h.shelf("sections-k3s-change")))
		log, failed = h.run(t, "workflow_run", "comment.yml", h.planned(commit, 2))
		require.Empty(t, failed, log)
		comments = h.api.Comments(repository, pullNumber)
		require.Len(t, comments, 1)
		assert.Equal(t, "## ✗ Failed: `k3s` (change) · ⊘ Refused: `prod` (change), `staging` (change)", heading(comments[0].GetBody()), "the job of k3s has left nothing")
	})
	t.Run("a base that is not one", func(t *testing.T) {
		said, code := c.ctl("review", "--base", "nonesuch", "--out", filepath.Join(t.TempDir(), "sections.json"))
		assert.Equal(t, 1, code)
		assert.Contains(t, said, `base "nonesuch": is no revision of this checkout`)
	})
	t.Run("drift", func(t *testing.T) {
		l.patch("configmaps", "backend-config", `{"data": {"LOG_LEVEL": "CRITICAL"}}`)
		log, failed := h.run(t, "workflow_dispatch", "drift.yml", h.onMain(nil))
		assert.Equal(t, []string{"look (k3s)", "look (prod)", "look (staging)"}, failed, "nobody knows of the others")
		says(t, log, "folder /ci/preview/prod of Infisical lacks KUBECONFIG_CONTENT")
		issues := h.api.Issues(repository)
		require.Len(t, issues, 1)
		assert.Equal(t, "open", issues[0].GetState())
		for _, want := range []string{"## ✗ Failed: `k3s`", " · ≠ Drifted: `dev`"} {
			assert.Contains(t, heading(issues[0].GetBody()), want)
		}
		assert.Contains(t, issues[0].GetBody(), "data.LOG_LEVEL")
	})
	if everyCase {
		t.Run("what Argo CD is to deploy", func(t *testing.T) {
			log, failed := h.run(t, "push", "gitops.yml", h.onMain(nil))
			require.Empty(t, failed, log)
			rendered := h.git("rev-parse", "rendered")
			for _, stack := range []string{"dev", "staging", "prod", "k3s"} {
				assert.Contains(t, h.git("ls-tree", "-r", "--name-only", "rendered"), "\n"+stack+"/", stack)
			}
			c.edit("prod", "platform:protect", false)
			h.git("commit", "--quiet", "--all", "--message", "unprotected")
			log, failed = h.run(t, "push", "gitops.yml", h.onMain(nil), "--matrix", "stack:prod")
			assert.Equal(t, []string{"render (prod)"}, failed)
			says(t, log, "data-is-protected")
			assert.Equal(t, rendered, h.git("rev-parse", "rendered"), "nothing is published")
		})
	}
	t.Run("no secret shows", func(t *testing.T) {
		for _, secret := range []string{jobToken, botKey, botToken} {
			assert.NotContains(t, h.written.String(), secret)
		}
		v.hidden(t, "a log", h.written.String())
		hidesIn(t, v, h.shelf())
		for _, comment := range h.api.Comments(repository, pullNumber) {
			v.hidden(t, "the comment", comment.GetBody())
		}
		for _, issue := range h.api.Issues(repository) {
			v.hidden(t, "the issue", issue.GetBody())
		}
	})
}

// heading is the first one of a text.
func heading(text string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "## ") {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// section is the one that a job of preview.yml has left.
func (h *hub) section(t *testing.T, name string) review.Section {
	t.Helper()
	file, err := os.Open(h.shelf("sections-"+name, name+".json"))
	require.NoError(t, err)
	defer file.Close()
	sections, err := review.Read(file)
	require.NoError(t, err)
	require.Len(t, sections, 1)
	return sections[0]
}

// shelf is the path of an artifact, or of something in it.
func (h *hub) shelf(names ...string) string {
	return filepath.Join(append([]string{h.folder, "shelf", "of"}, names...)...)
}
