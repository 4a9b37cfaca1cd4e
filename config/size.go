package config

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// longestVariable is the most bytes that Linux takes for one environment
// variable, its name and end included: MAX_ARG_STRLEN, 32 pages of 4 KiB. The
// engine hands a program its whole configuration in one.
const longestVariable = 128 << 10

// checkSize reports a configuration that the engine could not hand over: it
// would say "argument list too long" and start nothing.
func (s source) checkSize(into *collector) {
	whole, longest := map[string]string{}, ""
	for name, value := range s.values {
		whole[Namespace+":"+name] = value
		if len(value) > len(s.values[longest]) || len(value) == len(s.values[longest]) && name < longest {
			longest = name
		}
	}
	text, err := json.Marshal(whole)
	if err != nil {
		return // strings only
	}
	if size := len(pulumi.EnvConfig) + len("=\x00") + len(text); size > longestVariable {
		into.add(longest, fmt.Sprintf("shorten it, or spread what it lists over two stacks, by %d bytes", size-longestVariable),
			"it has the most of a configuration of %d bytes, and the engine hands over %d at most", size, longestVariable)
	}
}
