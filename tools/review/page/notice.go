package page

import "platform/tools/review/scan"

// What a notice shows at the most.
const (
	noticeRows  = 40
	noticeRunes = 160 // of a name
)

// Notice is the comment that stands in the place of one in which secrets were
// found. It says where they are and what to do, and has none of their text:
// names that hold one are left out by the scan.
func Notice(key string, hits []scan.Hit) string {
	t := dataTable{head: []string{"Stack", "Where", "Value", "Why"}, numbers: make([]bool, 4)}
	for i, h := range hits {
		if i == noticeRows {
			break
		}
		where := quote(brief(h.Resource))
		if h.Resource == "" {
			where = say("line " + count(h.Line))
		}
		t.rows = append(t.rows, []inline{given(brief(h.Stack)), where, given(brief(h.Path)), explain(h.What)})
	}
	blocks := []block{
		heading{1, say("✗ Withheld: the review would show a secret")},
		paragraph{say("It was made, and then held back as a whole: " + of(len(hits), "place") + " of it must not be read by everybody.")},
		t,
	}
	if more := len(hits) - len(t.rows); more > 0 {
		blocks = append(blocks, paragraph{say("There are " + count(more) + " more.")})
	}
	return Marker(key) + "\n" + markdown(append(blocks, paragraph{
		say("Keep the value in a Secret from the stack's secret source, or mark it secret where it enters the program, and run the review again. A value that was in a manifest, a log or a commit before is known: change it."),
	}))
}

// brief shortens a name.
func brief(name string) string {
	if runes := []rune(name); len(runes) > noticeRunes {
		return string(runes[:noticeRunes]) + "…"
	}
	return name
}
