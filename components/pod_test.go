package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/backend"
	"platform/components/pod"
	"platform/components/workload"
)

// Pod Security's level restricted, a read-only root, and bounds on what may be
// used: for each container of each pod, init containers and sidecars included.
// Only what [deviations] lists may be otherwise.
func TestEveryContainerIsHardened(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		for name, pod := range resources.pods() {
			allowed := deviations[dig(pod, "metadata", "labels", "app").(string)]
			for container, spec := range containers(pod) {
				what := name + " " + container
				for _, one := range beyondOfContainer(spec) {
					assert.Contains(t, allowed, one, what)
				}
				for _, bound := range []string{"requests", "limits"} {
					assert.NotEmpty(t, dig(spec, "resources", bound, "cpu"), what)
					assert.NotEmpty(t, dig(spec, "resources", bound, "memory"), what)
				}
				assert.Regexp(t, `:[^:/]+$`, dig(spec, "image"), what)
			}
		}
	})
}

// A pod does exactly what is listed for its component, and says why.
func TestEveryPodIsHardened(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		for name, pod := range resources.pods() {
			listed := deviations[dig(pod, "metadata", "labels", "app").(string)]
			assert.ElementsMatch(t, listed, beyond(pod), name)
			reason := dig(pod, "metadata", "annotations", "platform/exemption")
			assert.Equal(t, len(listed) > 0, reason != nil, "%s says %v", name, reason)
		}
	})
}

// A token asks the Kubernetes API for what its account may, and so is for
// those alone that may ask for something.
func TestNoPodHoldsATokenWithoutRights(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		entitled := map[any]bool{}
		for _, kind := range []string{"RoleBinding", "ClusterRoleBinding"} {
			for _, binding := range resources.of(kind) {
				entitled[dig(binding.Inputs, "subjects", 0, "name")] = true
			}
		}
		accounts := map[any]bool{}
		for name, pod := range resources.pods() {
			account := dig(pod, "spec", "serviceAccountName")
			accounts[account] = true
			assert.Equal(t, entitled[account], dig(pod, "spec", "automountServiceAccountToken"), name)
		}
		assert.Len(t, accounts, len(resources.pods()), "each has an account of its own")
		for _, account := range resources.of("ServiceAccount") {
			assert.Equal(t, false, account.Inputs["automountServiceAccountToken"], account.Name)
		}
		if len(resources.pods()) > 0 {
			assert.Len(t, resources.of("ServiceAccount"), len(resources.pods()))
		}
	})
}

func TestEveryMountHasItsVolume(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		for name, pod := range resources.pods() {
			volumes, mounted := map[any]bool{}, map[any]bool{}
			for _, volume := range list(pod, "spec", "volumes") {
				volumes[dig(volume, "name")] = true
			}
			for _, claim := range resources.claimTemplates(name) {
				volumes[claim] = true
			}
			for _, container := range containers(pod) {
				for _, mount := range list(container, "volumeMounts") {
					mounted[dig(mount, "name")] = true
				}
			}
			assert.Equal(t, mounted, volumes, name)
		}
	})
}

func TestEveryScratchVolumeIsBounded(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		for name, pod := range resources.pods() {
			for _, volume := range list(pod, "spec", "volumes") {
				if scratch := dig(volume, "emptyDir"); scratch != nil {
					assert.NotEmpty(t, dig(scratch, "sizeLimit"), "%s %v", name, dig(volume, "name"))
				}
			}
		}
	})
}

func TestPodSettings(t *testing.T) {
	args := workloadArgs()
	args.Pod.NodeSelector = map[string]string{"role": "data"}
	args.Pod.GraceSeconds, args.Pod.Group, args.Pod.Revision = 45, 7, pulumi.String("abc")
	pod := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) }).pod(t, "Deployment")
	assert.Equal(t, map[string]any{"role": "data"}, dig(pod, "spec", "nodeSelector"))
	assert.Equal(t, 45.0, dig(pod, "spec", "terminationGracePeriodSeconds"))
	assert.Equal(t, 7.0, dig(pod, "spec", "securityContext", "fsGroup"))
	assert.Equal(t, 1001.0, dig(pod, "spec", "securityContext", "runAsUser"))
	assert.Equal(t, "OnRootMismatch", dig(pod, "spec", "securityContext", "fsGroupChangePolicy"))
	assert.Equal(t, "abc", dig(pod, "metadata", "annotations", "platform/revision"))
}

func TestPodDefaults(t *testing.T) {
	pod := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, workloadArgs()) }).pod(t, "Deployment")
	assert.Nil(t, dig(pod, "spec", "nodeSelector"), "each node will do")
	assert.Nil(t, dig(pod, "metadata", "annotations"))
	assert.Equal(t, 30.0, dig(pod, "spec", "terminationGracePeriodSeconds"))
	assert.Equal(t, "Always", dig(pod, "spec", "restartPolicy"))
	assert.Equal(t, false, dig(pod, "spec", "enableServiceLinks"))
}

func TestPodsOfSeveralReplicasSpreadOverNodes(t *testing.T) {
	alone := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, workloadArgs()) })
	assert.Nil(t, dig(alone.pod(t, "Deployment"), "spec", "topologySpreadConstraints"))
	scaled := run(t, registering("backend", backend.New, scaledArgs()))
	constraints := list(scaled.pod(t, "Deployment"), "spec", "topologySpreadConstraints")
	require.Len(t, constraints, 1)
	assert.Equal(t, "kubernetes.io/hostname", dig(constraints, 0, "topologyKey"))
	assert.Equal(t, "ScheduleAnyway", dig(constraints, 0, "whenUnsatisfiable"), "a node that is down must not hold pods back")
	assert.Len(t, dig(constraints, 0, "labelSelector", "matchLabels"), 2)
}

func TestPodPullsPrivateImages(t *testing.T) {
	pod := placed(t, func(a *workload.Args) { a.Pod.PullSecret = "regcred" })
	assert.Equal(t, []any{map[string]any{"name": "regcred"}}, dig(pod, "spec", "imagePullSecrets"))
	assert.Nil(t, dig(placed(t, func(*workload.Args) {}), "spec", "imagePullSecrets"), "public images need no login")
}

// Without it no user but root may listen there. The setting is the pod's own,
// so a pod on its node's network cannot have it.
func TestPodMayListenBelow1024(t *testing.T) {
	listening := func(port int, exempt pod.Exemption) any {
		return dig(placed(t, func(a *workload.Args) {
			a.Pod.Containers[0].Ports[0].Container, a.Pod.Exempt = port, exempt
		}), "spec", "securityContext", "sysctls")
	}
	want := []any{map[string]any{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}}
	assert.Equal(t, want, listening(80, pod.Exemption{}))
	assert.Equal(t, want, listening(1023, pod.Exemption{}))
	assert.Nil(t, listening(1024, pod.Exemption{}))
	assert.Nil(t, listening(80, pod.Exemption{HostNetwork: true, Reason: "why"}))
}

func TestSidecarMayListenBelow1024(t *testing.T) {
	pod := placed(t, func(a *workload.Args) {
		sidecar := container()
		sidecar.Name, sidecar.Ports = "proxy", []pod.Port{{Name: "proxy", Container: 443}}
		a.Pod.Containers = append(a.Pod.Containers, sidecar)
	})
	assert.NotNil(t, dig(pod, "spec", "securityContext", "sysctls"))
}
