package engine

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const wrongTag = "ghcr.io/epfl-enac/epfl/co2-calculator/backend:v9.9.9"

func waiting(reason string) corev1.ContainerState {
	return corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: "not\n found"}}
}

// podOf has one init container that has ended and one container in a state.
func podOf(uid, image string, state corev1.ContainerState) corev1.Pod {
	return corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "backend-" + uid, UID: types.UID(uid)},
		Spec: corev1.PodSpec{
			InitContainers: []corev1.Container{{Name: "prepare", Image: image}},
			Containers:     []corev1.Container{{Name: "backend", Image: image}},
		},
		Status: corev1.PodStatus{
			InitContainerStatuses: []corev1.ContainerStatus{{Name: "prepare", State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{}}}},
			ContainerStatuses:     []corev1.ContainerStatus{{Name: "backend", State: state}},
		},
	}
}

func TestImageThatDoesNotCome(t *testing.T) {
	failing, backOff := waiting("ErrImagePull"), waiting("ImagePullBackOff")
	type at struct {
		after time.Duration
		pods  []corev1.Pod
	}
	for name, tc := range map[string]struct {
		looks   []at
		missing bool
	}{
		"at once":              {[]at{{0, []corev1.Pod{podOf("a", wrongTag, failing)}}}, false},
		"too long":             {[]at{{0, []corev1.Pod{podOf("a", wrongTag, failing)}}, {pullPatience, []corev1.Pod{podOf("a", wrongTag, backOff)}}}, true},
		"a moment less":        {[]at{{0, []corev1.Pod{podOf("a", wrongTag, failing)}}, {pullPatience - 1, []corev1.Pod{podOf("a", wrongTag, backOff)}}}, false},
		"another pod each":     {[]at{{0, []corev1.Pod{podOf("a", wrongTag, failing)}}, {pullPatience, []corev1.Pod{podOf("b", wrongTag, failing)}}}, false},
		"it came in between":   {[]at{{0, []corev1.Pod{podOf("a", wrongTag, failing)}}, {time.Second, []corev1.Pod{podOf("a", wrongTag, waiting("PodInitializing"))}}, {pullPatience, []corev1.Pod{podOf("a", wrongTag, failing)}}}, false},
		"still being made":     {[]at{{0, []corev1.Pod{podOf("a", wrongTag, waiting("ContainerCreating"))}}, {pullPatience, []corev1.Pod{podOf("a", wrongTag, waiting("ContainerCreating"))}}}, false},
		"of another deploying": {[]at{{0, []corev1.Pod{podOf("a", "backend:old", failing)}}, {pullPatience, []corev1.Pod{podOf("a", "backend:old", failing)}}}, false},
		"no pods":              {[]at{{0, nil}, {pullPatience, nil}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			noted := newPulls("local", map[string]string{"backend.image": wrongTag})
			var missing *missingImage
			start := time.Now()
			for _, look := range tc.looks {
				missing = noted.look(look.pods, start.Add(look.after))
			}
			assert.Equal(t, tc.missing, missing != nil)
		})
	}
}

func TestMissingImageSaysWhatToDo(t *testing.T) {
	noted := newPulls("local", map[string]string{"backend.image": wrongTag, "services[docs].image": wrongTag})
	start := time.Now()
	pods := []corev1.Pod{podOf("a", wrongTag, waiting("ErrImagePull"))}
	require.Nil(t, noted.look(pods, start))
	missing := noted.look(pods, start.Add(time.Minute))
	require.EqualError(t, missing, "pod backend-a (stack local) has had no image for its container backend for 45s: "+wrongTag+": ErrImagePull, not found; "+
		"the deployment was stopped, and pods that ran before serve on; correct platform:backend.image in Pulumi.local.yaml, or have the registry let the nodes in, and run it again")
}

// What the deployment itself says stays, unless it was stopped for an image.
func TestWatchingPullsLeavesOtherErrors(t *testing.T) {
	t.Setenv("KUBECONFIG", t.TempDir()+"/none")
	s := prepared(t, Options{Stack: "local"})
	failed := errors.New("failed")
	require.ErrorIs(t, s.watchingPulls(t.Context(), func(context.Context) error { return failed }), failed)
	require.NoError(t, s.watchingPulls(t.Context(), func(context.Context) error { return nil }))
	interrupted, stop := context.WithCancel(t.Context())
	stop()
	require.ErrorIs(t, s.watchingPulls(interrupted, func(ctx context.Context) error { return ctx.Err() }), context.Canceled)
}
