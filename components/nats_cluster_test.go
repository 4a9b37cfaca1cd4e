package components_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNATSCluster(t *testing.T) {
	resources, server := bus(t, natsClusterArgs(), "StatefulSet")
	set := resources.one(t, "StatefulSet").Inputs
	assert.Equal(t, "nats", dig(set, "metadata", "name"))
	assert.Equal(t, 3.0, dig(set, "spec", "replicas"))
	assert.Equal(t, "Parallel", dig(set, "spec", "podManagementPolicy"), "none is ready before most have found each other")
	assert.Equal(t, dig(resources.one(t, "Service", "nats-headless").Inputs, "metadata", "name"), dig(set, "spec", "serviceName"))
	assert.Equal(t, "metadata.name", environment(server)["POD_NAME"])
	assert.Equal(t, map[string]any{"size": "mini"}, dig(set, "spec", "template", "spec", "nodeSelector"))
	apart := list(set, "spec", "template", "spec", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
	require.Len(t, apart, 1)
	assert.Equal(t, "kubernetes.io/hostname", dig(apart, 0, "topologyKey"))
	labels := dig(apart, 0, "labelSelector", "matchLabels").(map[string]any)
	assert.Equal(t, "nats", labels["app"])
	for key, value := range labels {
		assert.Equal(t, value, dig(set, "spec", "template", "metadata", "labels", key), "its servers keep each other off")
	}
	single := resources.pod(t, "Deployment")
	assert.NotEqual(t, labels["platform/servers"], dig(single, "metadata", "labels", "platform/servers"), "and the single server, which comes back first, not")
	assert.NotContains(t, dig(set, "spec", "selector", "matchLabels"), "platform/servers", "a selector never changes")
}

func TestNATSClusterFindsItself(t *testing.T) {
	for _, replicas := range []int{3, 5} {
		args := natsClusterArgs()
		args.Replicas = replicas
		resources, server := bus(t, args, "StatefulSet")
		content, conf := natsConf(t, resources, "StatefulSet")
		assert.Equal(t, "$POD_NAME", conf["server_name"])
		assert.Equal(t, "nats", conf["name"])
		headless := resources.one(t, "Service", "nats-headless").Inputs
		for i := range replicas {
			route := fmt.Sprintf("nats://%v-%d.%v:%v\n", dig(resources.one(t, "StatefulSet").Inputs, "metadata", "name"), i,
				dig(headless, "metadata", "name"), dig(headless, "spec", "ports", 0, "port"))
			assert.Contains(t, content, route)
		}
		assert.Equal(t, replicas, strings.Count(content, "nats://"))
		assert.Equal(t, "None", dig(headless, "spec", "clusterIP"))
		assert.Equal(t, true, dig(headless, "spec", "publishNotReadyAddresses"), "they have to find each other to become ready")
		assert.Equal(t, "cluster", dig(server, "ports", 2, "name"))
		assert.Equal(t, dig(headless, "spec", "ports", 0, "targetPort"), dig(server, "ports", 2, "name"))
		assert.Equal(t, dig(headless, "spec", "ports", 0, "port"), dig(server, "ports", 2, "containerPort"))
		labels := dig(resources.pod(t, "StatefulSet"), "metadata", "labels").(map[string]any)
		for _, service := range []string{"nats", "nats-headless"} {
			selector := dig(resources.one(t, "Service", service).Inputs, "spec", "selector").(map[string]any)
			require.NotEmpty(t, selector)
			for key, value := range selector {
				assert.Equal(t, value, labels[key], "%s %s", service, key)
			}
		}
	}
}

// Each server has a claim of its own, which outlives it.
func TestNATSClusterKeepsItsStreams(t *testing.T) {
	for _, protect := range []bool{false, true} {
		args := natsClusterArgs()
		args.Protect = protect
		resources, server := bus(t, args, "StatefulSet")
		set := resources.one(t, "StatefulSet")
		assert.Equal(t, []any{map[string]any{"metadata": map[string]any{"name": "nats-data"}, "spec": natsClaim}},
			withoutKind(list(set.Inputs, "spec", "volumeClaimTemplates")))
		assert.Equal(t, map[string]any{"whenDeleted": "Retain", "whenScaled": "Retain"},
			dig(set.Inputs, "spec", "persistentVolumeClaimRetentionPolicy"))
		assert.Equal(t, protect, set.Protect)
		assert.Equal(t, protect, set.RetainOnDelete)
		assert.Equal(t, "/data", mountOf(server, "nats-data"))
		for _, volume := range list(set.Inputs, "spec", "template", "spec", "volumes") {
			assert.NotEqual(t, "nats-data", dig(volume, "name"), "the template of claims is the volume")
		}
	}
}

func withoutKind(templates []any) []any {
	for _, template := range templates {
		delete(template.(map[string]any), "apiVersion")
		delete(template.(map[string]any), "kind")
	}
	return templates
}

// Of three servers two have to stay, or no stream takes messages.
func TestNATSClusterKeepsItsMajority(t *testing.T) {
	resources, _ := bus(t, natsClusterArgs(), "StatefulSet")
	spec := resources.one(t, "PodDisruptionBudget").Inputs["spec"]
	assert.Equal(t, 1.0, dig(spec, "maxUnavailable"))
	assert.Nil(t, dig(spec, "minAvailable"), "the API takes one of the two")
	assert.Equal(t, "IfHealthyBudget", dig(spec, "unhealthyPodEvictionPolicy"), "a server that is not ready may still vote")
	assert.Equal(t, dig(resources.one(t, "StatefulSet").Inputs, "spec", "selector"), dig(spec, "selector"))
}

// From one server to three, the Service leads on under the same name, and the
// single server is gone from its clients and its node before the others come.
func TestNATSFromOneToThree(t *testing.T) {
	before, _ := bus(t, natsArgs(), "Deployment")
	after, _ := bus(t, natsClusterArgs(), "StatefulSet")
	for _, name := range before.names() {
		assert.Contains(t, after.names(), name)
	}
	for _, kind := range []string{"Service", "Deployment", "PersistentVolumeClaim"} {
		assert.Equal(t, before.one(t, kind, "nats").Parent, after.one(t, kind, "nats").Parent, "another parent is another %s", kind)
	}
	assert.Equal(t, 0.0, dig(after.one(t, "Deployment").Inputs, "spec", "replicas"))
	assert.True(t, dependsOn(after.one(t, "StatefulSet"), "Deployment", "nats"))
	one, _ := natsConf(t, before, "Deployment")
	still, _ := natsConf(t, after, "Deployment")
	assert.Equal(t, one, still, "the way back")
}
