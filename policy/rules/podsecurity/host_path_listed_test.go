package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestHostPathListed(t *testing.T) {
	const at = inPod + "volumes[0].hostPath.path"
	packtest.Run(t, hostPathListed, table(deployment, map[string][2][]string{
		"volumes: [{name: a, hostPath: {path: /data/gfs}}]":          {},
		"volumes: [{name: a, hostPath: {path: /data/gfs/1}}]":        {},
		"volumes: [{name: a, hostPath: {path: /data/gfs/../other}}]": wrong(at),
		"volumes: [{name: a, hostPath: {path: /data/gfs2}}]":         wrong(at),
		"volumes: [{name: a, hostPath: {path: /data}}]":              wrong(at),
		"volumes: [{name: a, hostPath: {path: 1}}]":                  wrong(at),
		"volumes: [{name: a, hostPath: {path: <unknown>}}]":          undecided(at),
		"volumes: [{name: a, emptyDir: {}}]":                         {},
	}))
}
