package review

import (
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"platform/config"
	"platform/policy/secret"
)

// Plan is one preview of one stack.
type Plan struct {
	Stack        string
	View         View
	Commit, Base string
	Time         time.Time
	Took         time.Duration
	Events       io.Reader       // the engine's log, an apitype.EngineEvent as JSON a line
	Config       config.Platform // topology, waivers
	Known        *secret.Known   // values that must not be shown, beside those that the log tells of; nil knows none
	Failure      string          // what the command said where it failed, already without secrets; empty where it did not
}

// New makes the section of a stack from the log of its preview alone; no
// cluster is asked. In [ViewDrift] the log is that of pulumi refresh
// --preview-only, or of pulumi preview --refresh, of which only the refresh
// counts. A log that is empty, breaks off or is no log makes a
// section with an error. It is an error to name no stack, log or configuration,
// or where the log cannot be read.
//
// Of the versions, New knows those that the log tells: of the provider of
// Kubernetes and of the policy pack. Whoever runs pulumi adds its own.
func New(p Plan) (Section, error) {
	if p.Stack == "" || p.Events == nil || p.Config == nil {
		return Section{}, errors.New("plan: names no stack, no log of events or no configuration; give all three")
	}
	log, err := readLog(p.Events, p.View)
	if err != nil {
		return Section{}, err
	}
	all := merged(log.steps)
	hidden := hiddenIn(all, p.Known)
	for _, one := range all {
		one.leaves = one.differing(hidden)
	}
	s := Section{
		Format: Format, Stack: p.Stack, View: p.View, Commit: p.Commit, Base: p.Base, Time: p.Time.UTC(), Took: p.Took,
		Versions: log.versions(), Changes: changes(all), Same: same(all),
	}
	before, after := objectsOf(p.Stack, all, stateBefore), objectsOf(p.Stack, all, stateAfter)
	s.Findings = findings(log.policies, all, p.Config, before, after)
	s.Error = log.problem(p.Failure, s.Findings)
	s.Risks = protect(risks(all, log.steps, p.Config.Shared().Waivers), log.protections(), all)
	slices.SortStableFunc(s.Risks, func(a, b Risk) int { // the engine's order is chance
		if a.Refused != b.Refused {
			return map[bool]int{true: -1, false: 1}[a.Refused]
		}
		return strings.Compare(a.Object, b.Object)
	})
	s.Stopped = log.stopped()
	if p.View == ViewDrift { // it has happened already, and nobody is asked
		s.Risks = happened(s.Risks)
	} else {
		s.Restarts = restarts(all, after, p.Config.Shared().Topology)
	}
	if log.whole(s.Findings) { // half of the policies or of the pods say nothing
		s.weigh(all, before, after, p.Config)
	}
	s.redact(hidden.known)
	s.Findings = append(s.Findings, hidden.found...)
	return s, nil
}
