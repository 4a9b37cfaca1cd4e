package review

import (
	"cmp"
	"strconv"
	"strings"
)

// compareNaturally orders texts as a reader counts: [2] before [10].
func compareNaturally(a, b string) int {
	for a != "" && b != "" {
		m, n := Digits(a), Digits(b)
		if m > 0 && n > 0 {
			left, right := strings.TrimLeft(a[:m], "0"), strings.TrimLeft(b[:n], "0")
			if c := cmp.Or(cmp.Compare(len(left), len(right)), strings.Compare(left, right)); c != 0 {
				return c
			}
			a, b = a[m:], b[n:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// Steps appends by how much each number of a text is more than in another one of
// the same words. It reports whether the texts are alike but for numbers: items of
// a list that count on need not all be shown.
func Steps(was, now string, all []int) (by []int, alike bool) {
	for was != "" && now != "" {
		if Digits(was[:1]) == 0 || Digits(now[:1]) == 0 {
			if was[0] != now[0] {
				return all, false
			}
			was, now = was[1:], now[1:]
			continue
		}
		a, b := was[:Digits(was)], now[:Digits(now)]
		was, now = was[len(a):], now[len(b):]
		if a == b {
			all = append(all, 0)
			continue
		}
		less, failed := strconv.Atoi(a)
		more, err := strconv.Atoi(b)
		if err != nil || failed != nil || len(a) != len(b) && (a[0] == '0' || b[0] == '0') { // nobody could tell 9, 10 from 09, 10
			return all, false
		}
		all = append(all, more-less)
	}
	return all, was == "" && now == ""
}

// Digits returns how many digits a text begins with.
func Digits(text string) int {
	n := 0
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return n
}
