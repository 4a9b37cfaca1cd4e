package tests

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"platform/tests/recorder"
)

// allowed is every deviation from the hardening in both platforms, by
// component. A new one is a line here, where a review sees it.
var allowed = map[string][]string{
	"gfs-master":      {"hostPath /data/gfs", "root"},
	"gfs-chunkserver": {"hostNetwork", "hostPath /data/gfs/chunkserver", "root"},
	"image-cleanup":   {"hostPID", "privileged", "root"},
	"nats":            {"root"},
}

// TestDeviationsAreExactlyThoseListed looks at every pod of every stack for
// what Pod Security's level restricted and our own rules do not have.
func TestDeviationsAreExactlyThoseListed(t *testing.T) {
	for _, stack := range []string{"local", "dev", "staging", "prod"} {
		for component, found := range deviations(t, stack) {
			assert.Empty(t, found, "%s of stack %s", component, stack)
		}
	}
	for _, stack := range []string{"k3s", "k3s-local"} {
		found := deviations(t, stack)
		maps.DeleteFunc(found, func(_ string, all []string) bool { return len(all) == 0 })
		assert.Equal(t, allowed, found, "stack %s", stack)
	}
}

func deviations(t *testing.T, stack string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for _, r := range record(t, stack, rendered(t, stack)) {
		pod, ok := podTemplate(t, r)
		if !ok {
			continue
		}
		name := pod.Labels["app.kubernetes.io/name"]
		found[name] = deviationsOf(pod.Spec)
		_, explained := pod.Annotations["platform/exemption"]
		assert.Equal(t, len(found[name]) > 0, explained, "%s says why it is exempt if it is", name)
	}
	require.NotEmpty(t, found)
	return found
}

func podTemplate(t *testing.T, r recorder.Resource) (corev1.PodTemplateSpec, bool) {
	t.Helper()
	var pod corev1.PodTemplateSpec
	spec, _ := r.Inputs["spec"].(map[string]any)
	if r.Type == "kubernetes:batch/v1:CronJob" {
		spec = spec["jobTemplate"].(map[string]any)["spec"].(map[string]any)
	}
	template, ok := spec["template"].(map[string]any)
	if !ok {
		return pod, false
	}
	text, err := json.Marshal(template)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &pod))
	return pod, true
}

func deviationsOf(spec corev1.PodSpec) []string {
	var found []string
	note := func(deviates bool, what string) {
		if deviates && !slices.Contains(found, what) {
			found = append(found, what)
		}
	}
	note(spec.HostNetwork, "hostNetwork")
	note(spec.HostPID, "hostPID")
	note(spec.HostIPC, "hostIPC")
	for _, volume := range spec.Volumes {
		if volume.HostPath != nil {
			note(true, "hostPath "+volume.HostPath.Path)
		}
	}
	pod := spec.SecurityContext
	note(pod == nil || pod.SeccompProfile == nil || pod.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault, "seccomp")
	for _, c := range slices.Concat(spec.InitContainers, spec.Containers) {
		security := c.SecurityContext
		note(!isTrue(pod.RunAsNonRoot) || !isTrue(security.RunAsNonRoot) && !isTrue(security.Privileged), "root")
		note(isTrue(security.Privileged), "privileged")
		note(!isTrue(security.ReadOnlyRootFilesystem), "writable root")
		if isTrue(security.Privileged) {
			continue // the rest says nothing any more
		}
		note(!isFalse(security.AllowPrivilegeEscalation), "escalation")
		note(security.Capabilities == nil || !slices.Equal(security.Capabilities.Drop, []corev1.Capability{"ALL"}) || len(security.Capabilities.Add) > 0, "capabilities")
		for _, port := range c.Ports {
			note(port.HostPort != 0 && !spec.HostNetwork, "hostPort")
		}
	}
	slices.Sort(found)
	return found
}

func isTrue(b *bool) bool  { return b != nil && *b }
func isFalse(b *bool) bool { return b != nil && !*b }
