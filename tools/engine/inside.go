package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// tailLines is how much of each log is shown, and logStreams how many logs are
// followed at once: kubectl's own five are fewer than a component's containers.
const (
	tailLines  = "200"
	logStreams = "100"
)

// shells are what a shell in a container may be, best first.
var shells = []string{"sh", "bash"}

// Logs shows the logs of all pods of a component. The arguments are kubectl's,
// such as -f.
func (s *Session) Logs(ctx context.Context, component string, args ...string) error {
	if _, err := s.componentPods(ctx, component); err != nil {
		return err
	}
	return s.kubectl(ctx, s.attached, append([]string{
		"logs", "--selector", componentLabel + "=" + component, "--prefix", "--all-containers", "--ignore-errors",
		"--tail", tailLines, "--max-log-requests", logStreams,
	}, args...)...)
}

// Shell opens a shell in the first ready pod of a component. The arguments are
// the shell's, such as -c and a command.
func (s *Session) Shell(ctx context.Context, component string, args ...string) error {
	pod, err := s.readyPod(ctx, component)
	if err != nil {
		return err
	}
	if err := s.consent("a shell in " + pod.Name); err != nil {
		return err
	}
	shell, err := s.shellOf(ctx, pod)
	if err != nil {
		return err
	}
	return s.execute(ctx, pod, append([]string{shell}, args...)...)
}

// PSQL opens psql in the pod of the database server that takes writes, or of
// another one, as its superuser. The arguments are psql's, such as -d and a
// database.
func (s *Session) PSQL(ctx context.Context, component string, args ...string) error {
	database, err := s.database()
	if err != nil {
		return err
	}
	pod, err := s.readyPod(ctx, or(component, database.component))
	if err != nil {
		return err
	}
	if err := s.consent("its database"); err != nil {
		return err
	}
	return s.execute(ctx, pod, append([]string{"psql", "--username", database.superuser, "--dbname", database.name}, args...)...)
}

// execute runs a command in the first container of a pod.
func (s *Session) execute(ctx context.Context, pod corev1.Pod, command ...string) error {
	flags := []string{"exec", "--stdin"}
	if s.attached.terminal() {
		flags = append(flags, "--tty")
	}
	return s.kubectl(ctx, s.attached, slices.Concat(flags, []string{pod.Name, "--container", pod.Spec.Containers[0].Name, "--"}, command)...)
}

// shellOf is the first shell that a pod's image has.
func (s *Session) shellOf(ctx context.Context, pod corev1.Pod) (string, error) {
	container := pod.Spec.Containers[0]
	for _, shell := range shells {
		var said bytes.Buffer
		err := s.kubectl(ctx, streams{nil, io.Discard, &said}, "exec", pod.Name, "--container", container.Name, "--", shell, "-c", "exit 0")
		var ended Exit
		switch {
		case err == nil:
			return shell, nil
		case errors.As(err, &ended) && missing(said.String()):
			continue
		case errors.As(err, &ended) && said.Len() > 0:
			return "", fmt.Errorf("shell in pod %s: %s", pod.Name, strings.TrimSpace(said.String()))
		}
		return "", err
	}
	return "", fmt.Errorf("image %s has neither %s, so there is no shell in pod %s; %s reads what it says, and kubectl debug puts a container with a shell beside it",
		container.Image, strings.Join(shells, " nor "), pod.Name, s.makeLine("logs", "SERVICE=..."))
}

// missing tells of a runtime's words whether the image lacks the program.
func missing(said string) bool {
	return strings.Contains(said, "executable file not found") || strings.Contains(said, "no such file or directory")
}

// componentPods are the pods of one component. The error of a name that has
// none lists the components that have.
func (s *Session) componentPods(ctx context.Context, component string) ([]corev1.Pod, error) {
	components, err := s.components(ctx)
	if err != nil {
		return nil, err
	}
	if line := components[component]; line != nil {
		return line.pods, nil
	}
	if len(components) == 0 {
		return nil, fmt.Errorf("stack %s: no pod is in the namespace %s; deploy it first: %s", s.Stack, s.Config.Namespace(), s.makeLine("up"))
	}
	known := []string{"stack " + s.Stack + " has no pod of component " + component}
	if component == "" {
		known[0] = "no component is named; set SERVICE to one of stack " + s.Stack
	}
	for _, name := range slices.Sorted(maps.Keys(components)) {
		known = append(known, fmt.Sprintf("  %-*s %s", longest(components), name, components[name].state()))
	}
	return nil, errors.New(strings.Join(known, "\n"))
}

func longest(of map[string]*summaryLine) int {
	width := 0
	for name := range of {
		width = max(width, len(name))
	}
	return width
}

// readyPod is the first pod of a component that serves.
func (s *Session) readyPod(ctx context.Context, component string) (corev1.Pod, error) {
	pods, err := s.componentPods(ctx, component)
	if err != nil {
		return corev1.Pod{}, err
	}
	var why []string
	for _, pod := range pods {
		if ready(pod) && pod.DeletionTimestamp == nil {
			return pod, nil
		}
		if words := trouble(pod); words != "" {
			why = append(why, "\n  "+pod.Name+": "+words)
		}
	}
	return corev1.Pod{}, fmt.Errorf("stack %s: no pod of component %s is ready%s", s.Stack, component, strings.Join(why, ""))
}
