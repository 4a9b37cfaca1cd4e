package limits

import (
	"testing"

	"platform/tests/packtest"
)

// resources is where findings about a case's container are.
const resources = packtest.InContainer + "resources."

// wrong is the case of a container that breaks the rule at these paths, and
// right of one that does not.
func wrong(content string, paths ...string) packtest.Case {
	c := right(content)
	for _, path := range paths {
		c.Want = append(c.Want, resources+path)
	}
	return c
}

func right(content string) packtest.Case {
	return packtest.Case{Objects: packtest.Container(content)}
}

func TestLimitFitsNode(t *testing.T) {
	packtest.Run(t, packtest.With(packtest.Named(Rules, "container-limit-fits-a-node"), map[string]any{"cpu": "8", "memory": "16Gi"}), map[string]packtest.Case{
		"within":     right("resources: {limits: {cpu: 8, memory: 16Gi}}"),
		"absent":     right("command: [a]"),
		"processors": wrong("resources: {limits: {cpu: 8001m}}", "limits.cpu"),
		"memory":     wrong("resources: {limits: {memory: 16385Mi}}", "limits.memory"),
		"wrong type": wrong("resources: {limits: {cpu: much}}", "limits.cpu"),
		"not known":  {Objects: right("resources: {limits: {cpu: <unknown>}}").Objects, Undecided: []string{resources + "limits.cpu"}},
	})
}

func TestMaximums(t *testing.T) {
	packtest.Run(t, packtest.Named(Rules, "container-has-limits"), map[string]packtest.Case{
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

func TestRequests(t *testing.T) {
	packtest.Run(t, packtest.Named(Rules, "container-has-requests"), map[string]packtest.Case{
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
