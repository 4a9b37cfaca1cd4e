package limits

import (
	"testing"

	"platform/policy/packtest"
)

func TestLimitFitsNode(t *testing.T) {
	packtest.Run(t, limitFitsNode, map[string]packtest.Case{
		"within":     right("resources: {limits: {cpu: 8, memory: 16Gi}}"),
		"absent":     right("command: [a]"),
		"processors": wrong("resources: {limits: {cpu: 8001m}}", "limits.cpu"),
		"memory":     wrong("resources: {limits: {memory: 16385Mi}}", "limits.memory"),
		"wrong type": wrong("resources: {limits: {cpu: much}}", "limits.cpu"),
		"not known":  {Objects: right("resources: {limits: {cpu: <unknown>}}").Objects, Undecided: []string{resources + "limits.cpu"}},
	})
}
