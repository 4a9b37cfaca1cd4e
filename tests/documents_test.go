package tests

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
