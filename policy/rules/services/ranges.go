package services

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// span is ports from first to last, both among them.
type span struct{ first, last int }

// spans are ports.
type spans []span

// ranges reads ports such as 443 and 8000-8999. It panics for what is neither,
// as it reads parameters of rules.
func ranges(texts []string) spans {
	var all spans
	for _, text := range texts {
		first, last, several := strings.Cut(text, "-")
		if !several {
			last = first
		}
		from, _ := strconv.Atoi(first) // what is no number reads as 0, which is no port
		to, _ := strconv.Atoi(last)
		if from < 1 || to > 65535 || from > to {
			panic(fmt.Sprintf("%q is no port from 1 to 65535 and no range FIRST-LAST of them", text))
		}
		all = append(all, span{from, to})
	}
	return all
}

// collect makes ranges of single ports.
func collect(ports []int) spans {
	ports = slices.Compact(slices.Sorted(slices.Values(ports)))
	var all spans
	for _, port := range ports {
		if end := len(all) - 1; end >= 0 && all[end].last == port-1 {
			all[end].last = port
			continue
		}
		all = append(all, span{port, port})
	}
	return all
}

func (s spans) hold(port int) bool {
	return slices.ContainsFunc(s, func(one span) bool { return one.first <= port && port <= one.last })
}

// ports are all, one by one.
func (s spans) ports() []int {
	var all []int
	for _, one := range s {
		for port := one.first; port <= one.last; port++ {
			all = append(all, port)
		}
	}
	return all
}

func (s spans) String() string {
	var texts []string
	for _, one := range s {
		if one.first == one.last {
			texts = append(texts, strconv.Itoa(one.first))
		} else {
			texts = append(texts, fmt.Sprintf("%d-%d", one.first, one.last))
		}
	}
	return strings.Join(texts, ", ")
}
