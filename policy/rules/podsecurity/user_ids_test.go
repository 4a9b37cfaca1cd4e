package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestUserIDs(t *testing.T) {
	const user, group = inContainer + "securityContext.runAsUser", inContainer + "securityContext.runAsGroup"
	const ofPod = subject + " container a: spec.template.spec.securityContext."
	cases := table(secured, map[string][2][]string{
		"runAsUser: 10000, runAsGroup: 10000":     {},
		"runAsUser: 9999, runAsGroup: 10000":      wrong(user),
		"runAsUser: 10000, runAsGroup: 1000":      wrong(group),
		"runAsUser: 70, runAsGroup: 1001":         {},
		"runAsUser: 70":                           wrong(ofPod + "runAsGroup"),
		"runAsUser: 0":                            {},
		"runAsUser: 10000, runAsGroup: 0":         wrong(group),
		"runAsUser: '10000', runAsGroup: 1":       wrong(user),
		"runAsUser: 10000, runAsGroup: <unknown>": undecided(group),
		"readOnlyRootFilesystem: true":            wrong(ofPod+"runAsUser", ofPod+"runAsGroup"),
	})
	cases["of the pod"] = packtest.Case{Objects: deployment("securityContext: {runAsUser: 65532, runAsGroup: 65532}, containers: [{name: a}]")}
	cases["parameters"] = packtest.Case{
		Objects: secured("runAsUser: 70, runAsGroup: 500"), Want: []string{user},
		Parameters: map[string]any{"floor": 500.0, "listed": []any{}},
	}
	packtest.Run(t, userIDs, cases)
}
