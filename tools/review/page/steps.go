package page

import (
	"strconv"

	"platform/tools/review"
)

// split takes a path apart at one of its numbers.
func split(path string, at int) (prefix string, number int, rest string, ok bool) {
	for i := 0; i < len(path); i++ {
		digits := review.Digits(path[i:])
		if digits == 0 {
			continue
		}
		end := i + digits
		if at == 0 {
			number, err := strconv.Atoi(path[i:end])
			return path[:i], number, path[end:], err == nil
		}
		at--
		i = end
	}
	return "", 0, "", false
}
