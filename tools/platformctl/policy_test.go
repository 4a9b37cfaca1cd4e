package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/rules"
	"platform/policy/settings"
)

// policyList runs policy list with an empty environment: no tools, no cluster.
func policyList(t *testing.T, args ...string) (string, error) {
	t.Helper()
	t.Setenv("PATH", "")
	t.Setenv("PLATFORM_CACHE", filepath.Join(t.TempDir(), "none"))
	return printed(t, newRoot(nil), append([]string{"policy", "list"}, args...)...)
}

// lineWith is the one line that begins a row for all of the words.
func lineWith(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, line := range strings.Split(text, "\n") {
		found := true
		for _, word := range words {
			found = found && strings.Contains(line, word)
		}
		if found {
			return
		}
	}
	t.Errorf("no line has all of %q", words)
}

func TestPolicyListHasALineARule(t *testing.T) {
	for _, format := range []string{"table", "markdown"} {
		out, err := policyList(t, "--format", format)
		require.NoError(t, err)
		for _, rule := range rules.All() {
			reason := rule.Reason
			if format == "markdown" {
				reason = strings.NewReplacer("|", "\\|", "*", "\\*", "_", "\\_").Replace(reason)
			}
			lineWith(t, out, string(rule.Group), rule.Name, string(rule.Level), string(rule.Severity), reason[:min(len(reason), 20)])
		}
		for _, e := range settings.Exceptions("") {
			lineWith(t, out, e.Rule, e.Kind+"/"+e.Name, e.Platform)
		}
	}
}

func TestPolicyListForPrograms(t *testing.T) {
	out, err := policyList(t, "--format", "json")
	require.NoError(t, err)
	var list policyJSON
	require.NoError(t, json.Unmarshal([]byte(out), &list))
	assert.Equal(t, "platform", list.Name)
	assert.Len(t, list.Rules, len(rules.All()))
	assert.Len(t, list.Exceptions, len(settings.Exceptions("")))
	for _, rule := range list.Rules {
		assert.NotEmpty(t, rule.Reason, rule.Name)
		assert.NotEmpty(t, rule.Remedy, rule.Name)
		assert.NotEmpty(t, rule.Reference, rule.Name)
	}
	assert.NotContains(t, out, `\u003c`, "for people as well")
}

func TestPolicyListTellsMistakes(t *testing.T) {
	_, err := policyList(t, "--format", "yaml")
	require.ErrorContains(t, err, `format "yaml": is not one of table, markdown, json`)
	_, err = policyList(t, "now")
	assert.ErrorContains(t, err, `unknown command "now"`)
}
