package serve

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"platform/policy/pack"
	"platform/policy/secret"
)

// diagnostics are what the engine shows of findings: not those that an
// exception covers.
func (s *Server) diagnostics(findings []pack.Finding, checked []resource.PropertyMap) []*pulumirpc.AnalyzeDiagnostic {
	findings = slices.DeleteFunc(findings, func(f pack.Finding) bool { return f.Except != "" })
	if len(findings) == 0 {
		return nil
	}
	hidden := &secret.Known{} // rules do not print values; one that fails may
	for _, properties := range checked {
		hidden.Add(secret.Marked(properties)...)
	}
	var all []*pulumirpc.AnalyzeDiagnostic
	for _, finding := range findings {
		rule, _ := s.pack.rule(finding.Rule)
		all = append(all, &pulumirpc.AnalyzeDiagnostic{
			PolicyName: finding.Rule, PolicyPackName: s.pack.Name, PolicyPackVersion: s.pack.Version, Description: rule.Reason,
			Message: hidden.Hide(message(rule, finding)), EnforcementLevel: levelOf(s.level(finding)), Severity: severityOf(rule.Severity),
			Urn: finding.URN,
		})
	}
	return all
}

// level is that of one finding: what cannot be checked stops nobody, and a rule
// that fails stops everybody.
func (s *Server) level(f pack.Finding) apitype.EnforcementLevel {
	switch f.Kind {
	case pack.Undecidable:
		return apitype.Advisory
	case pack.Broken:
		return apitype.Mandatory
	default:
		return s.levels[f.Rule]
	}
}

// message is one line: subject, path, why; remedy; reference.
func message(rule pack.Rule, f pack.Finding) string {
	about := f.Subject
	if about == "" {
		about = "the stack"
	}
	var text string
	switch f.Kind {
	case pack.Undecidable:
		text = fmt.Sprintf("%s: cannot be decided in this preview: %s", about, f.Path)
	case pack.Broken:
		text = fmt.Sprintf("%s: rule %s checked nothing: %s; mend the rule; policy/rules", about, f.Rule, f.Why)
	default:
		if f.Path != "" {
			about += ", " + f.Path
		}
		text = fmt.Sprintf("%s: %s; %s; %s", about, f.Why, rule.Remedy, rule.Reference)
	}
	return strings.Join(strings.Fields(text), " ")
}
