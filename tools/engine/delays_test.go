package engine

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestDelaysAreTold(t *testing.T) {
	begun := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	unschedulable := podOf("a", wrongTag, corev1.ContainerState{})
	unschedulable.Status.ContainerStatuses = nil
	unschedulable.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Message: "0/3 nodes are available: 3 node(s) were unschedulable."}}
	second := *unschedulable.DeepCopy()
	second.Name, second.UID = "backend-b", "b"
	crashing := podOf("c", wrongTag, waiting("CrashLoopBackOff"))
	crashing.Status.ContainerStatuses[0].LastTerminationState.Terminated = &corev1.ContainerStateTerminated{ExitCode: 3}
	unhealthy := podOf("d", wrongTag, corev1.ContainerState{Running: &corev1.ContainerStateRunning{}})
	for _, pod := range []*corev1.Pod{&unschedulable, &second, &crashing, &unhealthy} {
		pod.CreationTimestamp = metav1.NewTime(begun.Add(time.Second))
		pod.Labels = map[string]string{componentLabel: "backend"}
	}
	probed := corev1.Event{
		Reason: "Unhealthy", Message: "Readiness probe failed: HTTP probe failed with statuscode: 503", LastTimestamp: metav1.NewTime(begun.Add(5 * time.Second)),
		InvolvedObject: corev1.ObjectReference{Kind: "Pod", UID: unhealthy.UID},
	}
	quota := corev1.Event{
		Reason: "FailedCreate", Message: `pods "backend-x" is forbidden: exceeded quota: quota, requested: pods=1, used: pods=9, limited: pods=9`, LastTimestamp: metav1.NewTime(begun.Add(2 * time.Second)),
		InvolvedObject: corev1.ObjectReference{Kind: "ReplicaSet", Name: "backend-5d4c7f9b8"},
	}
	earlier := *quota.DeepCopy()
	earlier.LastTimestamp = metav1.NewTime(begun.Add(-time.Minute))
	type at struct {
		after  time.Duration
		pods   []corev1.Pod
		events []corev1.Event
	}
	for name, tc := range map[string]struct {
		looks []at
		want  []string // of all looks
		ended string   // of the last
	}{
		"nothing waits": {[]at{{0, nil, nil}, {time.Minute, nil, nil}}, nil, ""},
		"for a moment":  {[]at{{2 * time.Second, []corev1.Pod{unschedulable}, nil}, {10 * time.Second, []corev1.Pod{unschedulable}, nil}}, nil, ""},
		"no node": {
			[]at{{3 * time.Second, []corev1.Pod{unschedulable}, nil}, {12 * time.Second, []corev1.Pod{unschedulable}, nil}},
			[]string{"pod backend-a: no node takes it: 0/3 nodes are available: 3 node(s) were unschedulable."},
			"",
		},
		"once for a component": {
			[]at{{3 * time.Second, []corev1.Pod{unschedulable, second}, nil}, {12 * time.Second, []corev1.Pod{unschedulable, second}, nil}, {time.Minute, []corev1.Pod{unschedulable, second}, nil}},
			[]string{"pod backend-a: no node takes it: 0/3 nodes are available: 3 node(s) were unschedulable."},
			"",
		},
		"crash": {
			[]at{{3 * time.Second, []corev1.Pod{crashing}, nil}, {12 * time.Second, []corev1.Pod{crashing}, nil}},
			[]string{"pod backend-c: backend ends again and again, last with code 3"},
			"backend",
		},
		"probe": {
			[]at{{3 * time.Second, []corev1.Pod{unhealthy}, nil}, {12 * time.Second, []corev1.Pod{unhealthy}, []corev1.Event{probed}}},
			[]string{"pod backend-d: backend runs, and its probe has not passed: Readiness probe failed: HTTP probe failed with statuscode: 503"},
			"",
		},
		"quota": {
			[]at{{3 * time.Second, nil, []corev1.Event{quota}}, {6 * time.Second, nil, []corev1.Event{quota}}},
			[]string{`replicaset backend-5d4c7f9b8: makes no pod: pods "backend-x" is forbidden: exceeded quota: quota, requested: pods=1, used: pods=9, limited: pods=9`},
			"",
		},
		"before": {[]at{{3 * time.Second, nil, []corev1.Event{earlier}}}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDelays(begun)
			var said []string
			var last delay
			for _, look := range tc.looks {
				for _, one := range d.look(look.pods, look.events, begun.Add(look.after)) {
					said, last = append(said, one.kind+" "+one.name+": "+one.why), one
				}
			}
			assert.Equal(t, tc.want, said)
			assert.Equal(t, tc.ended, last.ended)
		})
	}
}
