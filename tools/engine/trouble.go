package engine

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// waits says in words why a container does not run, by the kubelet's reason.
var waits = map[string]string{
	"CrashLoopBackOff":           "ends again and again",
	"ErrImagePull":               "has no image",
	"ImagePullBackOff":           "has no image",
	"ErrImageNeverPull":          "has no image",
	"InvalidImageName":           "has no image",
	"CreateContainerConfigError": "refers to what does not exist",
	"CreateContainerError":       "cannot be made",
	"RunContainerError":          "cannot be started",
	"ContainerCreating":          "is being made",
	"PodInitializing":            "waits for the containers before it",
}

// messageLength is how much is shown of what a program or the cluster said.
const messageLength = 200

// ready reports whether a pod serves.
func ready(pod corev1.Pod) bool {
	return slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
	})
}

// trouble says in words why a pod is not ready; empty where it is, has done its
// work or is going away.
func trouble(pod corev1.Pod) string {
	if ready(pod) || pod.Status.Phase == corev1.PodSucceeded || pod.DeletionTimestamp != nil {
		return ""
	}
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodScheduled && condition.Status == corev1.ConditionFalse {
			return "no node takes it: " + short(condition.Message)
		}
	}
	var reasons []string
	for _, status := range pod.Status.InitContainerStatuses {
		if reason := containerTrouble(status, true); reason != "" {
			return reason // the others wait for this one
		}
	}
	for _, status := range pod.Status.ContainerStatuses {
		if reason := containerTrouble(status, false); reason != "" {
			reasons = append(reasons, reason)
		}
	}
	if len(reasons) > 0 {
		return strings.Join(reasons, "; ")
	}
	return or(strings.TrimSpace(pod.Status.Reason+" "+short(pod.Status.Message)), string(pod.Status.Phase))
}

// containerTrouble says why a container is not ready; empty where it is, or has
// done its work.
func containerTrouble(status corev1.ContainerStatus, initial bool) string {
	state := status.State
	var words string
	switch {
	case state.Waiting != nil:
		words = waits[state.Waiting.Reason]
		if words == "" {
			words = "waits: " + or(state.Waiting.Reason, "for the node")
		}
		if state.Waiting.Message != "" && state.Waiting.Reason != "CrashLoopBackOff" {
			words += ": " + short(state.Waiting.Message)
		}
	case state.Terminated != nil && state.Terminated.ExitCode != 0:
		words = "ended" + exit(state.Terminated)
	case state.Terminated != nil || status.Ready:
		return ""
	case initial:
		words = "has not done its work yet"
	default:
		words = "runs, and its probe has not passed"
	}
	if last := status.LastTerminationState.Terminated; last != nil {
		words += ", last" + exit(last)
	}
	if status.RestartCount > 0 {
		words += fmt.Sprintf(", %d restarts", status.RestartCount)
	}
	return status.Name + " " + words
}

// exit says how a container ended.
func exit(ended *corev1.ContainerStateTerminated) string {
	words := fmt.Sprintf(" with code %d", ended.ExitCode)
	if ended.Reason != "" && ended.Reason != "Error" && ended.Reason != "Completed" {
		words += " (" + ended.Reason + ")"
	}
	if ended.Message != "" {
		words += ": " + short(ended.Message)
	}
	return words
}

// short is the last line of a text, which has the error, cut where it is long.
func short(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	line := []rune(strings.TrimSpace(lines[len(lines)-1]))
	if len(line) > messageLength {
		return string(line[:messageLength]) + " …"
	}
	return string(line)
}
