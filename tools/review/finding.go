package review

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/config"
	"platform/policy/pack"
	"platform/policy/rules"
)

// findings are what policy packs say, each once. Where nothing changes, none is
// new; nor is one of a rule for single objects about a resource that stays.
// Another is new unless the platform's own pack says the same of the same
// resource as it was before: there it runs in process, at its own settings,
// over the inputs that the log has. The log does not have what a resource
// ignores, its aliases, timeouts and whether it is deleted first; of resources
// that change, rules about these, findings of other packs, and those of a
// resource under another URN are new at every run.
func findings(said []apitype.PolicyEvent, all []*planned, cfg config.Platform, before, after *pack.Stack) []Finding {
	names, changing := map[string]string{}, map[string]bool{}
	for _, o := range after.Objects {
		names[string(o.URN)] = nameOf(o)
	}
	for _, one := range all {
		if one.op != "" {
			changing[one.urn] = true
		}
	}
	own, _ := rules.For(cfg) // whose settings are wrong, the preview has refused
	settled := func(event apitype.PolicyEvent) bool {
		return len(changing) == 0 || event.PolicyPackName == packName && !changing[event.ResourceURN] && checksObjects(own.Rules, event.PolicyName)
	}
	old := already(slices.DeleteFunc(slices.Clone(said), settled), own, before)
	var found []Finding
	for _, event := range said {
		urn := withoutStack(event.ResourceURN)
		f := Finding{
			Rule: event.PolicyName, Mandatory: event.EnforcementLevel == string(apitype.Mandatory), Severity: event.Severity,
			Object: names[urn], Text: strings.Join(strings.Fields(readable(event.Message)), " "),
		}
		f.New = !settled(event) && !slices.ContainsFunc(old, func(o pack.Finding) bool { return o.Rule == f.Rule && o.URN == urn && says(f.Text, o) })
		if !slices.Contains(found, f) {
			found = append(found, f)
		}
	}
	return found
}

func anyMandatory(found []Finding) bool {
	return slices.ContainsFunc(found, func(f Finding) bool { return f.Mandatory })
}

func checksObjects(all []pack.Rule, name string) bool {
	return slices.ContainsFunc(all, func(r pack.Rule) bool { return r.Name == name && r.Object != nil })
}

// nameOf is Kind/namespace/name.
func nameOf(o pack.Object) string {
	if o.Kind == "" {
		return o.String()
	}
	name, namespace := o.Name(), o.Namespace()
	if namespace != "" {
		name = namespace + "/" + name
	}
	return o.Kind + "/" + name
}

// withoutStack is the URN of a resource; empty for the stack itself, which
// stands for all of it.
func withoutStack(urn string) string {
	if strings.Contains(urn, "::pulumi:pulumi:Stack::") {
		return ""
	}
	return urn
}

// already is what the rules that were broken find before the change. A rule
// that checks the others needs them all.
func already(said []apitype.PolicyEvent, own pack.Pack, before *pack.Stack) []pack.Finding {
	broken := map[string]bool{}
	for _, event := range said {
		if event.PolicyPackName == packName {
			broken[event.PolicyName] = true
		}
	}
	if len(broken) == 0 {
		return nil
	}
	check := own
	if !broken[rules.AreUsed.Name] {
		check.Rules = slices.DeleteFunc(slices.Clone(own.Rules), func(r pack.Rule) bool { return !broken[r.Name] })
	}
	return slices.DeleteFunc(check.CheckAll(before), func(f pack.Finding) bool { return f.Except != "" })
}

// says reports whether a message of the pack has the words of a finding, whatever
// the object's own name is: that of a Job follows from what it runs.
func says(message string, f pack.Finding) bool {
	_, container, inner := strings.Cut(f.Subject, " container ")
	about := ""
	if inner {
		about = " container " + container
	}
	switch {
	case f.Kind == pack.Undecidable:
		about += ": cannot be decided in this preview: " + f.Path
		return strings.HasSuffix(message, about)
	case f.Path != "":
		about += ", " + f.Path
	}
	return strings.Contains(message, strings.Join(strings.Fields(about+": "+f.Why+";"), " ")) || f.Kind == pack.Broken
}
