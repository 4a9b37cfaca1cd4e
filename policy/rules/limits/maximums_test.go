package limits

import (
	"testing"

	"platform/policy/packtest"
)

func TestMaximums(t *testing.T) {
	packtest.Run(t, maximums, map[string]packtest.Case{
		"both":         right("resources: {limits: {cpu: 100m, memory: 128Mi}}"),
		"numbers":      right("resources: {limits: {cpu: 1, memory: 134217728}}"),
		"no processor": wrong("resources: {limits: {memory: 128Mi}}", "limits.cpu"),
		"no memory":    wrong("resources: {limits: {cpu: 100m}}", "limits.memory"),
		"nothing":      wrong("resources: {limits: {cpu: 0, memory: 0Mi}}", "limits.cpu", "limits.memory"),
		"the others":   wrong("resources: {requests: {cpu: 100m, memory: 128Mi}}", "limits.cpu", "limits.memory"),
		"absent":       wrong("image: x", "limits.cpu", "limits.memory"),
		"wrong type":   wrong("resources: {limits: {cpu: true, memory: many}}", "limits.cpu", "limits.memory"),
		"not known": {
			Objects:   packtest.Container("resources: {limits: {cpu: <unknown>}}"),
			Want:      []string{resources + "limits.memory"},
			Undecided: []string{resources + "limits.cpu"},
		},
		"before the others": {
			Objects: packtest.Deployment("initContainers: [{name: i, resources: {limits: {cpu: 1}}}]"),
			Want:    []string{"Deployment/api container i: spec.template.spec.initContainers[0].resources.limits.memory"},
		},
		"parameters": {
			Objects:    packtest.Container("resources: {limits: {memory: 1Mi}}"),
			Parameters: map[string]any{"resources": []any{"memory"}},
		},
	})
}
