package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestOwnIDs(t *testing.T) {
	const user, group = inContainer + "securityContext.runAsUser", inContainer + "securityContext.runAsGroup"
	context := "spec.template.spec.securityContext."
	packtest.Run(t, ownIDs, map[string]packtest.Case{
		"stated":          {Objects: secured("runAsUser: 70, runAsGroup: 70")},
		"of the pod":      {Objects: deployment("securityContext: {runAsUser: 70, runAsGroup: 70, fsGroup: 70, supplementalGroups: [80]}, containers: [{name: a}]")},
		"absent":          {Objects: secured(""), Want: []string{subject + " container a: " + context + "runAsUser", subject + " container a: " + context + "runAsGroup"}},
		"root":            {Objects: secured("runAsUser: 0")},
		"root's group":    {Objects: secured("runAsUser: 70, runAsGroup: 0"), Want: []string{group}},
		"root's files":    {Objects: deployment("securityContext: {runAsUser: 70, fsGroup: 0}"), Want: []string{inPod + "securityContext.fsGroup"}},
		"one of several":  {Objects: deployment("securityContext: {supplementalGroups: [70, 0]}"), Want: []string{inPod + "securityContext.supplementalGroups[1]"}},
		"files of a root": {Objects: deployment("securityContext: {runAsUser: 0, fsGroup: 0}")},
		"wrong type":      {Objects: secured("runAsUser: '70', runAsGroup: 70"), Want: []string{user}},
		"not known":       {Objects: secured("runAsUser: 70, runAsGroup: <unknown>"), Undecided: []string{group}},
	})
}
