package review

import (
	"cmp"
	"strings"
)

// compareNaturally orders texts as a reader counts: [2] before [10].
func compareNaturally(a, b string) int {
	for a != "" && b != "" {
		m, n := number(a), number(b)
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

// number is the length of the number that a text begins with.
func number(text string) int {
	n := 0
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return n
}
