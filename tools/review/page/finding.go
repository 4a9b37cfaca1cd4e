package page

import (
	"platform/tools/review"
)

var findingHead = []string{"Stack", "Level", "Rule", "Object", "Finding"}

func (c *composer) finding(s review.Section, f review.Finding) []inline {
	level := say("advisory")
	if f.Mandatory {
		level = stress("✗ mandatory")
	}
	if f.Severity != "" {
		level = level.and(say(", "), explain(f.Severity))
	}
	return []inline{c.stack(s), level, quote(f.Rule), given(f.Object), explain(f.Text)}
}

// findings are what the policies say, what is new apart from what was there.
func (c *composer) findings() []block {
	var all []block
	if shown := c.show("new", "new findings", findingHead...); shown != nil {
		all = append(append(all, heading{2, say("Policies: new findings")}), shown...)
	}
	old := c.kept("old", findingHead...)
	mandatory := 0
	for _, s := range c.sections {
		for _, f := range s.Findings {
			if f.Mandatory && !f.New {
				mandatory++
			}
		}
	}
	if old.rows == nil {
		return all
	}
	summary := of(len(old.rows), "finding") + " of the policies that this change did not bring"
	if mandatory > 0 {
		summary += ", " + count(mandatory) + " of them mandatory"
	}
	return append(all, fold{summary: say(summary), blocks: []block{old}})
}

// capacity is what pods ask for before and after, where that changes or is more
// than there is.
func (c *composer) capacity() []block {
	t := dataTable{
		head:    []string{"Stack", "Architecture", "What", "Before", "After", "Change", "Nodes have"},
		numbers: []bool{false, false, false, true, true, true, true},
	}
	for _, s := range c.sections {
		for _, one := range s.Capacity {
			over := one.Has > 0 && one.After > one.Has
			if one.Before == one.After && !over {
				continue
			}
			has, after := say(""), say(quantity(one, one.After))
			if one.Has > 0 {
				has = say(quantity(one, one.Has))
			}
			if over {
				after = stress("▲ " + quantity(one, one.After))
			}
			arch, what := given(one.Arch), quote(one.What)
			if one.Arch == "any" {
				arch = say("any")
			}
			if one.Unit != "millicores" && one.Unit != "bytes" {
				what = quote(one.What + " in " + one.Unit)
			}
			t.rows = append(t.rows, []inline{c.stack(s), arch, what, say(quantity(one, one.Before)), after, say(growth(one)), has})
		}
	}
	if t.rows == nil {
		return nil
	}
	return []block{heading{2, say("Capacity that the pods ask for")}, t, paragraph{say("At the most replicas that an autoscaler may make. ▲ is more than the nodes have.")}}
}
