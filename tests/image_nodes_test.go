package tests

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/yaml"

	"platform/config"
)

// TestImageNodesAreThoseOfThePods compares what the configuration says of the
// nodes of an image with the pods that the program makes, as Kubernetes places
// them. Each part has an image and a place of its own, so that none hides
// another.
func TestImageNodesAreThoseOfThePods(t *testing.T) {
	for _, stack := range config.Stacks() {
		t.Run(stack, func(t *testing.T) {
			cfg := rendered(t, stack)
			places := []string{"frontend", "backend", "worker", "redis", "postgres", "docs"}
			for _, place := range places {
				cfg.Shared().Topology.Nodes = append(cfg.Shared().Topology.Nodes, config.Node{Name: place, Architecture: "arm64", Labels: map[string]string{"part": place}})
			}
			cfg.Shared().Topology.Nodes = append(cfg.Shared().Topology.Nodes, config.Node{Name: "tainted", Architecture: "amd64", Taints: []config.Taint{{Key: "x", Effect: "NoSchedule"}}})
			switch cfg := cfg.(type) {
			case *config.EPFL:
				of := func(place string) map[string]string { return map[string]string{"part": place} }
				cfg.Frontend.NodeSelector, cfg.Backend.NodeSelector, cfg.Worker.NodeSelector = of("frontend"), of("backend"), of("worker")
				cfg.Redis.NodeSelector, cfg.Postgres.NodeSelector = of("redis"), of("postgres")
				cfg.Services = map[string]config.Service{"docs": {
					Image: "ghcr.io/epfl-enac/epfl/co2-calculator/docs:v1.0.0", Replicas: 2, Port: 8080, User: 101,
					Resources: cfg.Frontend.Resources, NodeSelector: of("docs"),
				}}
			case *config.EddCloud:
				cfg.GFS.Master.Image = "eddisonso/ecloud-gfs-master:20260215-062053" // else that of the chunkservers
			}
			found := map[string][]string{}
			for _, r := range record(t, stack, cfg) {
				content, err := yaml.Marshal(r.Inputs["spec"])
				require.NoError(t, err)
				var spec struct {
					Replicas    *int
					Template    corev1.PodTemplateSpec
					JobTemplate struct {
						Spec struct{ Template corev1.PodTemplateSpec }
					}
				}
				switch r.Type[strings.LastIndexByte(r.Type, ':')+1:] {
				case "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob":
					require.NoError(t, yaml.Unmarshal(content, &spec))
				}
				if spec.Replicas != nil && *spec.Replicas == 0 {
					continue
				}
				for _, pod := range []corev1.PodSpec{spec.Template.Spec, spec.JobTemplate.Spec.Template.Spec} {
					require.True(t, pod.Affinity == nil || pod.Affinity.NodeAffinity == nil, "%s: look at it here, too", r.Name)
					for _, c := range slices.Concat(pod.InitContainers, pod.Containers) {
						found[c.Image] = append(found[c.Image], placesOf(pod, cfg.Shared().Topology.Nodes)...)
					}
				}
			}
			for key, image := range cfg.ImageKeys() {
				var names []string
				for _, node := range cfg.ImageNodes(key) {
					names = append(names, node.Name)
				}
				want := found[image]
				slices.Sort(want)
				slices.Sort(names)
				assert.NotEmpty(t, names, key)
				assert.Equal(t, slices.Compact(want), names, key)
				delete(found, image)
			}
			assert.Empty(t, found, "an image without a key")
			assert.Empty(t, cfg.ImageNodes("moon.image"))
		})
	}
}

// placesOf are the nodes that a pod may run on.
func placesOf(pod corev1.PodSpec, nodes []config.Node) (names []string) {
	for _, node := range nodes {
		has := labels.Set{"kubernetes.io/hostname": node.Name, "kubernetes.io/arch": node.Architecture, "kubernetes.io/os": "linux"}
		selected := labels.SelectorFromSet(pod.NodeSelector).Matches(labels.Merge(labels.Set(node.Labels), has))
		repelled := slices.ContainsFunc(node.Taints, func(taint config.Taint) bool {
			return !slices.ContainsFunc(pod.Tolerations, func(one corev1.Toleration) bool {
				return one.Operator == corev1.TolerationOpExists && (one.Key == "" || one.Key == taint.Key) && (one.Effect == "" || fmt.Sprint(one.Effect) == taint.Effect)
			})
		})
		if selected && !repelled {
			names = append(names, node.Name)
		}
	}
	return names
}
