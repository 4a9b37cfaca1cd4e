package engine

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const (
	// delayPatience is how long a pod may wait before a deployment says why. With
	// pullInterval behind it, that is said within 15 seconds.
	delayPatience = 9 * time.Second
	// lastLogLines is how much is shown of what a container said before it ended.
	lastLogLines = 3
)

// delays notes which pods wait and what was said of them, so that a deployment
// that waits says why, each reason once for all pods of a component.
type delays struct {
	begun time.Time            // of events before nothing is said
	since map[string]time.Time // by pod
	said  map[string]bool      // by component and reason
}

func newDelays(begun time.Time) *delays {
	return &delays{begun: begun, since: map[string]time.Time{}, said: map[string]bool{}}
}

// delay is a pod that waits, or what makes no pod, and why.
type delay struct {
	kind, name string
	component  string // that it is of, or its name where it has none
	why        string
	ended      string // the container that ended, of which the last lines may tell more; empty where none did
}

// look finds what is to be said now of pods and of the events of their namespace.
func (d *delays) look(pods []corev1.Pod, events []corev1.Event, now time.Time) []delay {
	since := map[string]time.Time{}
	var found []delay
	for _, pod := range pods {
		why := trouble(pod)
		if why == "" {
			continue
		}
		first, before := d.since[string(pod.UID)]
		if !before {
			first = now
		}
		since[string(pod.UID)] = first
		if now.Sub(first) < delayPatience {
			continue
		}
		if probe := lastProbe(pod, events); probe != "" {
			why += ": " + probe
		}
		found = append(found, delay{"pod", pod.Name, or(pod.Labels[componentLabel], pod.Name), why, endedContainer(pod)})
	}
	d.since = since
	for _, event := range events {
		if event.Reason == "FailedCreate" && eventTime(event).After(d.begun) && now.Sub(eventTime(event)) < time.Minute {
			maker := event.InvolvedObject
			found = append(found, delay{kind: strings.ToLower(maker.Kind), name: maker.Name, component: maker.Name, why: "makes no pod: " + short(event.Message)})
		}
	}
	return slices.DeleteFunc(found, func(one delay) bool {
		key := one.component + " " + changing.ReplaceAllString(one.why, "")
		said := d.said[key]
		d.said[key] = true
		return said
	})
}

// changing is what of a reason differs from one look, and one pod, to the next:
// numbers, names in quotes and names of pods.
var changing = regexp.MustCompile(`[0-9]+|"[^"]*"|pod [a-z0-9-]+`)

// lastProbe is what the last probe of a pod that failed said; empty where none did.
func lastProbe(pod corev1.Pod, events []corev1.Event) string {
	var last *corev1.Event
	for i, event := range events {
		if event.Reason == "Unhealthy" && event.InvolvedObject.UID == pod.UID && (last == nil || eventTime(*last).Before(eventTime(event))) {
			last = &events[i]
		}
	}
	if last == nil {
		return ""
	}
	return short(last.Message)
}

// endedContainer is the first container of a pod that ended with an error.
func endedContainer(pod corev1.Pod) string {
	for _, status := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		for _, state := range []corev1.ContainerState{status.State, status.LastTerminationState} {
			if state.Terminated != nil && state.Terminated.ExitCode != 0 {
				return status.Name
			}
		}
	}
	return ""
}

func eventTime(event corev1.Event) time.Time {
	return slices.MaxFunc([]time.Time{event.LastTimestamp.Time, event.EventTime.Time, event.CreationTimestamp.Time}, time.Time.Compare)
}

// tellDelays says why pods wait. What cannot be read now is for the engine, or
// for the next look.
func (s *Session) tellDelays(ctx context.Context, cluster *client, noted *delays, pods []corev1.Pod) {
	list, err := cluster.objects.Resource(schema.GroupVersionResource{Version: "v1", Resource: "events"}).Namespace(s.Config.Namespace()).List(ctx, metav1.ListOptions{})
	if err != nil {
		return
	}
	found := noted.look(pods, typed[corev1.Event](list), time.Now())
	if len(found) == 0 || s.learn(ctx)() != nil {
		return // what a container said may hold a secret, and which are is not known
	}
	for _, one := range found {
		fmt.Fprintf(s.out, "%s %s waits: %s\n", one.kind, one.name, one.why)
		if one.ended == "" {
			continue
		}
		for _, line := range s.lastWords(ctx, cluster, one.name, one.ended) {
			fmt.Fprintf(s.out, "  %s: %s\n", one.ended, line)
		}
	}
}

// lastWords are the last lines of a container that ended: of the one before,
// where it runs again.
func (s *Session) lastWords(ctx context.Context, cluster *client, pod, container string) []string {
	for _, previous := range []string{"true", "false"} {
		text, err := cluster.raw.Get().AbsPath("/api/v1/namespaces", s.Config.Namespace(), "pods", pod, "log").
			Param("container", container).Param("previous", previous).Param("tailLines", fmt.Sprint(lastLogLines)).DoRaw(ctx)
		if said := strings.TrimSpace(string(text)); err == nil && said != "" {
			var lines []string
			for line := range strings.Lines(said) {
				lines = append(lines, short(line))
			}
			return lines
		}
	}
	return nil
}
