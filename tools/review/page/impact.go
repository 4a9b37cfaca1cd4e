package page

import (
	"slices"
	"strings"

	"platform/tools/review"
)

// openRows is up to how many rows a table is shown at once.
const openRows = 15

// collect makes the rows that may be cut, so that the order of cutting is known
// before anything is written.
func (c *composer) collect() {
	for i, s := range c.sections {
		for _, f := range s.Findings {
			if f.New {
				c.add("new", i, classNewFinding, "new finding", c.finding(s, f))
			} else {
				c.add("old", i, classFinding, "earlier finding", c.finding(s, f))
			}
		}
		for _, r := range s.Restarts {
			c.add("restart", i, classRestart, "restart", c.restart(s, r))
		}
		for _, group := range alikeReach(s.Reach) {
			c.add("reach", i, classReach, "change of reach", group.row(c.stack(s))).weight = len(group.pairs)
		}
	}
}

func (c *composer) add(table string, section, class int, what string, row []inline) *unit {
	u := &unit{section: section, class: class, what: what, weight: 1, row: row}
	c.rows[table] = append(c.rows[table], u)
	return u
}

// show makes a table of rows that are not cut, to be opened where it is long.
func (c *composer) show(name, things string, head ...string) []block {
	t := c.kept(name, head...)
	if len(t.rows) > openRows {
		return []block{fold{summary: say(count(weight(t.units)) + " " + things), blocks: []block{t}}}
	}
	if t.rows == nil {
		return nil
	}
	return []block{t}
}

// kept is the table of the rows that are not cut.
func (c *composer) kept(name string, head ...string) dataTable {
	t := dataTable{head: head, numbers: make([]bool, len(head))}
	for _, u := range c.rows[name] {
		if !u.gone {
			t.rows, t.units = append(t.rows, u.row), append(t.units, u)
		}
	}
	return t
}

// risks are never cut and never hidden. What is refused comes first.
func (c *composer) risks() []block {
	t := dataTable{head: []string{"Stack", "Fate", "What", "Would be", "Lost with it", "Because"}, numbers: make([]bool, 6)}
	for _, s := range c.sections {
		for _, r := range refusedFirst(s.Risks) {
			t.rows = append(t.rows, []inline{c.stack(s), fate(s, r), quote(r.Object), ended(r.Op), explain(r.Loses), given(r.Why)})
		}
	}
	if t.rows == nil {
		return nil
	}
	return []block{heading{2, say("Data at risk")}, t}
}

func refusedFirst(risks []review.Risk) []review.Risk {
	rank := func(r review.Risk) int {
		switch {
		case r.Refused:
			return 0
		case r.Waived != "":
			return 1
		}
		return 2
	}
	risks = slices.Clone(risks)
	slices.SortStableFunc(risks, func(a, b review.Risk) int { return rank(a) - rank(b) })
	return risks
}

// fate is what a deployment does about a risk.
func fate(s review.Section, r review.Risk) inline {
	switch {
	case s.View == review.ViewDrift:
		return say("it has happened")
	case r.Refused:
		return say(refusedSign + " ").and(decided(r))
	case r.Waived != "":
		return say(destructiveSign + " ").and(decided(r))
	case slices.Contains(s.Verdicts(), review.Refused):
		return say("blocked with the rest of the stack")
	}
	return say("it happens")
}

// decided is whether a risk is blocked, until what, and what waives it.
func decided(r review.Risk) inline {
	var blocked, waived inline
	switch {
	case r.Refused && r.Until == "":
		blocked = stress("blocked until a waiver names it")
	case r.Refused:
		blocked = stress("blocked").and(say(" until "), explain(r.Until))
	}
	if r.Waived != "" {
		waived = say("waived: ").and(explain(r.Waived))
	}
	return list("; ", blocked, waived)
}

// ended is what has been done to a resource after an operation.
func ended(op review.Op) inline {
	switch op {
	case review.OpCreate:
		return stress("created")
	case review.OpUpdate:
		return stress("changed")
	case review.OpDelete:
		return stress("deleted")
	case review.OpReplace:
		return stress("replaced")
	case review.OpForget:
		return stress("forgotten")
	}
	return opName(op)
}

func (c *composer) restart(s review.Section, r review.Restart) []inline {
	why := make([]inline, 0, len(r.Why))
	for _, one := range r.Why {
		why = append(why, explain(one))
	}
	pods, gap := count(r.Replicas), say("no")
	if r.Replicas == 0 {
		pods = "one a node"
		if !strings.HasPrefix(r.Workload, "DaemonSet/") {
			pods = "none"
		}
	}
	if r.Gap {
		gap = stress("▲ yes")
	}
	return []inline{c.stack(s), quote(r.Workload), list("; ", why...), say(pods), gap}
}

func (c *composer) restarts() []block {
	shown := c.show("restart", "workloads restart", "Stack", "Workload", "Because", "Pods", "Downtime")
	if shown == nil {
		return nil
	}
	return append([]block{heading{2, say("Will restart")}}, shown...)
}

func opName(op review.Op) inline {
	for _, one := range review.Ops {
		if op == one {
			return stress(string(op))
		}
	}
	return quote(string(op))
}

// given quotes a text, and nothing where there is none.
func given(text string) inline {
	if text == "" {
		return nil
	}
	return quote(text)
}
