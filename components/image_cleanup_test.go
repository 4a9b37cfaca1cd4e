package components_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/node"
)

// The CronJob, with a pod for each node: required anti-affinity keeps
// two from one node, and tolerations of everything leave no node out.
func TestImageCleanupReachesEveryNode(t *testing.T) {
	resources := run(t, registering("image-cleanup", node.NewImageCleanup, imageCleanupArgs()))
	spec := resources.one(t, "CronJob").Inputs["spec"]
	assert.Equal(t, "image-cleanup", dig(resources.one(t, "CronJob").Inputs, "metadata", "name"))
	assert.Equal(t, "0 3 * * *", dig(spec, "schedule"))
	assert.Equal(t, "Etc/UTC", dig(spec, "timeZone"))
	assert.Equal(t, "Forbid", dig(spec, "concurrencyPolicy"))
	job := dig(spec, "jobTemplate", "spec")
	assert.Equal(t, 8.0, dig(job, "parallelism"))
	assert.Equal(t, 8.0, dig(job, "completions"))
	pod := dig(job, "template")
	assert.Equal(t, []any{map[string]any{"operator": "Exists"}}, dig(pod, "spec", "tolerations"))
	assert.Nil(t, dig(pod, "spec", "nodeSelector"))
	apart := list(pod, "spec", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
	require.Len(t, apart, 1)
	assert.Equal(t, "kubernetes.io/hostname", dig(apart, 0, "topologyKey"))
	for key, value := range dig(apart, 0, "labelSelector", "matchLabels").(map[string]any) {
		assert.Equal(t, value, dig(pod, "metadata", "labels", key), "else it keeps nobody away")
	}
}

// The day after, whatever became of a run is over.
func TestImageCleanupEnds(t *testing.T) {
	job := dig(run(t, registering("image-cleanup", node.NewImageCleanup, imageCleanupArgs())).one(t, "CronJob").Inputs, "spec", "jobTemplate", "spec")
	assert.Less(t, dig(job, "activeDeadlineSeconds"), 24*3600.0)
	assert.Greater(t, dig(job, "activeDeadlineSeconds"), 600.0, "a slow node needs its time")
	assert.Greater(t, dig(job, "backoffLimit"), 0.0)
	assert.Equal(t, "OnFailure", dig(job, "template", "spec", "restartPolicy"), "a new pod could go to another node")
}

func TestImageCleanupEntersTheNode(t *testing.T) {
	resources := run(t, registering("image-cleanup", node.NewImageCleanup, imageCleanupArgs()))
	pod := resources.pod(t, "CronJob")
	assert.Equal(t, []string{"hostPID", "privileged", "root"}, beyond(pod), "no folder of the node is mounted")
	assert.Equal(t, false, dig(pod, "spec", "automountServiceAccountToken"))
}
