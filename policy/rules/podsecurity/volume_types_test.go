package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestVolumeTypes(t *testing.T) {
	mounting := func(source string) string { return deployment("volumes: [{name: v, " + source + "}]") }
	cases := table(mounting, map[string][2][]string{
		"configMap: {name: c}":                  {},
		"persistentVolumeClaim: {claimName: c}": {},
		"hostPath: {path: /data}":               {},
		"nfs: {server: s, path: /}":             wrong(inPod + "volumes[0].nfs"),
		"gitRepo: {repository: r}":              wrong(inPod + "volumes[0].gitRepo"),
		"nfs: null":                             {},
		"nfs: <unknown>":                        undecided(inPod + "volumes[0].nfs"),
	})
	cases["none"] = packtest.Case{Objects: deployment("containers: []")}
	cases["wrong type"] = packtest.Case{Objects: deployment("volumes: [v]"), Want: []string{inPod + "volumes[0]"}}
	cases["parameters"] = packtest.Case{
		Objects: mounting("secret: {secretName: s}"), Want: []string{inPod + "volumes[0].secret"}, Parameters: map[string]any{"allowed": []any{"emptyDir"}},
	}
	packtest.Run(t, volumeTypes, cases)
}
