package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components/backend"
	"platform/components/frontend"
	"platform/components/pod"
	"platform/components/workload"
)

func TestContainerPortsAndMounts(t *testing.T) {
	args := workloadArgs()
	args.Pod.Containers[0].Ports = append(args.Pod.Containers[0].Ports, pod.Port{Name: "dns", Container: 5353, UDP: true})
	args.Pod.Containers[0].Mounts = []pod.Mount{
		{Volume: pod.Scratch("tmp", 64), Path: "/tmp"},
		{Volume: pod.SecretFiles("auth", pulumi.String("some-secret")), Path: "/auth", ReadOnly: true},
		{Volume: pod.ConfigFiles("files", pulumi.String("some-config")), Path: "/file", SubPath: "file"},
		{Volume: pod.Claim("data", pulumi.String("some-claim")), Path: "/data"},
		{Volume: pod.SharedMemory("shm", 16), Path: "/dev/shm"},
	}
	pod := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) }).pod(t, "Deployment")
	main := containers(pod)["main"]
	assert.Equal(t, []any{
		map[string]any{"name": "http", "containerPort": 8000.0, "protocol": "TCP"},
		map[string]any{"name": "dns", "containerPort": 5353.0, "protocol": "UDP"},
	}, dig(main, "ports"))
	assert.Equal(t, []any{
		map[string]any{"name": "tmp", "mountPath": "/tmp"},
		map[string]any{"name": "auth", "mountPath": "/auth", "readOnly": true},
		map[string]any{"name": "files", "mountPath": "/file", "subPath": "file"},
		map[string]any{"name": "data", "mountPath": "/data"},
		map[string]any{"name": "shm", "mountPath": "/dev/shm"},
	}, dig(main, "volumeMounts"))
	assert.ElementsMatch(t, []any{
		map[string]any{"name": "tmp", "emptyDir": map[string]any{"sizeLimit": "64Mi"}},
		map[string]any{"name": "auth", "secret": map[string]any{"secretName": "some-secret", "defaultMode": float64(0o440)}},
		map[string]any{"name": "files", "configMap": map[string]any{"name": "some-config"}},
		map[string]any{"name": "data", "persistentVolumeClaim": map[string]any{"claimName": "some-claim"}},
		map[string]any{"name": "shm", "emptyDir": map[string]any{"medium": "Memory", "sizeLimit": "16Mi"}},
	}, dig(pod, "spec", "volumes"))
}

// A pod that stops at once drops the requests that are still sent to it.
func TestWhatTheEdgeSendsToDrains(t *testing.T) {
	for name, program := range map[string]pulumi.RunFunc{
		"frontend": registering("frontend", frontend.New, frontendArgs()),
		"backend":  registering("backend", backend.New, backendArgs()),
	} {
		pod := run(t, program).pod(t, "Deployment")
		container := containers(pod)[name]
		assert.Equal(t, 5.0, dig(container, "lifecycle", "preStop", "sleep", "seconds"), name)
		assert.Greater(t, dig(pod, "spec", "terminationGracePeriodSeconds"), 5.0, name)
	}
}

func TestContainerActsBeforeItIsStopped(t *testing.T) {
	stopping := func(mutate func(*pod.Container)) any {
		pod := placed(t, func(a *workload.Args) { mutate(&a.Pod.Containers[0]) })
		return dig(containers(pod)["main"], "lifecycle")
	}
	assert.Nil(t, stopping(func(*pod.Container) {}))
	assert.Equal(t, map[string]any{"preStop": map[string]any{"exec": map[string]any{"command": []any{"server", "--leave"}}}},
		stopping(func(c *pod.Container) { c.BeforeStop = []string{"server", "--leave"} }))
	assert.Equal(t, map[string]any{"preStop": map[string]any{"sleep": map[string]any{"seconds": 7.0}}},
		stopping(func(c *pod.Container) { c.DrainSeconds = 7 }))
}

// The scheduler knows of a node's ports only those that a pod names.
func TestContainerOnItsNodesNetworkTakesItsPorts(t *testing.T) {
	pod := exempted(t, pod.Exemption{HostNetwork: true, Reason: "why"})
	assert.Equal(t, []any{
		map[string]any{"name": "http", "containerPort": 8000.0, "hostPort": 8000.0, "protocol": "TCP"},
	}, dig(containers(pod)["main"], "ports"))
}
