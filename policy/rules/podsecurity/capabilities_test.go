package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestCapabilities(t *testing.T) {
	const drop, add = inContainer + "securityContext.capabilities.drop", inContainer + "securityContext.capabilities.add"
	cases := table(secured, map[string][2][]string{
		"capabilities: {drop: [ALL]}":                                     {},
		"capabilities: {drop: [NET_RAW, ALL], add: [NET_BIND_SERVICE]}":   {},
		"capabilities: {drop: [all]}":                                     wrong(drop),
		"capabilities: {drop: [NET_RAW]}":                                 wrong(drop),
		"capabilities: {drop: [ALL], add: [NET_BIND_SERVICE, SYS_ADMIN]}": wrong(add + "[1]"),
		"capabilities: {drop: [ALL], add: [<unknown>, SYS_ADMIN]}":        {{add + "[1]"}, {add + "[0]"}},
		"capabilities: {drop: ALL}":                                       wrong(drop),
		"capabilities: {drop: <unknown>}":                                 undecided(drop),
		"privileged: false":                                               wrong(drop),
	})
	cases["parameters"] = packtest.Case{
		Objects: secured("capabilities: {drop: [ALL], add: [SYS_TIME, NET_BIND_SERVICE]}"), Want: []string{add + "[1]"},
		Parameters: map[string]any{"add": []any{"SYS_TIME"}},
	}
	packtest.Run(t, capabilities, cases)
}
