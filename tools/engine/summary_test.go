package engine

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/kubernetes/scheme"

	"platform/tools/cluster"
)

// servingPod is a pod of a component that is ready.
func servingPod(component, name string) *corev1.Pod {
	return &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "co2-calculator-local", Labels: map[string]string{componentLabel: component}},
		Spec: corev1.PodSpec{NodeName: "enac-k8s-1", Containers: []corev1.Container{{
			Name: component, Image: "ghcr.io/epfl-enac/epfl/co2-calculator/" + component + ":v1.0.0",
		}}},
		Status: corev1.PodStatus{Phase: corev1.PodRunning, Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}}},
	}
}

// loadedPod is one that is not, for what its container tells.
func loadedPod(component, name string, status corev1.ContainerStatus) *corev1.Pod {
	pod := servingPod(component, name)
	pod.Status.Conditions[0].Status = corev1.ConditionFalse
	status.Name = component
	pod.Status.ContainerStatuses = []corev1.ContainerStatus{status}
	return pod
}

// linesOf are the components of the stack local with these pods.
func linesOf(t *testing.T, s *Session, pods ...*corev1.Pod) map[string]*summaryLine {
	t.Helper()
	objects := make([]runtime.Object, len(pods))
	for i, pod := range pods {
		objects[i] = pod
	}
	lines, err := s.componentsOf(t.Context(), &client{objects: fake.NewSimpleDynamicClient(scheme.Scheme, objects...)})
	require.NoError(t, err)
	return lines
}

func TestTheSummaryMarksStandIns(t *testing.T) {
	s := prepared(t, Options{Stack: "local"})
	var out bytes.Buffer
	s.out = &out
	redis := servingPod("redis", "redis-0")
	redis.Spec.Containers[0].Image = "redis:7.4-alpine"
	lines := linesOf(t, s, servingPod("backend", "backend-1"), redis)

	s.printSummary(lines)
	assert.NotContains(t, out.String(), "stand-in", "nobody has kept any")

	require.NoError(t, s.keepStandIns([]string{"docker.io/library/redis:7.4-alpine"}))
	out.Reset()
	s.printSummary(lines)
	assert.Contains(t, out.String(), "│ redis:7.4-alpine (stand-in) │")
	assert.Contains(t, out.String(), "│ backend:v1.0.0 ")
	assert.NotContains(t, out.String(), "backend:v1.0.0 (stand-in)", "its registry answered")
	assert.NotContains(t, out.String(), "Not ready")

	elsewhere := prepared(t, Options{Stack: "local", Context: "mine"})
	elsewhere.home = s.home
	assert.False(t, elsewhere.standsIn()("redis:7.4-alpine"), "on another cluster nothing is")
}

func TestTheSummarySaysWhyPodsAreNotReady(t *testing.T) {
	s := prepared(t, Options{Stack: "local"})
	var out bytes.Buffer
	s.out = &out
	failed := loadedPod("backend-migrate", "backend-migrate-1", corev1.ContainerStatus{State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: 1}}})
	failed.Status.Phase = corev1.PodFailed
	done := servingPod("backend-migrate", "backend-migrate-2")
	done.Status = corev1.PodStatus{Phase: corev1.PodSucceeded}
	s.printSummary(linesOf(t, s,
		servingPod("frontend", "frontend-1"), failed, done,
		loadedPod("backend", "backend-1", corev1.ContainerStatus{
			RestartCount: 4,
			State:        corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff", Message: "back-off 40s"}},
			LastTerminationState: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{
				ExitCode: 1, Reason: "Error", Message: "Traceback\nKeyError: SECRET_KEY\n",
			}},
		}),
	))
	_, rest, found := strings.Cut(out.String(), "Not ready:\n")
	require.True(t, found)
	assert.Equal(t, "  backend-1 on enac-k8s-1: backend ends again and again, last with code 1: KeyError: SECRET_KEY, 4 restarts\n", rest)
}

func TestTroublesInWords(t *testing.T) {
	waiting := func(reason, message string) corev1.ContainerStatus {
		return corev1.ContainerStatus{State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message}}}
	}
	for name, tc := range map[string]struct {
		pod  *corev1.Pod
		want string
	}{
		"ready":      {servingPod("redis", "redis-0"), ""},
		"no image":   {loadedPod("redis", "redis-0", waiting("ImagePullBackOff", "not found")), "redis has no image: not found"},
		"no Secret":  {loadedPod("redis", "redis-0", waiting("CreateContainerConfigError", `secret "x" not found`)), `redis refers to what does not exist: secret "x" not found`},
		"new reason": {loadedPod("redis", "redis-0", waiting("Moonshine", "")), "redis waits: Moonshine"},
		"probe":      {loadedPod("redis", "redis-0", corev1.ContainerStatus{State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}}), "redis runs, and its probe has not passed"},
		"memory": {loadedPod("redis", "redis-0", corev1.ContainerStatus{State: corev1.ContainerState{
			Terminated: &corev1.ContainerStateTerminated{ExitCode: 137, Reason: "OOMKilled"},
		}}), "redis ended with code 137 (OOMKilled)"},
		"no node": {func() *corev1.Pod {
			pod := servingPod("redis", "redis-0")
			pod.Status = corev1.PodStatus{Phase: corev1.PodPending, Conditions: []corev1.PodCondition{{
				Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Message: "0/3 nodes are available",
			}}}
			return pod
		}(), "no node takes it: 0/3 nodes are available"},
		"init": {func() *corev1.Pod {
			pod := loadedPod("redis", "redis-0", waiting("PodInitializing", ""))
			pod.Status.InitContainerStatuses = []corev1.ContainerStatus{
				{Name: "one", State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{}}},
				{Name: "two", State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}},
			}
			return pod
		}(), "two has not done its work yet"},
		"evicted": {func() *corev1.Pod {
			pod := servingPod("redis", "redis-0")
			pod.Status = corev1.PodStatus{Phase: corev1.PodFailed, Reason: "Evicted", Message: "the node was low on memory"}
			return pod
		}(), "Evicted the node was low on memory"},
		"nothing known": {func() *corev1.Pod {
			pod := servingPod("redis", "redis-0")
			pod.Status = corev1.PodStatus{Phase: corev1.PodPending}
			return pod
		}(), "Pending"},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tc.want, trouble(*tc.pod)) })
	}
	assert.Equal(t, strings.Repeat("é", messageLength)+" …", short(strings.Repeat("é", messageLength+1)))
}

func TestHintsFollowTheNodes(t *testing.T) {
	commands := func(stack string, nodes cluster.Nodes) []string {
		s := prepared(t, Options{Stack: stack})
		s.nodes = nodes
		var all []string
		for _, one := range s.hints() {
			all = append(all, one.command)
		}
		return all
	}
	assert.Equal(t, []string{"make preview STACK=local", "make down STACK=local", "make cluster-down STACK=local"}, commands("local", cluster.Simulated))
	assert.Equal(t, []string{
		"make open STACK=local", "make logs STACK=local SERVICE=backend", "make shell STACK=local SERVICE=backend", "make psql STACK=local", "make preview STACK=local", "make down STACK=local", "make cluster-down STACK=local",
	}, commands("local", cluster.Real))
	assert.Contains(t, commands("k3s-local", cluster.Real), "make logs STACK=k3s-local SERVICE=gateway")
}
