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

// verdictWords are the sign and the words of a verdict; the signs differ in
// shape, not in color.
var verdictWords = map[review.Verdict]struct{ sign, name, why string }{
	review.Safe:        {"✓", "Safe", "nothing ends, nobody is cut off, no pod is made anew"},
	review.Review:      {"▲", "Review", "somebody has to read what changes"},
	review.Failed:      {"✗", "Failed", "there is no whole plan, or the policies refuse it"},
	review.Destructive: {"‼", "Destructive", "something that holds data or an address is to end"},
}

// head is the verdict, what it was made of, what failed, and the table.
func (c *composer) head() []block {
	all := append(c.verdict(), c.facts()...)
	for _, s := range c.sections {
		if s.Fault != "" {
			all = append(all, paragraph{stress("✗ No whole plan").and(say(" of stack "), c.stack(s), say(". What is known of it follows all the same."))}, c.fault(s.Fault))
		}
	}
	all = append(all, c.table()...)
	for _, view := range c.views {
		all = append(all, paragraph{c.sentence(view)})
	}
	if text := c.unchanged(); text != nil {
		all = append(all, paragraph{text})
	}
	return append(all, c.missing()...)
}

func (c *composer) verdict() []block {
	words := verdictWords[review.Worst(c.sections)]
	text := say(words.sign + " " + words.name + ": " + words.why)
	if len(c.sections) == 0 {
		text = say(words.sign + " " + words.name + ": there is no stack to look at")
	}
	return []block{heading{1, text}}
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

// facts tell of which revisions and tools, and when; stacks of which they are
// the same are told together.
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
	for _, group := range whose {
		text := c.fact(group)
		if len(whose) > 1 {
			var stacks []inline
			for _, s := range group {
				stacks = append(stacks, c.stack(s))
			}
			text = list(", ", stacks...).and(say(": "), text)
		}
		all = append(all, paragraph{text})
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
		return stress("View").and(say(" "), viewName(v), say(" compares "+text))
	}
	return say("Compared: " + text)
}
