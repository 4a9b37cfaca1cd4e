package limits

import (
	"testing"

	"platform/policy/packtest"
)

func TestRequestWithinLimit(t *testing.T) {
	of := func(request, limit string) string {
		return "resources: {requests: {memory: " + request + "}, limits: {memory: " + limit + "}}"
	}
	packtest.Run(t, requestWithinLimit, map[string]packtest.Case{
		"below":       right(of("1Gi", "2Gi")),
		"the same":    right(of("1024Mi", "1Gi")),
		"above":       wrong(of("1025Mi", "1Gi"), "requests.memory"),
		"no limit":    right("resources: {requests: {memory: 1Gi}, limits: {cpu: 1}}"),
		"no limits":   right("resources: {requests: {memory: 1Gi}}"),
		"no request":  right("resources: {limits: {memory: 1Gi}}"),
		"limit of 0":  wrong(of("1Gi", "'0'"), "requests.memory"),
		"of any kind": wrong("resources: {requests: {example.com/gpu: 2}, limits: {example.com/gpu: 1}}", "requests.example.com/gpu"),
		"absent":      right("image: x"),
		"wrong type":  wrong(of("[]", "1Gi"), "requests.memory"),
		"not known": {
			Objects:   packtest.Container("resources: {requests: {cpu: 2, memory: 1Gi}, limits: {cpu: 1, memory: <unknown>}}"),
			Want:      []string{resources + "requests.cpu"},
			Undecided: []string{resources + "limits.memory"},
		},
	})
}
