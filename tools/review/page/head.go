package page

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"platform/tools/review"
)

// The signs of verdicts differ in shape, not in color.
const (
	refusedSign     = "⊘"
	destructiveSign = "‼"
)

// verdictWords are the sign and the name of a verdict.
var verdictWords = map[review.Verdict]struct{ sign, name string }{
	review.Safe:        {"✓", "Safe"},
	review.Review:      {"▲", "Review"},
	review.Drifted:     {"≠", "Drifted"},
	review.Destructive: {destructiveSign, "Destructive"},
	review.Refused:     {refusedSign, "Refused"},
	review.Failed:      {"✗", "Failed"},
}

func verdictText(v review.Verdict) string { return verdictWords[v].sign + " " + verdictWords[v].name }

// with are the sections that a verdict holds for.
func (c *composer) with(v review.Verdict) []review.Section {
	return slices.DeleteFunc(slices.Clone(c.sections), func(s review.Section) bool { return !slices.Contains(s.Verdicts(), v) })
}

// verdict names every verdict but that nothing happens, and whose it is.
func (c *composer) verdict() []block {
	if len(c.sections) == 0 {
		return []block{heading{1, say(verdictText(review.Failed) + ": there is no plan of any stack")}}
	}
	var all []inline
	for _, v := range review.Verdicts {
		var names []inline
		for _, s := range c.with(v) {
			names = append(names, c.stack(s))
		}
		if names != nil && v != review.Safe {
			all = append(all, say(verdictText(v)+": ").and(list(", ", names...)))
		}
	}
	if all == nil {
		all = []inline{say(verdictText(review.Safe) + ": nothing ends, nobody is cut off, and no pod stops before its successor answers")}
	}
	return []block{heading{1, list(" · ", all...)}}
}

// mostTold is how many of a kind an alert and a line of images name; the rest
// is counted.
const mostTold = 3

// alert is what becomes of data, what is refused, and what nobody knows.
func (c *composer) alert() []block {
	var a alert
	for _, s := range c.sections {
		a.lines = append(a.lines, c.ends(s)...)
	}
	for _, s := range c.sections {
		if s.Error != "" {
			a.lines = append(a.lines, stress("✗ No whole plan").and(say(" of "), c.stack(s), say(", so nobody knows all that it would do. The reason is below.")))
		}
		a.lines = append(a.lines, c.broken(s)...)
	}
	a.caution = a.lines != nil
	for _, s := range c.with(review.Drifted) {
		a.lines = append(a.lines, stress(verdictText(review.Drifted)+":").and(say(" "), c.stack(s), say(" is not as it was deployed, "+of(len(s.Changes), "resource")+" of it.")))
	}
	if a.lines == nil {
		return nil
	}
	return []block{a}
}

// ends are the refused and the waived risks of a section.
func (c *composer) ends(s review.Section) []inline {
	var all []inline
	for _, r := range refusedFirst(s.Risks) {
		if s.View == review.ViewDrift || !r.Refused && r.Waived == "" {
			continue
		}
		word, would := verdictText(review.Refused), " would be "
		if !r.Refused {
			word = verdictText(review.Destructive)
		}
		if s.Verdict() == review.Destructive { // nothing stops it
			would = " will be "
		}
		all = append(all, stress(word+":").and(say(" "), c.stack(s), say(": "), quote(r.Object), say(would), ended(r.Op), say(" ("), explain(r.Loses), say("), "), decided(r)))
	}
	if more := len(all) - mostTold; more > 0 {
		all = append(all[:mostTold:mostTold], c.stack(s).and(say(": "+count(more)+" more of these, see below.")))
	}
	return all
}

// broken are the mandatory policies that a section breaks.
func (c *composer) broken(s review.Section) []inline {
	var rules []string
	for _, f := range s.Findings {
		if f.Mandatory && !slices.Contains(rules, f.Rule) {
			rules = append(rules, f.Rule)
		}
	}
	if rules == nil {
		return nil
	}
	what, shown, rest := " mandatory policies: ", rules, ""
	if len(rules) == 1 {
		what = " mandatory policy: "
	}
	if more := len(rules) - mostTold; more > 0 {
		shown, rest = rules[:mostTold], " and "+count(more)+" more"
	}
	return []inline{stress(verdictText(review.Refused)+":").and(say(" "), c.stack(s), say(" breaks "+count(len(rules))+what), quotes(shown), say(rest+", "), stress("blocked"), say(" until that is corrected."))}
}

// errors are why there is no whole plan.
func (c *composer) problems() []block {
	var all []block
	for _, s := range c.sections {
		if s.Error != "" {
			all = append(all, heading{2, say("Why there is no whole plan of ").and(c.stack(s))}, c.problem(s.Error))
		}
	}
	return all
}

var (
	hash  = regexp.MustCompile(`^[0-9a-f]{12,64}(\+changes)?$`)
	known = []string{"pulumi", "kubernetes", "policy"}
)

// commit shows a revision short, and whole to who points at it.
func commit(name string) inline {
	if !hash.MatchString(name) {
		return quote(cmp.Or(name, "unknown"))
	}
	short, dirty, _ := strings.Cut(name, "+")
	if short = short[:8]; dirty != "" {
		short += "+" + dirty
	}
	return inline{{form: user, text: short, whole: name}}
}

// facts tell what was compared, of which revisions and tools, and when; stacks
// of which these are the same are reported together.
func (c *composer) facts() []block {
	var texts []string // to compare
	var whose [][]review.Section
	for _, s := range c.sections {
		key := fmt.Sprintf("%q %q %q", s.Commit, s.Base, s.Versions)
		if i := slices.Index(texts, key); i >= 0 {
			whose[i] = append(whose[i], s)
			continue
		}
		texts, whose = append(texts, key), append(whose, []review.Section{s})
	}
	var all []block
	for _, view := range c.views {
		all = append(all, fine{c.sentence(view)})
	}
	for _, group := range whose {
		text := c.fact(group)
		if len(whose) > 1 {
			var stacks []inline
			for _, s := range group {
				stacks = append(stacks, c.stack(s))
			}
			text = list(", ", stacks...).and(say(": "), text)
		}
		all = append(all, fine{text})
	}
	return all
}

func (c *composer) fact(group []review.Section) inline {
	s := group[0]
	text := say("Commit ").and(commit(s.Commit))
	if s.Base != "" {
		text = text.and(say(", compared with "), commit(s.Base))
	}
	last, took := s.Time, time.Duration(0)
	for _, one := range group {
		took += one.Took
		if one.Time.After(last) {
			last = one.Time
		}
	}
	text = text.and(say(". Planned " + last.UTC().Format("2 January 2006, 15:04 UTC") + " in " + lasted(took)))
	var versions []inline
	for _, tool := range versionOrder(s.Versions) {
		versions = append(versions, quote(tool+" "+s.Versions[tool]))
	}
	if versions != nil {
		text = text.and(say(", with "), list(", ", versions...))
	}
	return text.and(say("."))
}

// versionOrder has the tools that are known first, then the others by name.
func versionOrder(versions map[string]string) []string {
	var all, others []string
	for _, tool := range known {
		if _, has := versions[tool]; has {
			all = append(all, tool)
		}
	}
	for tool := range versions {
		if !slices.Contains(known, tool) {
			others = append(others, tool)
		}
	}
	slices.Sort(others)
	return append(all, others...)
}

// sentence says what the figures of a view compare.
func (c *composer) sentence(v review.View) inline {
	var text string
	switch v {
	case review.ViewChange:
		text = "what the program makes now with what it made at the base revision; no cluster was asked, so its own drift is not in it."
	case review.ViewCluster:
		text = "what the program makes now with what the stack's state says of the cluster; it is what a deployment would do."
	case review.ViewDrift:
		text = "what is in the cluster with what the stack's state says; the program has no part in it."
	default:
		text = "what is not known to this revision."
	}
	if len(c.views) > 1 {
		return say("Compared as ").and(viewName(v), say(": "+text))
	}
	return say("Compared: " + text)
}
