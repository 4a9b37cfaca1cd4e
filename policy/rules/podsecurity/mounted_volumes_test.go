package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestMountedVolumes(t *testing.T) {
	const path = inPod + "volumes[0]"
	packtest.Run(t, mountedVolumes, table(deployment, map[string][2][]string{
		"volumes: [{name: v}], containers: [{name: a, volumeMounts: [{name: v}]}]":     {},
		"volumes: [{name: v}], initContainers: [{name: a, volumeMounts: [{name: v}]}]": {},
		"volumes: [{name: v}], containers: [{name: a, volumeDevices: [{name: v}]}]":    {},
		"containers: [{name: a}]":                                                          {},
		"volumes: [{name: v}], containers: [{name: a}]":                                    wrong(path),
		"volumes: [{name: v}], containers: [{name: a, volumeMounts: [{name: v2}]}]":        wrong(path),
		"volumes: [{name: 1}]":                                                             wrong(path + ".name"),
		"volumes: [{name: v}], containers: [{name: a, volumeMounts: [{name: <unknown>}]}]": undecided(inPod + "containers[0].volumeMounts[0].name"),
	}))
}
