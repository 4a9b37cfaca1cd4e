package components_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/components/pod"
)

func TestFolderOfTheNode(t *testing.T) {
	exempt := pod.Exemption{Reason: "why"}
	pod := exempted(t, exempt, pod.Mount{Volume: pod.HostPath("data", "/data/gfs"), Path: "/data"})
	assert.Equal(t, []any{map[string]any{
		"name": "data", "hostPath": map[string]any{"path": "/data/gfs", "type": "DirectoryOrCreate"},
	}}, dig(pod, "spec", "volumes"))
	assert.Equal(t, "/data", mountOf(containers(pod)["main"], "data"))
}
