package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestRunAsNonRoot(t *testing.T) {
	const path = "spec.template.spec.securityContext.runAsNonRoot"
	packtest.Run(t, runAsNonRoot, map[string]packtest.Case{
		"of the pod":       {Objects: deployment("securityContext: {runAsNonRoot: true}, containers: [{name: a}]")},
		"of the container": {Objects: deployment("containers: [{name: a, securityContext: {runAsNonRoot: true}}]")},
		"absent":           {Objects: deployment("containers: [{name: a}]"), Want: []string{"Deployment/api container a: " + path}},
		"false over true": {
			Objects: deployment("securityContext: {runAsNonRoot: true}, containers: [{name: a}, {name: b, securityContext: {runAsNonRoot: false}}]"),
			Want:    []string{"Deployment/api container b: spec.template.spec.containers[1].securityContext.runAsNonRoot"},
		},
		"prepared by root": {
			Objects: deployment("initContainers: [{name: i}], containers: [{name: a, securityContext: {runAsNonRoot: true}}]"),
			Want:    []string{"Deployment/api container i: " + path},
		},
		"wrong type": {
			Objects: deployment("securityContext: {runAsNonRoot: 'true'}, containers: [{name: a}]"), Want: []string{"Deployment/api container a: " + path},
		},
		"not known": {
			Objects:   deployment("securityContext: {runAsNonRoot: <unknown>}, containers: [{name: a}]"),
			Undecided: []string{"Deployment/api container a: " + path},
		},
		"root all the same": {
			Objects: deployment("securityContext: {runAsNonRoot: true}, containers: [{name: a, securityContext: {runAsUser: 0}}, {name: b, securityContext: {runAsUser: 1}}]"),
			Want:    []string{"Deployment/api container a: spec.template.spec.containers[0].securityContext.runAsUser"},
		},
		"runs no pod": {Objects: "{apiVersion: v1, kind: Service, metadata: {name: api}}"},
	})
}
