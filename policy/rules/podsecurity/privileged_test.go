package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestPrivileged(t *testing.T) {
	const path, windows = inContainer + "securityContext.privileged", inContainer + "securityContext.windowsOptions.hostProcess"
	cases := table(secured, map[string][2][]string{
		"privileged: false":                    {},
		"readOnlyRootFilesystem: true":         {},
		"privileged: true":                     wrong(path),
		"privileged: 'true'":                   wrong(path),
		"privileged: <unknown>":                undecided(path),
		"windowsOptions: {hostProcess: true}":  wrong(windows),
		"windowsOptions: {hostProcess: false}": {},
	})
	cases["of the pod"] = packtest.Case{
		Objects: deployment("securityContext: {windowsOptions: {hostProcess: true}}, containers: [{name: a}]"),
		Want:    []string{subject + " container a: spec.template.spec.securityContext.windowsOptions.hostProcess"},
	}
	cases["before the others"] = packtest.Case{
		Objects: deployment("initContainers: [{name: i, securityContext: {privileged: true}}]"),
		Want:    []string{subject + " container i: spec.template.spec.initContainers[0].securityContext.privileged"},
	}
	packtest.Run(t, privileged, cases)
}
