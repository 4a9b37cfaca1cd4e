package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"platform/config"
)

const (
	// pullPatience is how long an image may fail to come before a deployment is
	// stopped. By then the kubelet has tried three times or four.
	pullPatience = 45 * time.Second
	// pullInterval is how often pods are looked at meanwhile.
	pullInterval = 3 * time.Second
)

// pullFaults are the reasons of the kubelet that an image does not come.
var pullErrors = []string{"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable", "SignatureValidationFailed"}

// missingImage is a pod that waits for an image that does not come.
type missingImage struct {
	stack, pod, container, image string
	key                          string // of the configuration, that names the image
	why                          string // in the kubelet's words
}

func (m *missingImage) Error() string {
	return fmt.Sprintf("pod %s (stack %s) has had no image for its container %s for %s: %s: %s; the deployment was stopped, and pods that ran before serve on; "+
		"correct %s:%s in %s, or have the registry let the nodes in, and run it again",
		m.pod, m.stack, m.container, pullPatience, m.image, m.why, config.Namespace, m.key, stackFile(m.stack))
}

// pulls notes since when which container waits for its image.
type pulls struct {
	stack string
	keys  map[string]string    // of the configuration, by image
	since map[string]time.Time // by pod and container
}

func newPulls(stack string, images map[string]string) *pulls {
	p := &pulls{stack: stack, keys: map[string]string{}, since: map[string]time.Time{}}
	for _, key := range slices.Backward(slices.Sorted(maps.Keys(images))) {
		p.keys[images[key]] = key
	}
	return p
}

// look checks the pods as they are now. An image that the configuration no
// longer names is of an earlier deployment, whose pods this one takes away.
func (p *pulls) look(pods []corev1.Pod, now time.Time) *missingImage {
	waiting := map[string]time.Time{}
	var found *missingImage
	for _, pod := range pods {
		images := imagesOf(pod)
		for _, status := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
			image := images[status.Name]
			key, wanted := p.keys[image]
			why := status.State.Waiting
			if !wanted || why == nil || !slices.Contains(pullErrors, why.Reason) {
				continue
			}
			at := string(pod.UID) + "/" + status.Name
			waiting[at] = now
			if first, before := p.since[at]; before {
				waiting[at] = first
			}
			if found == nil && now.Sub(waiting[at]) >= pullPatience {
				found = &missingImage{p.stack, pod.Name, status.Name, image, key, reasonOf(why)}
			}
		}
	}
	p.since = waiting
	return found
}

// reasonOf is the kubelet's reason with its message on one line.
func reasonOf(why *corev1.ContainerStateWaiting) string {
	message := strings.Join(strings.Fields(why.Message), " ")
	if message == "" {
		return why.Reason
	}
	return why.Reason + ", " + message
}

func imagesOf(pod corev1.Pod) map[string]string {
	images := map[string]string{}
	for _, container := range slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers) {
		images[container.Name] = container.Image
	}
	return images
}

// watchingPulls runs a deployment, says why pods wait, and stops it when an image
// does not come: the engine itself would wait ten minutes for each workload and
// say less. It is interrupted, so that it records what it has done.
func (s *Session) watchingPulls(ctx context.Context, deploy func(context.Context) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		if missing := s.watchPulls(ctx); missing != nil {
			stop(missing)
		}
	}()
	err := deploy(ctx)
	var missing *missingImage
	if err != nil && errors.As(context.Cause(ctx), &missing) {
		if errors.Is(err, errStateBehind) {
			err = errors.Join(missing, err)
		} else {
			err = missing
		}
	}
	stop(nil)
	<-watched
	return err
}

// watchPulls looks at the pods until the context ends. A cluster that does not
// answer is for the engine to tell of.
func (s *Session) watchPulls(ctx context.Context) *missingImage {
	cluster, err := s.connect()
	if err != nil {
		return nil
	}
	resource := cluster.objects.Resource(schema.GroupVersionResource{Version: "v1", Resource: "pods"}).Namespace(s.Config.Namespace())
	noted, delayed := newPulls(s.Stack, s.Config.ImageKeys()), newDelays(time.Now())
	ticks := time.NewTicker(pullInterval)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
		}
		list, err := resource.List(ctx, metav1.ListOptions{})
		if err != nil {
			continue
		}
		pods := typed[corev1.Pod](list)
		if missing := noted.look(pods, time.Now()); missing != nil {
			return missing
		}
		s.tellDelays(ctx, cluster, delayed, pods)
	}
}
