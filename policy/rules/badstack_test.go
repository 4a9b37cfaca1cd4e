package rules

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/policy/pack"
	"platform/tests/badstack/documents"
	"platform/tests/packtest"
)

// The bad stacks break every rule here as they do through the real engine, where
// TestBadStack of tests/e2e has them refused.
func TestBadStacksBreakEveryRule(t *testing.T) {
	folders, err := filepath.Glob("../../tests/badstack/testdata/*")
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	fired := map[string]bool{}
	for _, folder := range folders {
		name := filepath.Base(folder)
		cfg, err := config.ReadFile(name, "../../Pulumi."+name+".yaml")
		require.NoError(t, err)
		p, err := For(cfg)
		require.NoError(t, err)
		all, err := documents.Read(folder)
		require.NoError(t, err)
		s := &pack.Stack{Name: name}
		urns := map[string]resource.URN{}
		for _, d := range all {
			if len(d.Content) > 0 {
				r := registered(name, d, urns)
				urns[d.Name()] = r.URN
				s.Objects = append(s.Objects, pack.NewObject(r))
			}
		}
		slices.SortFunc(s.Objects, func(a, b pack.Object) int { return strings.Compare(string(a.URN), string(b.URN)) }) // as the pack is asked
		findings := p.CheckAll(s)
		for _, d := range all {
			urn := string(urns[d.Name()]) // empty for the stack as a whole
			says := func(rule string, kind pack.FindingKind) bool {
				return slices.ContainsFunc(findings, func(f pack.Finding) bool {
					return f.Rule == rule && f.URN == urn && f.Kind == kind && f.Except == ""
				})
			}
			for _, rule := range d.Breaks {
				fired[rule] = true
				assert.True(t, says(rule, pack.Violation), "%s of %s does not break %s", d.Name(), d.File, rule)
			}
			for _, rule := range d.Undecided {
				assert.True(t, says(rule, pack.Undecidable), "%s of %s: %s decides", d.Name(), d.File, rule)
			}
		}
	}
	for _, rule := range All() {
		assert.True(t, fired[rule.Name], "no bad stack breaks %s; tests/badstack/README.md tells how to add a document", rule.Name)
		delete(fired, rule.Name)
	}
	assert.Empty(t, fired, "these are no rules")
}

// registered is a document as the engine hands it to the pack.
func registered(stack string, d documents.Document, urns map[string]resource.URN) pack.Resource {
	kind := tokens.Type(d.Type())
	r := pack.Resource{
		URN: resource.NewURN(tokens.QName(stack), "badstack", "", kind, d.Name()), Type: kind, Name: d.Name(), Properties: packtest.Properties(d.Properties()),
		Options: pack.Options{Protect: d.Options.Protect, IgnoreChanges: d.Options.IgnoreChanges, Parent: urns[d.Options.Parent]},
	}
	if d.Options.DeleteBeforeReplace {
		r.Options.DeleteBeforeReplace = &d.Options.DeleteBeforeReplace
	}
	provider := "cluster"
	if d.Options.Provider == documents.NoProvider {
		provider = "default_4_0_0"
	}
	r.Provider = &pack.Provider{Type: "pulumi:providers:kubernetes", Name: provider}
	return r
}
