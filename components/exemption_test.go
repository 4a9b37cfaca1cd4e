package components_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components/pod"
)

// deviations are all that pods of a component do beyond the hardening that
// every pod has, as [beyond] writes them. Nobody else may do any of it.
var deviations = map[string][]string{
	"gfs-master":      {"root", "hostPath /data/gfs"},
	"gfs-chunkserver": {"root", "hostNetwork", "hostPort 9080", "hostPort 9081", "hostPath /data/gfs/chunkserver"},
	"nats":            {"root"},
	"image-cleanup":   {"root", "hostPID", "privileged"},
}

// beyond is what a pod template and its containers do that a hardened one does
// not: "root", "privileged", "hostPID", "hostPath FOLDER" and so on.
func beyond(made any) []string {
	found := map[string]bool{}
	for _, one := range append(beyondOfPod(made), beyondOfVolumes(made)...) {
		found[one] = true
	}
	for _, container := range containers(made) {
		for _, one := range beyondOfContainer(container) {
			found[one] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func beyondOfPod(made any) []string {
	var found []string
	for _, door := range []string{"hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace"} {
		if dig(made, "spec", door) != nil {
			found = append(found, door)
		}
	}
	security, _ := dig(made, "spec", "securityContext").(map[string]any)
	security = maps.Clone(security)
	for _, sysctl := range list(security, "sysctls") {
		if name := dig(sysctl, "name").(string); name != "net.ipv4.ip_unprivileged_port_start" {
			found = append(found, "sysctl "+name)
		}
	}
	delete(security, "sysctls")
	root := map[string]any{"runAsNonRoot": false, "runAsUser": 0.0, "seccompProfile": runtimeDefault}
	switch {
	case assert.ObjectsAreEqual(root, security):
		return append(found, "root")
	case !assert.ObjectsAreEqual(ordinary(security), security):
		return append(found, fmt.Sprint("securityContext ", security))
	}
	return found
}

var runtimeDefault = map[string]any{"type": "RuntimeDefault"}

// ordinary is the security context of a hardened pod with the users and
// groups of this one, where they are over 0.
func ordinary(security map[string]any) map[string]any {
	want := map[string]any{"runAsNonRoot": true, "fsGroupChangePolicy": "OnRootMismatch", "seccompProfile": runtimeDefault}
	for _, id := range []string{"runAsUser", "runAsGroup", "fsGroup"} {
		want[id] = 1.0
		if given, ok := security[id].(float64); ok && given > 0 {
			want[id] = given
		}
	}
	return want
}

func beyondOfVolumes(made any) []string {
	var found []string
	for _, volume := range list(made, "spec", "volumes") {
		for kind := range volume.(map[string]any) {
			switch kind {
			case "name", "configMap", "secret", "emptyDir", "persistentVolumeClaim":
			case "hostPath":
				found = append(found, fmt.Sprint("hostPath ", dig(volume, "hostPath", "path")))
			default:
				found = append(found, "volume "+kind)
			}
		}
	}
	return found
}

func beyondOfContainer(container any) []string {
	var found []string
	for _, port := range list(container, "ports") {
		if number := dig(port, "hostPort"); number != nil {
			found = append(found, fmt.Sprint("hostPort ", number))
		}
	}
	hardened := func(nonRoot bool) map[string]any {
		return map[string]any{
			"runAsNonRoot": nonRoot, "readOnlyRootFilesystem": true, "allowPrivilegeEscalation": false,
			"capabilities": map[string]any{"drop": []any{"ALL"}}, "seccompProfile": runtimeDefault,
		}
	}
	switch security := dig(container, "securityContext"); {
	case assert.ObjectsAreEqual(hardened(true), security):
		return found
	case assert.ObjectsAreEqual(hardened(false), security):
		return append(found, "root")
	case assert.ObjectsAreEqual(map[string]any{"privileged": true, "readOnlyRootFilesystem": true}, security):
		return append(found, "privileged")
	default:
		return append(found, fmt.Sprint("securityContext ", security))
	}
}

// An exemption that nobody needs any more would wait for somebody to use it.
func TestEveryDeviationIsSomebodys(t *testing.T) {
	known := map[string]bool{}
	forEverything(t, func(_ *testing.T, resources record) {
		for _, made := range resources.pods() {
			known[dig(made, "metadata", "labels", "app").(string)] = true
		}
	})
	for component := range deviations {
		assert.True(t, known[component], "%s runs no pod", component)
	}
}

// exempted is the pod of a workload that is exempt from something.
func exempted(t *testing.T, exempt pod.Exemption, mounts ...pod.Mount) any {
	t.Helper()
	args := workloadArgs()
	args.Pod.Exempt, args.Pod.Containers[0].Mounts = exempt, mounts
	if exempt.Root {
		args.Pod.User = 0
	}
	return run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) }).pod(t, "Deployment")
}

func TestExemptionOpensNothingElse(t *testing.T) {
	folder := pod.Mount{Volume: pod.HostPath("data", "/data/gfs"), Path: "/data"}
	for name, tc := range map[string]struct {
		exempt pod.Exemption
		mounts []pod.Mount
		want   []string
	}{
		"nothing":      {pod.Exemption{}, nil, nil},
		"root":         {pod.Exemption{Root: true, Reason: "why"}, nil, []string{"root"}},
		"host network": {pod.Exemption{HostNetwork: true, Reason: "why"}, nil, []string{"hostNetwork", "hostPort 8000"}},
		"privileged": {
			pod.Exemption{Root: true, Privileged: true, Reason: "why"}, nil, []string{"hostPID", "privileged", "root"},
		},
		"folder": {
			pod.Exemption{Reason: "why"}, []pod.Mount{folder}, []string{"hostPath /data/gfs"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			made := exempted(t, tc.exempt, tc.mounts...)
			assert.ElementsMatch(t, tc.want, beyond(made))
			if tc.exempt.Reason != "" {
				assert.Equal(t, tc.exempt.Reason, dig(made, "metadata", "annotations", "platform/exemption"))
			}
		})
	}
}

// The kubelet starts no container that may not be what its pod is.
func TestContainersAreRootWhereTheirPodIs(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		for name, made := range resources.pods() {
			for container, spec := range containers(made) {
				if dig(spec, "securityContext", "privileged") == nil { // else it does not say
					want := dig(made, "spec", "securityContext", "runAsNonRoot")
					assert.Equal(t, want, dig(spec, "securityContext", "runAsNonRoot"), "%s %s", name, container)
				}
			}
		}
	})
}

// A pod that asks its node's resolver knows no name of the cluster.
func TestPodOnItsNodesNetworkAsksTheCluster(t *testing.T) {
	made := exempted(t, pod.Exemption{HostNetwork: true, Reason: "why"})
	assert.Equal(t, "ClusterFirstWithHostNet", dig(made, "spec", "dnsPolicy"))
	assert.Nil(t, dig(exempted(t, pod.Exemption{}), "spec", "dnsPolicy"))
}
