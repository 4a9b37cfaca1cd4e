//go:build e2e

package bench

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// applyOrder is the order of kinds that spares kubectl needless retries, as
// tools that sort manifests have it: what is not named comes last.
var applyOrder = []string{"Namespace", "ResourceQuota", "ServiceAccount", "Secret", "ConfigMap", "PersistentVolumeClaim", "Service"}

// waits are what the engine waits for too, before it calls a stack deployed.
// The claim of the disabled primary is left out: no pod mounts it.
var waits = map[string][][]string{
	"local": {
		{"wait", "persistentvolumeclaim", "--all", "--for=jsonpath={.status.phase}=Bound"},
		{"wait", "job", "--all", "--for=condition=Complete"},
		{"rollout", "status", "statefulset/postgres"},
		{"wait", "deployment", "--all", "--for=condition=Available"},
	},
	"k3s-local": {
		{"wait", "persistentvolumeclaim/postgres-replica-data", "persistentvolumeclaim/nats-data", "--for=jsonpath={.status.phase}=Bound"},
		{"wait", "job", "--all", "--for=condition=Complete"},
		{"rollout", "status", "daemonset/gfs-chunkserver"},
		{"wait", "service/gateway", "--for=jsonpath={.status.loadBalancer.ingress}"},
		{"wait", "deployment", "--all", "--for=condition=Available"},
	},
}

// kubectl runs the client on its own side's cluster, with the cache of API kinds that a
// user's client has too.
func (l *lab) kubectl(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(l.ctx, l.tools.Kubectl(), append([]string{"--kubeconfig", l.beside}, args...)...)
	cmd.Env = append(os.Environ(), "KUBECACHEDIR="+filepath.Join(l.dir, "kube-cache"))
	return cmd
}

// render writes the objects of the stack for kubectl, in the order of
// [applyOrder] and with a value for each key of a Secret.
func (l *lab) render() error {
	rendered := filepath.Join(l.dir, "rendered")
	if out, err := l.platformctl("render", "--out", rendered).CombinedOutput(); err != nil {
		return fmt.Errorf("render: %w\n%s", err, out)
	}
	l.manifests = filepath.Join(l.dir, "manifests")
	if err := errors.Join(os.RemoveAll(l.manifests), os.Mkdir(l.manifests, 0o700)); err != nil {
		return err
	}
	paths, err := filepath.Glob(filepath.Join(rendered, "*.yaml"))
	if err == nil && len(paths) == 0 {
		err = fmt.Errorf("render: no manifest in %s", rendered)
	}
	for _, path := range paths {
		err = errors.Join(err, l.prepare(path))
	}
	return err
}

func (l *lab) prepare(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var object map[string]any
	if err := yaml.Unmarshal(text, &object); err != nil {
		return err
	}
	kind, _ := object["kind"].(string)
	if kind == "Secret" {
		metadata, _ := object["metadata"].(map[string]any)
		annotations, _ := metadata["annotations"].(map[string]any)
		keys, _ := annotations["platform/secret-keys"].(string)
		values := map[string]string{}
		for _, key := range strings.Split(keys, ",") {
			values[key] = placeholder(key)
		}
		object["stringData"] = values
	}
	if text, err = yaml.Marshal(object); err != nil {
		return err
	}
	at := slices.Index(applyOrder, kind)
	if at < 0 {
		at = len(applyOrder)
	}
	return os.WriteFile(filepath.Join(l.manifests, fmt.Sprintf("%d-%s", at, filepath.Base(path))), text, 0o600)
}

// placeholder is a value that the API server accepts for a key of a Secret.
func placeholder(key string) string {
	if key == corev1.DockerConfigJsonKey {
		return `{"auths":{}}`
	}
	return strings.Repeat("x", 32)
}

// apply deploys with kubectl and waits until all is ready.
func (l *lab) apply(b *testing.B) time.Duration {
	b.Helper()
	took := l.took(b, l.kubectl("apply", "--server-side", "--filename", l.manifests))
	for _, wait := range waits[l.stack] {
		args := append([]string{"--namespace", l.cfg.Namespace(), "--timeout=300s"}, wait...)
		took += l.took(b, l.kubectl(args...))
	}
	return took
}

// diff compares the manifests with what kubectl has applied.
func (l *lab) diff() *exec.Cmd {
	return l.kubectl("diff", "--server-side", "--filename", l.manifests)
}

// clear takes the stack off both clusters.
func (l *lab) clear(b *testing.B) {
	b.Helper()
	l.deployed = false
	l.took(b, l.platformctl("down"))
	l.delete(b)
}

// delete takes the stack off kubectl's cluster, what lies in no namespace
// included.
func (l *lab) delete(b *testing.B) {
	b.Helper()
	l.took(b, l.kubectl("delete", "--filename", l.manifests, "--ignore-not-found", "--wait"))
}

// deploy has the stack on both clusters.
func (l *lab) deploy(b *testing.B) {
	b.Helper()
	if !l.deployed {
		l.took(b, l.platformctl("up"))
		l.apply(b)
		l.deployed = true
	}
}
