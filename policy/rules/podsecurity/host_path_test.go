package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestHostPath(t *testing.T) {
	cases := table(deployment, map[string][2][]string{
		"volumes: [{name: v, hostPath: {path: /data}}]":                          wrong(inPod + "volumes[0].hostPath"),
		"volumes: [{name: v, emptyDir: {}}, {name: w, hostPath: {path: /data}}]": wrong(inPod + "volumes[1].hostPath"),
		"volumes: [{name: v, hostPath: null}]":                                   {},
		"containers: []":                                                         {},
		"volumes: [{name: v, hostPath: {path: 1}}]":                              wrong(inPod + "volumes[0].hostPath.path"),
		"volumes: [{name: v, hostPath: <unknown>}]":                              undecided(inPod + "volumes[0].hostPath"),
	})
	cases["a volume of the cluster"] = packtest.Case{
		Objects: "{apiVersion: v1, kind: PersistentVolume, metadata: {name: disk}, spec: {hostPath: {path: /data}}}",
		Want:    []string{"PersistentVolume/disk: spec.hostPath"},
	}
	cases["a volume of another type"] = packtest.Case{
		Objects: "{apiVersion: v1, kind: PersistentVolume, metadata: {name: disk}, spec: {nfs: {path: /data}}}",
	}
	packtest.Run(t, hostPath, cases)
}
