package rules

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/policy/pack"
	"platform/tests/policytest"
)

// Whoever adds a service as the README shows edits no policy.
func TestTheReadmesServicesKeepToTheRules(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	for service, stacks := range map[string][]string{"wiki": {"k3s", "k3s-local"}, "docs": {"dev", "local", "prod", "staging"}} {
		entry := entryOf(t, string(readme), service)
		for _, stack := range stacks {
			changes := map[string]map[string]any{"as it is": {}}
			if service == "docs" {
				changes["what it may reach"] = map[string]any{"reaches": []string{"backend", "redis", "postgres"}}
			}
			for name, change := range changes {
				t.Run(service+" in "+stack+", "+name, func(t *testing.T) {
					cfg, objects := policytest.Objects(t, with(t, stack, service, entry, change), stack)
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

// entryOf is what the README writes under the name of a service.
func entryOf(t *testing.T, readme, service string) map[string]any {
	t.Helper()
	for _, block := range strings.Split(readme, "```yaml\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		var shown map[string]map[string]any
		if yaml.Unmarshal([]byte(block), &shown) != nil {
			continue
		}
		if entry, found := shown["platform:services"][service].(map[string]any); found {
			return entry
		}
	}
	t.Fatalf("the README shows no service %s", service)
	return nil
}

// with is a folder that has the stack's file with one service more.
func with(t *testing.T, stack, service string, entry, change map[string]any) string {
	t.Helper()
	name := "Pulumi." + stack + ".yaml"
	text, err := os.ReadFile(filepath.Join("..", "..", name))
	require.NoError(t, err)
	var content map[string]map[string]any
	require.NoError(t, yaml.Unmarshal(text, &content))
	services, is := content["config"]["platform:services"].(map[string]any)
	if !is {
		services = map[string]any{}
		content["config"]["platform:services"] = services
	}
	whole := map[string]any{}
	for _, part := range []map[string]any{entry, change} {
		for key, value := range part {
			whole[key] = value
		}
	}
	services[service] = whole
	text, err = yaml.Marshal(content)
	require.NoError(t, err)
	folder := t.TempDir()
	assert.NoError(t, os.WriteFile(filepath.Join(folder, name), text, 0o600))
	return folder
}
