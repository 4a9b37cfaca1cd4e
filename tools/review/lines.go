package review

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// shortestJSON is the length in bytes from which on a text that is JSON is
// compared by the lines that it would have if it were indented: a dashboard is
// one line.
const shortestJSON = 120

// mostLines is how many lines of a text are compared, both sides together.
// Longer ones are cut as any other value.
const mostLines = 20000

// changedLines are the lines of a text that change; false where the two are no
// texts, or have one line each. A path is the number of the line after the
// change, such as :12, or where the line goes, that of before.
func changedLines(old, now side) ([]Diff, bool) {
	before, isText := old.value.(string)
	after, isTextToo := now.value.(string)
	if !isText || !isTextToo {
		return nil, false
	}
	if a, b, are := indented(before, after); are {
		before, after = a, b
	}
	a, b := linesOf(before), linesOf(after)
	if len(a) < 2 && len(b) < 2 || len(a)+len(b) > mostLines {
		return nil, false
	}
	var found []Diff
	var gone, come []line
	flush := func() {
		for i := range max(len(gone), len(come)) {
			var d Diff
			if i < len(gone) {
				d.Path, d.Old = gone[i].path(), gone[i].shown()
			}
			if i < len(come) {
				d.Path, d.New = come[i].path(), come[i].shown()
			}
			found = append(found, d)
		}
		gone, come = nil, nil
	}
	i, j := 0, 0
	for _, run := range runs(a, b) {
		for range []rune(run.Text) {
			switch run.Type {
			case diffmatchpatch.DiffDelete:
				gone = append(gone, line{i + 1, a[i]})
				i++
			case diffmatchpatch.DiffInsert:
				come = append(come, line{j + 1, b[j]})
				j++
			case diffmatchpatch.DiffEqual:
				flush()
				i, j = i+1, j+1
			}
		}
	}
	flush()
	return found, len(found) > 0 // else they differ in how they end
}

// runs compares lines, each of which is a letter to the library.
func runs(a, b []string) []diffmatchpatch.Diff {
	letters := map[string]rune{}
	spell := func(lines []string) []rune {
		text := make([]rune, 0, len(lines))
		for _, one := range lines {
			letter, known := letters[one]
			if !known {
				letter = rune(len(letters) + 1)
				if letter >= 0xD800 { // what follows is no letter
					letter += 0x800
				}
				letters[one] = letter
			}
			text = append(text, letter)
		}
		return text
	}
	dmp := diffmatchpatch.New()
	dmp.DiffTimeout = 0 // else the answer depends on how busy the machine is
	return dmp.DiffMainRunes(spell(a), spell(b), false)
}

// line is one of a text.
type line struct {
	number int
	text   string
}

func (l line) path() string { return ":" + strconv.Itoa(l.number) }

// shown is the line as it is; an empty one as YAML writes it.
func (l line) shown() string {
	if text := escapes.ReplaceAllString(l.text, ""); text != "" {
		return cut(text, text)
	}
	return `""`
}

func linesOf(text string) []string {
	if text = strings.TrimSuffix(text, "\n"); text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// indented are two texts that are long objects or lists of JSON, with a line
// for each value; false where one of them is none.
func indented(a, b string) (string, string, bool) {
	if max(len(a), len(b)) < shortestJSON || strings.Contains(strings.TrimSpace(a), "\n") || strings.Contains(strings.TrimSpace(b), "\n") {
		return "", "", false
	}
	before, isJSON := lined(a)
	after, isJSONToo := lined(b)
	return before, after, isJSON && isJSONToo
}

func lined(text string) (string, bool) {
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil || form(value) == "leaf" {
		return "", false
	}
	lines, err := json.MarshalIndent(value, "", "  ")
	return string(lines), err == nil
}
