package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestEmptyDirSize(t *testing.T) {
	const path = inPod + "volumes[0].emptyDir.sizeLimit"
	cases := table(deployment, map[string][2][]string{
		"volumes: [{name: v, emptyDir: {sizeLimit: 64Mi}}]":                                             {},
		"volumes: [{name: v, emptyDir: {}}]":                                                            wrong(path),
		"volumes: [{name: v, emptyDir: {sizeLimit: '0'}}]":                                              wrong(path),
		"volumes: [{name: v, emptyDir: {sizeLimit: much}}]":                                             wrong(path),
		"volumes: [{name: v, emptyDir: {sizeLimit: <unknown>}}, {name: w, emptyDir: {medium: Memory}}]": {{inPod + "volumes[1].emptyDir.sizeLimit"}, {path}},
		"volumes: [{name: v}]":                                                                          wrong(path),
		"volumes: [{name: v, emptyDir: null}]":                                                          wrong(path),
		"volumes: [{name: v, configMap: {name: c}}]":                                                    {},
		"volumes: none":  wrong(inPod + "volumes"),
		"containers: []": {},
	})
	packtest.Run(t, emptyDirSize, cases)
}
