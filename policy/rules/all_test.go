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

	"platform/config"
	"platform/policy/pack"
	"platform/policy/settings"
	"platform/tests/packtest"
	"platform/tests/policytest"
)

func TestEveryRuleIsComplete(t *testing.T) {
	names := map[string]bool{}
	for _, rule := range All() {
		packtest.Complete(t, rule)
		assert.False(t, names[rule.Name], "two rules are called %s", rule.Name)
		names[rule.Name] = true
		assert.Contains(t, []apitype.EnforcementLevel{apitype.Mandatory, apitype.Advisory}, rule.Level, rule.Name)
		for what, text := range map[string]string{"reason": rule.Reason, "remedy": rule.Remedy, "reference": rule.Reference} {
			assert.Equal(t, strings.Join(strings.Fields(text), " "), text, "%s of rule %s is one line", what, rule.Name)
			assert.Regexp(t, `([^.]|\.\.\.)$`, text, "%s of rule %s has no full stop", what, rule.Name)
		}
	}
	all := All()
	assert.Equal(t, AreUsed.Name, all[len(all)-1].Name, "it checks what the others left")
	assert.False(t, names["all"], "which means every rule in a configuration")
}

// A group that is not in the list checks nothing.
func TestEveryGroupIsInThePack(t *testing.T) {
	source, err := os.ReadFile("all.go")
	require.NoError(t, err)
	groups, err := filepath.Glob("*/*_test.go")
	require.NoError(t, err)
	require.NotEmpty(t, groups)
	for _, group := range groups {
		assert.True(t, strings.Contains(string(source), filepath.Dir(group)+".Rules,"), "group %s", filepath.Dir(group)) //nolint:testifylint // the whole source says nothing
	}
}

func TestExceptionsNameWhatThereIs(t *testing.T) {
	rules := All()
	for _, e := range settings.Exceptions("") {
		at := slices.IndexFunc(rules, func(rule pack.Rule) bool { return rule.Name == e.Rule })
		require.GreaterOrEqual(t, at, 0, "rule %s", e.Rule)
		assert.NotEqual(t, AreUsed.Name, e.Rule, "nothing is excused from that")
		assert.NotEmpty(t, e.Platform, "%s of %s", e.Rule, e.Name)
		assert.Greater(t, len(strings.Fields(e.Reason)), 3, "%s of %s is for a reason, in a sentence", e.Rule, e.Name)
		_, err := filepath.Match(e.Name, "")
		assert.NoError(t, err)
	}
}

// Whoever mends a rule has to know where.
func TestFailuresNameTheirLine(t *testing.T) {
	p := pack.Pack{Rules: []pack.Rule{{Name: "broken", Stack: func(*pack.Stack, *pack.Report) { panic("lost") }}}}
	assert.Regexp(t, `^the rule itself failed: lost at policy/rules/all_test\.go:\d+$`, p.CheckStack(&pack.Stack{})[0].Why)
}

// The stacks keep to every mandatory rule but for the exceptions, each of which
// is needed. A preview shows what is advisory.
func TestStacksKeepToTheRules(t *testing.T) {
	for _, name := range config.Stacks() {
		t.Run(name, func(t *testing.T) {
			cfg, objects := policytest.Objects(t, filepath.Join("..", ".."), name)
			p, err := For(cfg)
			require.NoError(t, err)
			for _, finding := range p.CheckAll(&pack.Stack{Name: name, Objects: objects}) {
				at := slices.IndexFunc(p.Rules, func(rule pack.Rule) bool { return rule.Name == finding.Rule })
				if finding.Except == "" && (p.Rules[at].Level == apitype.Mandatory || finding.Kind != pack.Violation || finding.Rule == AreUsed.Name) {
					t.Errorf("%s: %s, %s: %s", finding.Rule, finding.Subject, finding.Path, finding.Why)
				}
			}
		})
	}
}
