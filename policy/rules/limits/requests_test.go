package limits

import (
	"testing"

	"platform/policy/packtest"
)

func TestRequests(t *testing.T) {
	packtest.Run(t, requests, map[string]packtest.Case{
		"both":         right("resources: {requests: {cpu: 100m, memory: 128Mi}}"),
		"numbers":      right("resources: {requests: {cpu: 1, memory: 134217728}}"),
		"no processor": wrong("resources: {requests: {memory: 128Mi}}", "requests.cpu"),
		"no memory":    wrong("resources: {requests: {cpu: 100m}}", "requests.memory"),
		"nothing":      wrong("resources: {requests: {cpu: 0, memory: 0Mi}}", "requests.cpu", "requests.memory"),
		"the others":   wrong("resources: {limits: {cpu: 100m, memory: 128Mi}}", "requests.cpu", "requests.memory"),
		"absent":       wrong("image: x", "requests.cpu", "requests.memory"),
		"wrong type":   wrong("resources: {requests: {cpu: true, memory: many}}", "requests.cpu", "requests.memory"),
		"not known": {
			Objects:   packtest.Container("resources: {requests: {cpu: <unknown>}}"),
			Want:      []string{resources + "requests.memory"},
			Undecided: []string{resources + "requests.cpu"},
		},
		"before the others": {
			Objects: packtest.Deployment("initContainers: [{name: i, resources: {requests: {cpu: 1}}}]"),
			Want:    []string{"Deployment/api container i: spec.template.spec.initContainers[0].resources.requests.memory"},
		},
		"parameters": {
			Objects:    packtest.Container("resources: {requests: {memory: 1Mi}}"),
			Parameters: map[string]any{"resources": []any{"memory"}},
		},
	})
}
