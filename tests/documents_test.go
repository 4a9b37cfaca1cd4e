package tests

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
)

// TestExemptionsAreDocumented holds the table of docs/edd-cloud.md against the
// pods: each component, what it may do, and the reason that its pods carry.
func TestExemptionsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../docs/edd-cloud.md")
	require.NoError(t, err)
	rows := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if name, rest, ok := strings.Cut(strings.TrimPrefix(line, "| `"), "` | "); ok && strings.HasPrefix(line, "| `") {
			rows[name] += rest
		}
	}
	for _, r := range k3s(t) {
		pod, ok := podTemplate(t, r)
		reason := pod.Annotations["platform/exemption"]
		if !ok || reason == "" {
			continue
		}
		row := rows[pod.Labels["app.kubernetes.io/name"]]
		assert.Contains(t, row, reason, r.Name)
		for _, deviation := range deviationsOf(pod.Spec) {
			assert.Contains(t, row, deviation, r.Name)
		}
	}
}

// TestTheReadmesServiceIsWhole adds the service that the README shows to the
// stack k3s: at most twelve lines, and nothing else that is edited.
func TestTheReadmesServiceIsWhole(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	_, entry, found := strings.Cut(string(readme), "  platform:services:\n    wiki:\n")
	require.True(t, found, "the README shows the service wiki")
	entry, _, _ = strings.Cut(entry, "```")
	assert.LessOrEqual(t, 1+strings.Count(entry, "\n"), 12, "its name and its lines")

	file, err := os.ReadFile("../Pulumi.k3s.yaml")
	require.NoError(t, err)
	with := strings.Replace(string(file), "    auth-service:\n", "    wiki:\n"+entry+"    auth-service:\n", 1)
	require.NotEqual(t, string(file), with)
	cfg, err := config.ParseYAML[config.EddCloud]("k3s", []byte(with))
	require.NoError(t, err)
	cfg.Render.Directory, cfg.Secrets.Source = t.TempDir(), config.SourceFixed

	added, changed := difference(keys(k3s(t)), keys(record(t, "k3s", cfg)))
	assert.ElementsMatch(t, []string{
		"platform:components:Workload wiki", "kubernetes:apps/v1:Deployment wiki", "kubernetes:core/v1:Service wiki",
		"kubernetes:core/v1:ServiceAccount wiki", "kubernetes:policy/v1:PodDisruptionBudget wiki",
	}, added)
	assert.ElementsMatch(t, []string{"kubernetes:core/v1:ConfigMap gateway", "kubernetes:apps/v1:Deployment gateway"}, changed, "its route, and who reads it")
}

// TestWalksLeadThroughTheFiles holds the walks of docs/architecture.md against
// the files that they name: each is there, and has what the walk finds in it.
func TestWalksLeadThroughTheFiles(t *testing.T) {
	text, err := os.ReadFile("../docs/architecture.md")
	require.NoError(t, err)
	_, walks, found := strings.Cut(string(text), "\n## A setting from stack file to manifest\n")
	require.True(t, found)
	walks, _, _ = strings.Cut(walks, "\n## ")
	code := regexp.MustCompile("`([^`]+)`")
	rows := 0
	for line := range strings.Lines(walks) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || !code.MatchString(cells[2]) {
			continue
		}
		rows++
		var content strings.Builder
		for _, file := range code.FindAllStringSubmatch(cells[2], -1) {
			one, err := os.ReadFile(filepath.Join("..", file[1]))
			require.NoError(t, err, line)
			content.Write(one)
		}
		for _, named := range code.FindAllStringSubmatch(cells[3], -1) {
			for _, word := range walked(named[1]) {
				assert.Contains(t, strings.ToLower(content.String()), strings.ToLower(word), line)
			}
		}
	}
	assert.Equal(t, 23, rows, "of three walks")
}

// walked is what a file has of something that a walk names: of a field both the
// type and its own name.
func walked(named string) []string {
	if parts := strings.Split(named, "."); len(parts) == 2 && unicode.IsUpper(rune(parts[0][0])) {
		return parts
	}
	return []string{named}
}
