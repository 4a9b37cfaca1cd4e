package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestLimitRangeExists(t *testing.T) {
	const all = "resources: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1, memory: 1Gi}}"
	sized := func(resources string) string {
		return documents(namespace, pod("api", "app: api", "containers: [{name: a, "+resources+"}]"))
	}
	limits := "{apiVersion: v1, kind: LimitRange, metadata: {name: a, namespace: core}}"
	packtest.Run(t, limitRangeExists, map[string]packtest.Case{
		"all say it":  {Objects: sized(all)},
		"defaults":    {Objects: documents(sized("resources: {}"), limits)},
		"absent":      {Objects: sized("image: a"), Want: []string{"Namespace/core"}},
		"near miss":   {Objects: sized("resources: {requests: {cpu: 1, memory: 1Gi}, limits: {memory: 1Gi}}"), Want: []string{"Namespace/core"}},
		"prepared":    {Objects: documents(namespace, pod("api", "", "initContainers: [{name: i}], containers: [{name: a, "+all+"}]")), Want: []string{"Namespace/core"}},
		"elsewhere":   {Objects: documents(namespace, "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: other}, spec: {containers: [{name: a}]}}")},
		"no pods":     {Objects: namespace},
		"wrong type":  {Objects: sized("resources: 1"), Want: []string{"Namespace/core: spec.template.spec.containers[0].resources"}},
		"not known":   {Objects: sized("resources: {requests: <unknown>}"), Undecided: []string{"Namespace/core: spec.template.spec.containers[0].resources.requests"}},
		"its own kin": {Objects: documents(sized("resources: {}"), "{apiVersion: v1, kind: LimitRange, metadata: {name: a, namespace: other}}"), Want: []string{"Namespace/core"}},
	})
}
