package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// componentLabel is the label of every pod with the name of its component.
const componentLabel = "app.kubernetes.io/name"

// Summary prints what runs where, a line each kind of pod, and of each pod that
// is not ready why.
func (s *Session) Summary(ctx context.Context) error {
	lines, err := s.components(ctx)
	if err != nil {
		return err
	}
	s.printSummary(lines)
	return nil
}

// components are the pods of the stack, by the name of their component.
func (s *Session) components(ctx context.Context) (map[string]*summaryLine, error) {
	cluster, err := s.connect()
	if err != nil {
		return nil, err
	}
	return s.componentsOf(ctx, cluster)
}

func (s *Session) componentsOf(ctx context.Context, on *client) (map[string]*summaryLine, error) {
	pods := schema.GroupVersionResource{Version: "v1", Resource: "pods"}
	list, err := on.objects.Resource(pods).Namespace(s.Config.Namespace()).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, fmt.Errorf("pods of stack %s: %w", s.Stack, err)
	}
	lines := map[string]*summaryLine{}
	for _, item := range list.Items {
		var pod corev1.Pod
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(item.Object, &pod); err != nil {
			return nil, fmt.Errorf("pod %s: %w", item.GetName(), err)
		}
		name := pod.Labels[componentLabel]
		if lines[name] == nil {
			lines[name] = &summaryLine{}
		}
		lines[name].add(pod)
	}
	return lines, nil
}

// summaryLine is the pods of one component.
type summaryLine struct {
	ready, total, done int
	nodes              []string
	image              string // as the newest pod names it
	pods               []corev1.Pod
}

func (l *summaryLine) add(pod corev1.Pod) {
	l.total++
	l.pods = append(l.pods, pod)
	if pod.Status.Phase == corev1.PodSucceeded {
		l.done++
	}
	if ready(pod) {
		l.ready++
	}
	if node := pod.Spec.NodeName; node != "" && !slices.Contains(l.nodes, node) {
		l.nodes = append(l.nodes, node)
		slices.Sort(l.nodes)
	}
	l.image = pod.Spec.Containers[0].Image
}

// state is 2/2 ready for what serves, and done for what has run.
func (l *summaryLine) state() string {
	if l.done > 0 && l.ready == 0 {
		return "done"
	}
	return fmt.Sprintf("%d/%d ready", l.ready, l.total-l.done)
}

// troubles are why its pods are not ready, a line each. A pod that failed before
// another has done the work is none.
func (l *summaryLine) troubles() []string {
	var lines []string
	for _, pod := range l.pods {
		why := trouble(pod)
		if why == "" || l.done > 0 && pod.Status.Phase == corev1.PodFailed {
			continue
		}
		where := pod.Name
		if pod.Spec.NodeName != "" {
			where += " on " + pod.Spec.NodeName
		}
		lines = append(lines, where+": "+why)
	}
	return lines
}

func (s *Session) printSummary(lines map[string]*summaryLine) {
	standsIn := s.standsIn()
	t := table.NewWriter()
	t.SetOutputMirror(s.out)
	t.SetStyle(table.StyleLight)
	t.SetTitle("Namespace %s", s.Config.Namespace())
	t.AppendHeader(table.Row{"component", "pods", "nodes", "image"})
	var troubles []string
	marked := false
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		line := lines[name]
		_, image, _ := cutLast(line.image, "/")
		if standsIn(line.image) {
			image, marked = image+" (stand-in)", true
		}
		t.AppendRow(table.Row{name, line.state(), strings.Join(line.nodes, " "), image})
		troubles = append(troubles, line.troubles()...)
	}
	t.Render()
	if marked {
		fmt.Fprintln(s.out, "A stand-in was made here, for its registry does not answer or is not asked: it plays the image of that name.")
	}
	if len(troubles) > 0 {
		fmt.Fprintf(s.out, "Not ready:\n  %s\n", strings.Join(troubles, "\n  "))
	}
}

// cutLast splits at the last separator; without one, all is after it.
func cutLast(text, separator string) (before, after string, found bool) {
	at := strings.LastIndex(text, separator)
	if at < 0 {
		return "", text, false
	}
	return text[:at], text[at+len(separator):], true
}
