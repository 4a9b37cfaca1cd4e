package page

import "strconv"

// split takes a path apart at one of its numbers.
func split(path string, at int) (prefix string, number int, rest string, ok bool) {
	for i := 0; i < len(path); i++ {
		if !isDigit(path[i]) {
			continue
		}
		end := i + digitsOf(path[i:])
		if at == 0 {
			number, err := strconv.Atoi(path[i:end])
			return path[:i], number, path[end:], err == nil
		}
		at--
		i = end
	}
	return "", 0, "", false
}

// steps adds by how much each number of a text is more than in another one of
// the same words.
func steps(was, now string, all []int) (by []int, alike bool) {
	for was != "" && now != "" {
		if !isDigit(was[0]) || !isDigit(now[0]) {
			if was[0] != now[0] {
				return all, false
			}
			was, now = was[1:], now[1:]
			continue
		}
		a, b := was[:digitsOf(was)], now[:digitsOf(now)]
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

func digitsOf(text string) int {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return n
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }
