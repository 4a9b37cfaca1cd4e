package page

import (
	"fmt"
	"slices"
	"strings"

	"platform/tools/review"
)

// whoever stands in a reason for the one of several that the row is about.
const whoever = "it"

// reachGroup are pairs of which the same is reported: several that newly reach one,
// or one that newly reaches several. A new service is reached by everybody in
// its namespace, and reaches everybody.
type reachGroup struct {
	pairs   []review.Reach
	because []string
}

// alikeReach puts pairs together: first by who is reached, then what is left
// by who reaches.
func alikeReach(pairs []review.Reach) []reachGroup {
	var all []reachGroup
	var left []review.Reach
	for _, g := range grouped(pairs, func(r review.Reach) (string, string) { return r.To, r.From }) {
		if len(g.pairs) > 1 {
			all = append(all, g)
		} else {
			left = append(left, g.pairs...)
		}
	}
	return append(all, grouped(left, func(r review.Reach) (string, string) { return r.From, r.To })...)
}

func grouped(pairs []review.Reach, ends func(review.Reach) (one, other string)) []reachGroup {
	var all []reachGroup
	at := map[string]int{}
	for _, r := range pairs {
		one, other := ends(r)
		because := make([]string, 0, len(r.Because))
		for _, why := range r.Because {
			if before, has := strings.CutSuffix(why, " "+other); has {
				why = before + " " + whoever
			}
			because = append(because, why)
		}
		key := fmt.Sprintf("%q %q %q %q %q", one, r.Gained, r.Lost, r.Silent, because)
		if i, has := at[key]; has {
			all[i].pairs = append(all[i].pairs, r)
			continue
		}
		at[key] = len(all)
		all = append(all, reachGroup{pairs: []review.Reach{r}, because: because})
	}
	return all
}

func (g reachGroup) row(stack inline) []inline {
	var from, to []string
	for _, r := range g.pairs {
		from, to = append(from, r.From), append(to, r.To)
	}
	first := g.pairs[0]
	because := first.Because
	if len(g.pairs) > 1 {
		because = g.because
	}
	return []inline{stack, names(from), names(to), given(first.Gained), given(first.Lost), given(first.Silent), quotes(because)}
}

// names are all, each once.
func names(all []string) inline {
	all = slices.Clone(all)
	if len(slices.Compact(slices.Sorted(slices.Values(all)))) == 1 {
		all = all[:1]
	}
	return quotes(all)
}

func (c *composer) reach() []block {
	shown := c.show("reach", "changes of who reaches whom", "Stack", "From", "To", "Opened", "Closed", "Open, but nothing listens yet", "Because of")
	if shown == nil {
		return nil
	}
	return append([]block{heading{2, say("Who can newly reach whom")}}, shown...)
}
