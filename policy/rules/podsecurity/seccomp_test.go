package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestSeccomp(t *testing.T) {
	const path = inContainer + "securityContext.seccompProfile.type"
	cases := table(secured, map[string][2][]string{
		"seccompProfile: {type: RuntimeDefault}":                           {},
		"seccompProfile: {type: Localhost, localhostProfile: strict.json}": {},
		"seccompProfile: {type: Unconfined}":                               wrong(path),
		"seccompProfile: {type: true}":                                     wrong(path),
		"seccompProfile: {type: <unknown>}":                                undecided(path),
		"privileged: false":                                                wrong(subject + " container a: spec.template.spec.securityContext.seccompProfile.type"),
	})
	const ofPod = "securityContext: {seccompProfile: {type: RuntimeDefault}}, "
	cases["of the pod"] = packtest.Case{Objects: deployment(ofPod + "containers: [{name: a}]")}
	cases["other than the pod"] = packtest.Case{
		Objects: deployment(ofPod + "containers: [{name: a, securityContext: {seccompProfile: {type: Unconfined}}}]"), Want: []string{path},
	}
	packtest.Run(t, seccomp, cases)
}
