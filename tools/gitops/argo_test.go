//go:build e2e && argocd

package gitops

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"k8s.io/client-go/tools/clientcmd"
	"platform/tests/host"

	"platform/tools/cluster"
	"platform/tools/toolchain"
)

// builtVariable names the folder that tools/gitops/argocd/build writes.
const builtVariable = "PLATFORM_ARGOCD"

// patience bounds one sync. Simulated pods are ready at once.
const patience = 4 * time.Minute

// argo is Argo CD's application controller and repository server, beside the
// cluster that they apply a stack to. The branch is a repository that a git
// daemon serves.
type argo struct {
	t          *testing.T
	options    Options
	built      string // what tools/gitops/argocd/build wrote
	branch     string // checkout of the branch
	kubectl    string
	kubeconfig string
}

func newArgo(t *testing.T, stack string) *argo {
	t.Helper()
	built := os.Getenv(builtVariable)
	require.NotEmpty(t, built, "set %s, as make e2e-argocd does", builtVariable)
	tools, err := toolchain.Ensure(t.Context(), toolchain.Options{Root: "../..", Tools: slices.Concat(toolchain.Cluster, toolchain.LoadBalancer)})
	require.NoError(t, err)
	a := &argo{t: t, options: optionsOf(t, stack), built: built, kubectl: tools.Path("kubectl")}
	served := t.TempDir()
	git, redis, repository, metrics := host.FreePort(t), host.FreePort(t), host.FreePort(t), host.FreePort(t)
	a.branch = filepath.Join(served, "branch")
	a.options.Repository = fmt.Sprintf("git://127.0.0.1:%d/branch", git)
	c, err := cluster.Start(t.Context(), cluster.Options{
		Name: a.options.Config.Shared().Cluster.Context, Dir: t.TempDir(), Programs: cluster.ProgramsOf(tools), Topology: a.options.Config.Shared().Topology,
	})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, c.Stop()) })
	a.kubeconfig = c.Kubeconfig()

	require.NoError(t, os.Mkdir(a.branch, 0o755))
	a.git("init", "--quiet", "--initial-branch", a.options.Branch)
	a.process("git", "daemon", "--export-all", "--base-path="+served, "--listen=127.0.0.1", "--port="+strconv.Itoa(git))
	a.process("redis-server", "--bind", "127.0.0.1", "--port", strconv.Itoa(redis), "--save", "", "--dir", t.TempDir())
	address := fmt.Sprintf("127.0.0.1:%d", redis)
	a.process(filepath.Join(built, "argocd-repo-server"), "--address", "127.0.0.1", "--port", strconv.Itoa(repository), "--disable-tls",
		"--metrics-address", "127.0.0.1", "--metrics-port", strconv.Itoa(host.FreePort(t)), "--redis", address)
	a.must("create", "namespace", argoNamespace)
	a.must("apply", "--server-side", "--filename", filepath.Join(built, "crds"))
	a.apply(a.settings())
	a.process(filepath.Join(built, "argocd-application-controller"), "--kubeconfig", a.kubeconfig, "--namespace", argoNamespace, "--redis", address,
		"--repo-server", fmt.Sprintf("127.0.0.1:%d", repository), "--repo-server-plaintext", "--metrics-port", strconv.Itoa(metrics), "--app-resync", "5")
	return a
}

// settings are what an administrator of Argo CD gives it, as docs/argocd.md says.
func (a *argo) settings() string {
	rest, err := clientcmd.BuildConfigFromFlags("", a.kubeconfig)
	require.NoError(a.t, err)
	access, err := json.Marshal(map[string]any{"tlsClientConfig": map[string]any{
		"caData": rest.CAData, "certData": rest.CertData, "keyData": rest.KeyData,
	}})
	require.NoError(a.t, err)
	label := map[string]any{"app.kubernetes.io/part-of": "argocd"}
	objects := []any{
		map[string]any{
			"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "argocd-cm", "namespace": argoNamespace, "labels": label},
			"data": map[string]any{
				"resource.customizations.health.secrets.infisical.com_InfisicalStaticSecret": healthCheck(a.t),
				"timeout.reconciliation": "5s", "application.resourceTrackingMethod": "annotation",
			},
		},
		map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "argocd-rbac-cm", "namespace": argoNamespace, "labels": label}},
		map[string]any{
			"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"name": "argocd-secret", "namespace": argoNamespace, "labels": label},
			"stringData": map[string]any{"server.secretkey": "a key for tests"},
		},
		map[string]any{
			"apiVersion": "v1", "kind": "Secret",
			"metadata":   map[string]any{"name": "cluster", "namespace": argoNamespace, "labels": map[string]any{"argocd.argoproj.io/secret-type": "cluster"}},
			"stringData": map[string]any{"name": a.options.Config.Shared().Cluster.Context, "server": rest.Host, "config": string(access)},
		},
	}
	text, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": objects})
	require.NoError(a.t, err)
	return string(text)
}

// process runs until the test ends.
func (a *argo) process(name string, args ...string) {
	a.t.Helper()
	log, err := os.Create(filepath.Join(a.t.TempDir(), filepath.Base(name)+".log"))
	require.NoError(a.t, err)
	cmd := exec.Command(name, args...)
	home := a.t.TempDir()
	cmd.Env = append(os.Environ(), "HOME="+home, "TMPDIR="+home, "ARGOCD_GPG_ENABLED=false", "ARGOCD_TLS_DATA_PATH="+home, "ARGOCD_SSH_DATA_PATH="+home, "KUBECONFIG="+a.kubeconfig)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	require.NoError(a.t, cmd.Start())
	a.t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		_ = cmd.Wait()
		if text, err := os.ReadFile(log.Name()); err == nil && a.t.Failed() {
			a.t.Logf("%s:\n%s", filepath.Base(name), text[max(0, len(text)-6000):])
		}
	})
}

func (a *argo) git(args ...string) {
	a.t.Helper()
	cmd := exec.Command("git", append([]string{"-C", a.branch, "-c", "user.name=test", "-c", "user.email=test@example.test"}, args...)...)
	out, err := cmd.CombinedOutput()
	require.NoError(a.t, err, string(out))
}

func (a *argo) must(args ...string) string {
	a.t.Helper()
	out, err := exec.Command(a.kubectl, append([]string{"--kubeconfig", a.kubeconfig}, args...)...).CombinedOutput()
	require.NoError(a.t, err, "%v: %s", args, out)
	return string(out)
}

func (a *argo) apply(text string) {
	a.t.Helper()
	cmd := exec.Command(a.kubectl, "--kubeconfig", a.kubeconfig, "apply", "--filename", "-")
	cmd.Stdin = strings.NewReader(text)
	out, err := cmd.CombinedOutput()
	require.NoError(a.t, err, string(out))
}

// publish writes the stack to the branch, and what change makes of it.
func (a *argo) publish(change func(folder string)) {
	a.t.Helper()
	require.NoError(a.t, Write(a.t.Context(), a.options, a.branch))
	if change != nil {
		change(filepath.Join(a.branch, a.options.Stack))
	}
	a.git("add", "--all", "--force")
	a.git("commit", "--quiet", "--allow-empty", "--message", "rendered")
}

// application is what Argo CD says of the stack.
type application struct {
	Status struct {
		ReconciledAt   string
		Sync           struct{ Status, Revision string }
		Health         struct{ Status string }
		OperationState struct {
			Phase, Message string
			StartedAt      string
			SyncResult     struct{ Revision string }
		}
		Conditions []struct{ Type, Message string }
		Resources  []struct {
			Kind, Name, Status string
			Health             struct{ Status, Message string }
		}
	}
}

func (a *argo) application() application {
	a.t.Helper()
	var read application
	require.NoError(a.t, json.Unmarshal([]byte(a.must("get", "application", "platform-"+a.options.Stack, "--namespace", argoNamespace, "--output", "json")), &read))
	return read
}

// synced waits until the tip of the branch is applied and nothing differs. The
// operator is played: it writes each Secret.
func (a *argo) synced() application {
	a.t.Helper()
	tip := strings.TrimSpace(a.output("git", "-C", a.branch, "rev-parse", "HEAD"))
	// What a webhook of the repository does: else Argo CD remembers the tip for minutes.
	a.must("annotate", "application", "platform-"+a.options.Stack, "--namespace", argoNamespace, "--overwrite", "argocd.argoproj.io/refresh=hard")
	var last application
	done := func() bool {
		status := last.Status
		return status.Sync.Revision == tip && status.OperationState.SyncResult.Revision == tip && status.OperationState.Phase == "Succeeded" && status.Sync.Status == "Synced"
	}
	for deadline := time.Now().Add(patience); !done() && time.Now().Before(deadline); time.Sleep(2 * time.Second) {
		a.operate()
		last = a.application()
	}
	if !done() {
		var differ []string
		for _, one := range last.Status.Resources {
			if one.Status != "Synced" || one.Health.Status == "Degraded" || one.Health.Status == "Progressing" {
				differ = append(differ, fmt.Sprint(one))
			}
		}
		a.t.Fatalf("sync %s, operation %s %s, %v:\n%s", last.Status.Sync.Status, last.Status.OperationState.Phase, last.Status.OperationState.Message, last.Status.Conditions, strings.Join(differ, "\n"))
	}
	return last
}

func (a *argo) operate() {
	var list struct {
		Items []struct {
			Metadata struct{ Name, Namespace string }
			Status   *struct{}
		}
	}
	require.NoError(a.t, json.Unmarshal([]byte(a.must("get", "infisicalstaticsecrets", "--all-namespaces", "--output", "json")), &list))
	for _, one := range list.Items {
		if one.Status == nil {
			a.must("patch", "infisicalstaticsecret", one.Metadata.Name, "--namespace", one.Metadata.Namespace, "--subresource", "status", "--type", "merge", "--patch",
				`{"status":{"conditions":[{"type":"secrets.infisical.com/LastReconcileStatus","status":"True","reason":"OK","message":"written","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}`)
		}
	}
}

func (a *argo) output(name string, args ...string) string {
	a.t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	require.NoError(a.t, err, string(out))
	return string(out)
}

func (a *argo) names(kind string) []string {
	return strings.Fields(a.must("get", kind, "--namespace", a.options.Config.Namespace(), "--output", "jsonpath={.items[*].metadata.name}"))
}

// start applies the project and the Application, as an administrator does.
func (a *argo) start() {
	a.t.Helper()
	for _, folder := range []string{projects, applications} {
		a.must("apply", "--filename", filepath.Join(a.branch, folder, a.options.Stack+".yaml"))
	}
}

// compared waits until Argo CD has looked again.
func (a *argo) compared(before application) application {
	a.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(time.Second) {
		if now := a.application(); now.Status.ReconciledAt != before.Status.ReconciledAt {
			return now
		}
	}
	a.t.Fatalf("Argo CD has not looked again since %s", before.Status.ReconciledAt)
	return before
}
