package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAutomationNeedsAReason(t *testing.T) {
	for name, c := range map[string]struct {
		settings GitOps
		want     []string // keys
	}{
		"none":             {GitOps{}, nil},
		"both":             {GitOps{Prune: &Automation{"one owner"}, SelfHeal: &Automation{"nobody else writes"}}, nil},
		"prune for naught": {GitOps{Prune: &Automation{}, SelfHeal: &Automation{"nobody else writes"}}, []string{"gitops.prune.reason"}},
		"neither reason":   {GitOps{Prune: &Automation{}, SelfHeal: &Automation{}}, []string{"gitops.prune.reason", "gitops.selfHeal.reason"}},
	} {
		t.Run(name, func(t *testing.T) {
			into := &collector{stack: "prod"}
			c.settings.validate(into)
			var keys []string
			for _, problem := range into.problems.sorted() {
				keys = append(keys, problem.Key)
			}
			assert.Equal(t, c.want, keys)
		})
	}
}

// Both platforms ask, and take the setting as a stack file writes it.
func TestAutomationIsReadFromAStackFile(t *testing.T) {
	for platform, parse := range map[string]func(value any) (Platform, error){
		"EPFL":      func(value any) (Platform, error) { return parseChanged(t, on("gitops.prune", value)...) },
		"Edd Cloud": func(value any) (Platform, error) { return parseCore(t, on("gitops.prune", value)...) },
	} {
		cfg, err := parse(map[string]any{"reason": "one owner"})
		require.NoError(t, err, platform)
		assert.Equal(t, GitOps{Prune: &Automation{"one owner"}}, cfg.Shared().GitOps, platform)
		_, err = parse(map[string]any{"reason": ""})
		require.ErrorContains(t, err, Namespace+":gitops.prune.reason", platform)
		_, err = parse(true)
		require.ErrorContains(t, err, Namespace+":gitops.prune", "a switch without a reason: "+platform)
	}
}
