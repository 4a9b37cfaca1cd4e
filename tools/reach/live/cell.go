package live

import (
	"fmt"
	"net/netip"
	"strings"
)

// Outcome is what became of a connection.
type Outcome string

// The outcomes. All but Open mean that it is closed.
const (
	Open        Outcome = "open"
	Refused     Outcome = "refused"     // by a policy that says so
	Timeout     Outcome = "no answer"   // a packet was dropped
	Unreachable Outcome = "unreachable" // a router says so
	Left        Outcome = "left"        // not even begun: the source has lost its address, as a pod that ends does
)

// Attempt is one connection.
type Attempt struct {
	From    Place
	To      netip.AddrPort
	Target  string // name of the place that listens; empty where any of a Service may
	Outcome Outcome
}

// Cell is one port of one way from one endpoint to another.
type Cell struct {
	From, To string // endpoints of the matrix
	Port     int    // of the target itself
	By       string // the way there, such as Service backend:80; empty means its own address
	Computed bool   // that it is open
	any      bool   // one open attempt opens it, as nodes differ; else all have to agree
	Attempts []Attempt
}

// Measured reports whether the cell is open; false for both where the attempts
// differ and should not.
func (c Cell) Measured() (open, closed bool) {
	count := 0
	for _, one := range c.Attempts {
		if one.Outcome == Open {
			count++
		}
	}
	if c.any {
		return count > 0, count == 0
	}
	return count == len(c.Attempts), count == 0
}

// Agrees reports whether the cell is as computed.
func (c Cell) Agrees() bool {
	open, closed := c.Measured()
	return c.Computed && open || !c.Computed && closed
}

// measured says in a few words what came out.
func (c Cell) measured() string {
	switch open, closed := c.Measured(); {
	case open:
		return "yes"
	case closed:
		return "no"
	}
	return "some"
}

// Mark says in a few words how the cell differs.
func (c Cell) Mark() string {
	computed := "no"
	if c.Computed {
		computed = "yes"
	}
	text := fmt.Sprintf("%d: computed %s, measured %s", c.Port, computed, c.measured())
	if c.By != "" {
		text = fmt.Sprintf("%s (%s)", text, c.By)
	}
	return text
}

// String names the ends, what differs and the attempts that differ.
func (c Cell) String() string {
	var unlike []string
	for _, one := range c.Attempts {
		if (one.Outcome == Open) != c.Computed {
			unlike = append(unlike, fmt.Sprintf("%s to %s: %s", one.From.Name, one.To, one.Outcome))
		}
	}
	const shown = 3
	if more := len(unlike) - shown; more > 0 {
		unlike = append(unlike[:shown], fmt.Sprintf("%d more", more))
	}
	return fmt.Sprintf("%s to %s at %s [%s]", c.From, c.To, c.Mark(), strings.Join(unlike, "; "))
}
