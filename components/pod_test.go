package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components"
)

func TestPodFaults(t *testing.T) {
	type p = components.Pod
	for name, tc := range map[string]struct {
		mutate func(*p)
		want   string // "" means accepted
	}{
		"valid":         {func(*p) {}, ""},
		"no containers": {func(a *p) { a.Containers = nil }, "containers: there is none"},
		"root":          {func(a *p) { a.User = 0 }, "user: 0 is root or none"},
		"negative user": {func(a *p) { a.User = -1 }, "user: -1 is root or none"},
		"bad container": {func(a *p) { a.Containers[0].Image = "redis" }, `container "main": image: "redis" names no version`},
		"bad init": {
			func(a *p) { a.Init = []components.Container{{Name: "prepare", Image: image}} },
			`container "prepare": resources: the cpu request is missing`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			pod := workloadArgs().Pod
			tc.mutate(&pod)
			if tc.want == "" {
				require.NoError(t, pod.Validate())
				return
			}
			require.ErrorContains(t, pod.Validate(), tc.want)
		})
	}
}

// Pod Security's level restricted, a read-only root, and bounds on what may be
// used: for each container of each pod, init containers and sidecars included.
func TestEveryContainerIsHardened(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		for name, pod := range resources.pods() {
			for container, spec := range containers(pod) {
				what := name + " " + container
				security := dig(spec, "securityContext")
				assert.Equal(t, true, dig(security, "runAsNonRoot"), what)
				assert.Equal(t, true, dig(security, "readOnlyRootFilesystem"), what)
				assert.Equal(t, false, dig(security, "allowPrivilegeEscalation"), what)
				assert.Equal(t, map[string]any{"drop": []any{"ALL"}}, dig(security, "capabilities"), what)
				assert.Equal(t, "RuntimeDefault", dig(security, "seccompProfile", "type"), what)
				assert.Nil(t, dig(security, "privileged"), what)
				for _, bound := range []string{"requests", "limits"} {
					assert.NotEmpty(t, dig(spec, "resources", bound, "cpu"), what)
					assert.NotEmpty(t, dig(spec, "resources", bound, "memory"), what)
				}
				assert.NoError(t, components.CheckImage(dig(spec, "image").(string)), what)
			}
		}
	})
}

func TestEveryPodIsHardened(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		for name, pod := range resources.pods() {
			spec := dig(pod, "spec")
			security := dig(spec, "securityContext")
			assert.Equal(t, true, dig(security, "runAsNonRoot"), name)
			for _, id := range []string{"runAsUser", "runAsGroup", "fsGroup"} {
				assert.Greater(t, dig(security, id), 0.0, "%s of %s", id, name)
			}
			assert.Equal(t, "RuntimeDefault", dig(security, "seccompProfile", "type"), name)
			for _, door := range []string{"hostNetwork", "hostPID", "hostIPC"} {
				assert.Nil(t, dig(spec, door), name)
			}
			for _, volume := range list(spec, "volumes") {
				assert.Nil(t, dig(volume, "hostPath"), name)
			}
		}
	})
}

func TestNoPodHoldsAToken(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		for name, pod := range resources.pods() {
			assert.Equal(t, false, dig(pod, "spec", "automountServiceAccountToken"), name)
			assert.Regexp(t, "-auto$", dig(pod, "spec", "serviceAccountName"), "%s has an account of its own", name)
		}
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
	scaled := run(t, registering("backend", components.NewBackend, scaledArgs()))
	constraints := list(scaled.pod(t, "Deployment"), "spec", "topologySpreadConstraints")
	require.Len(t, constraints, 1)
	assert.Equal(t, "kubernetes.io/hostname", dig(constraints, 0, "topologyKey"))
	assert.Equal(t, "ScheduleAnyway", dig(constraints, 0, "whenUnsatisfiable"), "a node that is down must not hold pods back")
	assert.Len(t, dig(constraints, 0, "labelSelector", "matchLabels"), 2)
}
