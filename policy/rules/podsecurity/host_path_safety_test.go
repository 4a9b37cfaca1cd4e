package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestHostPathSafety(t *testing.T) {
	const kind, path = inPod + "volumes[0].hostPath.type", inPod + "volumes[0].hostPath.path"
	mounting := func(folder string) string { return deployment("volumes: [{name: v, hostPath: {" + folder + "}}]") }
	cases := table(mounting, map[string][2][]string{
		"path: /data/gfs, type: DirectoryOrCreate":              {},
		"path: /data/gfs, type: Socket":                         wrong(kind),
		"path: /data/gfs":                                       wrong(kind),
		"path: /data/gfs, type: ''":                             wrong(kind),
		"path: /, type: Directory":                              wrong(path),
		"path: /etc, type: Directory":                           wrong(path),
		"path: /etc/, type: Directory":                          wrong(path),
		"path: /etc/kubernetes, type: Directory":                wrong(path),
		"path: /etcetera, type: Directory":                      {},
		"path: /var, type: Directory":                           wrong(path),
		"path: /var/data, type: Directory":                      {},
		"path: /data/../etc, type: Directory":                   wrong(path),
		"path: data, type: Directory":                           wrong(path),
		"path: /run/k3s/containerd/containerd.sock, type: File": wrong(path),
		"type: Directory":                                       wrong(path),
		"path: 1, type: Directory":                              wrong(path),
		"path: <unknown>, type: Directory":                      undecided(path),
	})
	for _, folder := range hostPathSafety.Parameters["forbidden"].([]any) {
		cases[folder.(string)] = packtest.Case{Objects: mounting("type: Directory, path: " + folder.(string) + "/below"), Want: []string{path}}
	}
	cases["no folder of the node"] = packtest.Case{Objects: deployment("volumes: [{name: v, emptyDir: {}}]")}
	cases["a volume of the cluster"] = packtest.Case{
		Objects: "{apiVersion: v1, kind: PersistentVolume, metadata: {name: disk}, spec: {hostPath: {path: /proc, type: Directory}}}",
		Want:    []string{"PersistentVolume/disk: spec.hostPath.path"},
	}
	cases["parameters"] = packtest.Case{
		Objects: mounting("path: /data/gfs, type: Directory"), Want: []string{path}, Parameters: map[string]any{"forbidden": []any{"/data"}},
	}
	packtest.Run(t, hostPathSafety, cases)
}
