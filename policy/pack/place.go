package pack

import (
	"strconv"
	"strings"
)

// place is where a value is: a step below another's. It is put into words for
// findings alone, since most values are read and break no rule.
type place struct {
	above *place // nil of a value of the object itself
	key   string
	index int
	item  bool // of a list: index is the step, and not key
}

// String is such as spec.template.spec.containers[0].image.
func (p *place) String() string {
	var steps []*place
	for at := p; at != nil; at = at.above {
		steps = append(steps, at)
	}
	var text strings.Builder
	for i := len(steps) - 1; i >= 0; i-- {
		switch step := steps[i]; {
		case step.item:
			text.WriteString("[" + strconv.Itoa(step.index) + "]")
		case text.Len() > 0:
			text.WriteString("." + step.key)
		default:
			text.WriteString(step.key)
		}
	}
	return text.String()
}
