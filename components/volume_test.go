package components_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components"
)

func TestFolderOfTheNode(t *testing.T) {
	exempt := components.Exemption{HostPaths: []string{"/data/gfs"}, Reason: "why"}
	pod := exempted(t, exempt, components.Mount{Volume: components.HostPath("data", "/data/gfs"), Path: "/data"})
	assert.Equal(t, []any{map[string]any{
		"name": "data", "hostPath": map[string]any{"path": "/data/gfs", "type": "DirectoryOrCreate"},
	}}, dig(pod, "spec", "volumes"))
	assert.Equal(t, "/data", mountOf(containers(pod)["main"], "data"))
}

// A folder of the node is one that the exemption lists, and no other: not one
// inside of it, nor one that it lies in.
func TestFolderOfTheNodeHasToBeListed(t *testing.T) {
	for name, tc := range map[string]struct {
		listed []string
		want   string // "" means accepted
	}{
		"listed":         {[]string{"/data/gfs"}, ""},
		"among others":   {[]string{"/data", "/data/gfs"}, ""},
		"none":           {nil, `volume "data": /data/gfs is a folder of the node; list it in the exemption's hostPaths`},
		"one above":      {[]string{"/data"}, `volume "data": /data/gfs is a folder of the node`},
		"one inside":     {[]string{"/data/gfs/chunks"}, `volume "data": /data/gfs is a folder of the node`},
		"spelled longer": {[]string{"/data/gfs/"}, `volume "data": /data/gfs is a folder of the node`},
	} {
		t.Run(name, func(t *testing.T) {
			for _, init := range []bool{false, true} {
				pod := workloadArgs().Pod
				one := container()
				one.Name = "other"
				one.Mounts = []components.Mount{{Volume: components.HostPath("data", "/data/gfs"), Path: "/data"}}
				if pod.Containers = append(pod.Containers, one); init {
					pod.Init, pod.Containers = pod.Containers[1:], pod.Containers[:1]
				}
				pod.Exempt = components.Exemption{Root: true, HostPaths: tc.listed, Reason: "why"}
				pod.User = 0
				if tc.want == "" {
					require.NoError(t, pod.Validate())
					continue
				}
				require.ErrorContains(t, pod.Validate(), tc.want)
			}
		})
	}
}
