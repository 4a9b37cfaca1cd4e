//go:build e2e

package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"platform/tools/cluster"
	"platform/tools/engine"
)

// The goals of real nodes: from a control plane that runs to all pods ready,
// and the memory of everything together.
var nodeGoals = map[string]struct{ upSeconds, memoryMB float64 }{
	"local":     {60, 0},
	"k3s-local": {180, 6000},
}

// BenchmarkRealLocal and BenchmarkRealK3sLocal measure the stacks where their
// containers run.
func BenchmarkRealLocal(b *testing.B) { measureNodes(b, "local") }

func BenchmarkRealK3sLocal(b *testing.B) { measureNodes(b, "k3s-local") }

// measureNodes measures a stack on real nodes. kubectl applies the same objects
// with the same Secrets on the same nodes, once the engine's are gone; images
// are on the nodes for both.
func measureNodes(b *testing.B, stack string) {
	if err := cluster.CanRunNodes(); err != nil {
		b.Skip(err)
	}
	l := &lab{ctx: interrupted, stack: stack}
	if err := l.prepareFolder(); err != nil {
		b.Fatal(err)
	}
	goals := nodeGoals[stack]
	for b.Loop() {
		free := available(b)
		b.Cleanup(func() { l.took(b, l.platformctl("cluster", "down")) })
		ready := l.took(b, l.platformctl("--nodes", string(cluster.Real), "cluster", "up"))
		up := l.took(b, l.platformctl("up"))
		memory := float64(free-available(b)) / 1e6
		l.beside = l.realKubeconfig(b)
		if err := errors.Join(l.render(), l.takeSecrets(b)); err != nil {
			b.Fatal(err)
		}
		l.took(b, l.platformctl("down"))
		apply := l.apply(b)
		l.delete(b)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(up.Seconds(), "up_s")
		b.ReportMetric(apply.Seconds(), "kubectl_s")
		b.ReportMetric(memory, "MB")
		l.add(
			figure{what: "real nodes ready", unit: seconds, measured: []time.Duration{ready}},
			figure{what: "up on real nodes", unit: seconds, measured: []time.Duration{up}, beside: "kubectl apply, wait", other: []time.Duration{apply}, goal: goalUp},
			figure{what: "seconds of it", unit: "s in all", value: up.Seconds(), goal: goals.upSeconds},
			figure{what: "memory of nodes and pods", unit: megabytes, value: memory, goal: goals.memoryMB},
		)
	}
}

func (l *lab) realKubeconfig(b *testing.B) string {
	b.Helper()
	at, err := engine.Kubeconfig(l.options())
	if err != nil {
		b.Fatal(err)
	}
	return at
}

// takeSecrets gives kubectl the values of the Secrets that run: programs do not
// start with others.
func (l *lab) takeSecrets(b *testing.B) error {
	b.Helper()
	_, text := l.ran(b, l.kubectl("get", "secrets", "--all-namespaces", "--output", "json"))
	var list corev1.SecretList
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return err
	}
	values := map[string]map[string][]byte{}
	for _, one := range list.Items {
		values[one.Namespace+"/"+one.Name] = one.Data
	}
	paths, err := filepath.Glob(filepath.Join(l.manifests, "*.yaml"))
	for _, path := range paths {
		err = errors.Join(err, fillSecret(path, values))
	}
	return err
}

// fillSecret gives the Secret in a file its values.
func fillSecret(path string, values map[string]map[string][]byte) error {
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), "kind: Secret") {
		return err
	}
	var secret corev1.Secret
	if err := yaml.Unmarshal(text, &secret); err != nil || secret.Kind != "Secret" {
		return err
	}
	secret.StringData, secret.Data = nil, values[secret.Namespace+"/"+secret.Name]
	if secret.Data == nil {
		return fmt.Errorf("secret %s/%s does not run", secret.Namespace, secret.Name)
	}
	if text, err = yaml.Marshal(secret); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}

// available is the memory that the kernel could give to new programs, in bytes.
func available(b *testing.B) int64 {
	b.Helper()
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var kilobytes int64
		if n, _ := fmt.Sscanf(line, "MemAvailable: %d kB", &kilobytes); n == 1 {
			return kilobytes << 10
		}
	}
	b.Fatal("/proc/meminfo tells no MemAvailable")
	return 0
}
