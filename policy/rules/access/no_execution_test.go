package access

import (
	"testing"

	"platform/policy/packtest"
)

func TestNoExecution(t *testing.T) {
	const at = "ClusterRole/a: rules[0].resources"
	packtest.Run(t, noExecution, map[string]packtest.Case{
		"plain":       {Objects: role("{apiGroups: [''], resources: [pods, pods/log], verbs: [get, create]}")},
		"exec":        {Objects: role("{apiGroups: [''], resources: [pods/exec], verbs: [create]}"), Want: []string{at + "[0]"}},
		"by GET":      {Objects: role("{apiGroups: [''], resources: [nodes, nodes/proxy], verbs: [get]}"), Want: []string{at + "[1]"}},
		"by wildcard": {Objects: role("{apiGroups: ['*'], resources: [pods/attach], verbs: ['*']}"), Want: []string{at + "[0]"}},
		"near miss":   {Objects: role("{apiGroups: [metrics.k8s.io], resources: [pods/exec], verbs: [get]}, {apiGroups: [''], resources: [nodes/metrics, pods/eviction], verbs: [get, create]}")},
		"no verb":     {Objects: role("{apiGroups: [''], resources: [pods/exec], verbs: []}")},
		"absent":      {Objects: role("{}")},
		"wrong type":  {Objects: role("{apiGroups: [''], resources: pods/exec, verbs: [get]}"), Want: []string{at}},
		"not known":   {Objects: role("{apiGroups: [''], resources: [<unknown>], verbs: [get]}"), Undecided: []string{at + "[0]"}},
	})
}
