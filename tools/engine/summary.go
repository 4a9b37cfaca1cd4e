package engine

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Summary prints what runs where, a line each kind of pod.
func (s *Session) Summary(ctx context.Context) error {
	cluster, err := s.connect()
	if err != nil {
		return err
	}
	pods := schema.GroupVersionResource{Version: "v1", Resource: "pods"}
	list, err := cluster.objects.Resource(pods).Namespace(s.Config.Namespace()).List(ctx, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("pods of stack %s: %w", s.Stack, err)
	}
	lines := map[string]*summaryLine{}
	for _, item := range list.Items {
		var pod corev1.Pod
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(item.Object, &pod); err != nil {
			return fmt.Errorf("pod %s: %w", item.GetName(), err)
		}
		name := pod.Labels["app.kubernetes.io/name"]
		if lines[name] == nil {
			lines[name] = &summaryLine{}
		}
		lines[name].add(pod)
	}
	s.printSummary(lines)
	return nil
}

// summaryLine is the pods of one component.
type summaryLine struct {
	ready, total, done int
	nodes              []string
	image              string
}

func (l *summaryLine) add(pod corev1.Pod) {
	l.total++
	if pod.Status.Phase == corev1.PodSucceeded {
		l.done++
	}
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodReady && condition.Status == corev1.ConditionTrue {
			l.ready++
		}
	}
	if node := pod.Spec.NodeName; node != "" && !slices.Contains(l.nodes, node) {
		l.nodes = append(l.nodes, node)
		slices.Sort(l.nodes)
	}
	_, l.image, _ = cutLast(pod.Spec.Containers[0].Image, "/")
}

// state is 2/2 ready for what serves, and done for what has run.
func (l *summaryLine) state() string {
	if l.done > 0 && l.ready == 0 {
		return "done"
	}
	return fmt.Sprintf("%d/%d ready", l.ready, l.total-l.done)
}

func (s *Session) printSummary(lines map[string]*summaryLine) {
	names := make([]string, 0, len(lines))
	for name := range lines {
		names = append(names, name)
	}
	slices.Sort(names)
	t := table.NewWriter()
	t.SetOutputMirror(s.out)
	t.SetStyle(table.StyleLight)
	t.SetTitle("Namespace %s", s.Config.Namespace())
	t.AppendHeader(table.Row{"component", "pods", "nodes", "image"})
	for _, name := range names {
		line := lines[name]
		t.AppendRow(table.Row{name, line.state(), strings.Join(line.nodes, " "), line.image})
	}
	t.Render()
}

// cutLast splits at the last separator; without one, all is after it.
func cutLast(text, separator string) (before, after string, found bool) {
	at := strings.LastIndex(text, separator)
	if at < 0 {
		return "", text, false
	}
	return text[:at], text[at+len(separator):], true
}

// Hints prints what to try next on an embedded cluster.
func (s *Session) Hints() {
	if !s.cluster {
		return
	}
	variable := ""
	if s.Stack != DefaultStack {
		variable = " STACK=" + s.Stack
	}
	kubectl := "kubectl"
	if _, err := exec.LookPath(kubectl); err != nil {
		kubectl = s.tools.Kubectl()
	}
	fmt.Fprintf(s.out, `
What to try next:
  make preview%[1]s        change Pulumi.%[2]s.yaml first and see what would happen
  make down%[1]s           delete what was deployed
  make cluster-down%[1]s   stop the cluster and delete it
  %[3]s --kubeconfig %[4]s get pods -n %[5]s
`, variable, s.Stack, kubectl, s.kubeconfig, s.Config.Namespace())
}
