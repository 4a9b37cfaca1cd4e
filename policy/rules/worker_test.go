package rules

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/policy/pack"
	"platform/tests/policytest"
)

// Whoever has jobs run without Celery, as docs/co2-calculator.md shows, edits no policy,
// and who reaches whom is stated for that too.
func TestWorkersWithoutCeleryKeepToTheRules(t *testing.T) {
	readme, err := os.ReadFile("../../docs/co2-calculator.md")
	require.NoError(t, err)
	_, block, found := strings.Cut(string(readme), "```yaml\n  platform:worker:\n")
	require.True(t, found, "docs/co2-calculator.md shows a poller")
	block, _, _ = strings.Cut(block, "```")
	var poller map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(block), &poller))
	require.Equal(t, "poller", poller["kind"])
	for kind, worker := range map[string]map[string]any{"poller": poller, "none": {"kind": "none"}} {
		for _, stack := range []string{"dev", "local", "prod", "staging"} {
			for _, redis := range []bool{false, true} {
				name := kind + " in " + stack
				if redis {
					name += ", with Redis"
				}
				t.Run(name, func(t *testing.T) {
					cfg, objects := policytest.Objects(t, working(t, stack, worker, redis), stack)
					p, err := For(cfg)
					require.NoError(t, err)
					for _, finding := range p.CheckAll(&pack.Stack{Name: stack, Objects: objects}) {
						at := slices.IndexFunc(p.Rules, func(rule pack.Rule) bool { return rule.Name == finding.Rule })
						if finding.Except == "" && p.Rules[at].Level == apitype.Mandatory {
							t.Errorf("%s: %s, %s: %s", finding.Rule, finding.Subject, finding.Path, finding.Why)
						}
					}
				})
			}
		}
	}
}

// working is a folder that has the stack's file with another worker, with or
// without Redis.
func working(t *testing.T, stack string, worker map[string]any, redis bool) string {
	t.Helper()
	name := "Pulumi." + stack + ".yaml"
	text, err := os.ReadFile(filepath.Join("..", "..", name))
	require.NoError(t, err)
	var content map[string]map[string]any
	require.NoError(t, yaml.Unmarshal(text, &content))
	content["config"]["platform:worker"] = worker
	if !redis {
		delete(content["config"], "platform:redis")
	}
	text, err = yaml.Marshal(content)
	require.NoError(t, err)
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, name), text, 0o600))
	return folder
}
