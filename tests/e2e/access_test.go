//go:build e2e

package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// ciAccount is the identity that make ci-access prints.
const ciAccount = "ci-preview"

// TestPreviewFromCI works with the identity that CI has, and with no other.
func TestPreviewFromCI(t *testing.T) {
	t.Parallel()
	c := newCheckout(t, "k3s-local")
	c.make("up")
	admin := kubectl{t: t, program: strings.TrimSpace(c.tool("kubectl")), kubeconfig: strings.TrimSpace(c.make("kubeconfig"))}
	l := connect(t, admin.kubeconfig, coreNamespace)
	manifests := c.tool("--stack", "k3s-local", "render", "--out", filepath.Join(c.dir, "out"))
	require.Contains(t, manifests, "manifests")
	c.write("access.yaml", c.tool("--stack", "k3s-local", "access")) // what make ci-access prints
	admin.must("apply", "--filename", filepath.Join(c.dir, "access.yaml"))
	ci := admin.as(t, strings.TrimSpace(admin.must("create", "token", ciAccount, "--namespace", coreNamespace)))
	require.Eventually(t, func() bool { // the API server takes a moment to enforce a new policy
		out, err := ci.run("create", "configmap", "probe", "--namespace", coreNamespace)
		_, _ = admin.run("delete", "configmap", "probe", "--namespace", coreNamespace)
		return err != nil && strings.Contains(out, "only dry runs are let through")
	}, time.Minute, 100*time.Millisecond)
	before, inventory := specGenerations(l), l.inventory()

	t.Run("its preview says what an administrator's says", func(t *testing.T) {
		for _, change := range []func(){
			func() {},
			func() {
				c.edit("k3s-local", "platform:services.auth-service.image", "eddisonso/ecloud-auth:20260301-010101")
			},
			func() {
				c.edit("k3s-local", "platform:services.further", map[string]any{
					"image": "eddisonso/further:20260301-010101", "port": 8080, "platforms": []string{"linux/amd64", "linux/arm64"},
				})
			},
		} {
			change()
			theirs := c.make("preview", "ARGS=--diff")
			ours := c.by(ci.kubeconfig, func() string { return c.make("preview", "ARGS=--diff") })
			assert.ElementsMatch(t, strings.Split(settled(theirs), "\n"), strings.Split(settled(ours), "\n"))
		}
	})
	t.Run("each object of the stack passes as a dry run", func(t *testing.T) {
		folder := filepath.Join(c.dir, "out")
		ofKind := map[string]string{}
		for _, file := range files(t, folder) {
			kind, _, _ := strings.Cut(kindIn(t, file), " ")
			if kind == "Job" {
				renewJob(t, file)
			}
			ofKind[kind] = file
		}
		out, err := ci.run("apply", "--server-side", "--force-conflicts", "--dry-run=server", "--filename", folder)
		assert.NoError(t, err, out)
		assert.Len(t, strings.Split(strings.TrimSpace(out), "\n"), len(files(t, folder)), out)
		for kind, file := range ofKind {
			out, err := ci.run("apply", "--server-side", "--force-conflicts", "--filename", file)
			assert.Error(t, err, kind)
			assert.Contains(t, out, "only dry runs are let through", kind)
		}
	})
	t.Run("and nothing else does", func(t *testing.T) {
		for what, args := range map[string][]string{
			"Secrets of others":          {"get", "secrets", "--namespace", "kube-system"},
			"all Secrets":                {"get", "secrets", "--namespace", coreNamespace},
			"a list of what runs":        {"get", "pods", "--namespace", coreNamespace},
			"a shell":                    {"exec", "--namespace", coreNamespace, "deployment/gateway", "--", "true"},
			"another namespace":          {"create", "namespace", "other", "--dry-run=server"},
			"another's role":             {"create", "role", "other", "--verb=get", "--resource=secrets", "--namespace", coreNamespace, "--dry-run=server"},
			"a binding to cluster-admin": {"create", "clusterrolebinding", "other", "--clusterrole=cluster-admin", "--user=a", "--dry-run=server"},
			"its own rights":             {"patch", "role", ciAccount, "--namespace", coreNamespace, "--type=merge", "--patch={\"rules\":[]}", "--dry-run=server"},
			"the policy":                 {"delete", "validatingadmissionpolicy", ciAccount + "-" + coreNamespace, "--dry-run=server"},
			"a deletion":                 {"delete", "deployment", "gateway", "--namespace", coreNamespace, "--dry-run=server"},
			"another token":              {"create", "token", ciAccount, "--namespace", coreNamespace},
		} {
			out, err := ci.run(args...)
			assert.Error(t, err, what)
			assert.Contains(t, out, "orbidden", what)
		}
	})
	t.Run("a deployment with it changes nothing", func(t *testing.T) {
		c.by(ci.kubeconfig, func() string { return c.refuse("up") })
		assert.Equal(t, before, specGenerations(l))
		assert.Equal(t, inventory, l.inventory())
	})
}

// tool runs platformctl.
func (c *checkout) tool(args ...string) string {
	c.t.Helper()
	if len(args) == 1 {
		args = []string{"toolchain", args[0]}
	}
	cmd := exec.Command(filepath.Join(c.dir, "bin", "platformctl"), args...)
	cmd.Dir = c.dir
	out, err := cmd.Output()
	require.NoError(c.t, err)
	return string(out)
}

// by runs something with another identity in the place of the administrator's:
// the path stays, for under another one the engine sees a changed provider.
func (c *checkout) by(kubeconfig string, run func() string) string {
	c.t.Helper()
	path := strings.TrimSpace(c.make("kubeconfig"))
	admin, err := os.ReadFile(path)
	require.NoError(c.t, err)
	other, err := os.ReadFile(kubeconfig)
	require.NoError(c.t, err)
	require.NoError(c.t, os.WriteFile(path, other, 0o600))
	defer func() { assert.NoError(c.t, os.WriteFile(path, admin, 0o600)) }()
	return run()
}

// chosen is what pulumi ends the name of a new object with, another at each
// preview.
var chosen = regexp.MustCompile(`-[0-9a-f]{8}\b`)

// settled is what a preview says, without the lines that it draws while it runs
// and without how long it took.
func settled(out string) string {
	_, diff, _ := strings.Cut(out, "(same)")
	return chosen.ReplaceAllString(diff, "-…")
}

// kubectl is the toolchain's, with one identity.
type kubectl struct {
	t          *testing.T
	program    string
	kubeconfig string
}

// as is kubectl with a token in the place of the certificate.
func (k kubectl) as(t *testing.T, token string) kubectl {
	t.Helper()
	content, err := clientcmd.LoadFromFile(k.kubeconfig)
	require.NoError(t, err)
	for name := range content.AuthInfos {
		content.AuthInfos[name] = &api.AuthInfo{Token: token}
	}
	k.kubeconfig = filepath.Join(t.TempDir(), "kubeconfig")
	require.NoError(t, clientcmd.WriteToFile(*content, k.kubeconfig))
	return k
}

func (k kubectl) run(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, k.program, append([]string{"--kubeconfig", k.kubeconfig}, args...)...).CombinedOutput()
	return string(out), err
}

func (k kubectl) must(args ...string) string {
	k.t.Helper()
	out, err := k.run(args...)
	require.NoError(k.t, err, "kubectl %s\n%s", strings.Join(args, " "), out)
	return out
}

func files(t *testing.T, folder string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, found)
	return found
}

// kindIn is the kind and the file of a manifest, as failures name it.
// renewJob gives the Job in a file another name, as each of another content has:
// what is rendered names its account and ConfigMap by names that the engine has
// not completed, and a Job that runs cannot be changed.
func renewJob(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	renamed := jobName.ReplaceAll(text, []byte("${1}-again"))
	require.NotEqual(t, text, renamed)
	require.NoError(t, os.WriteFile(file, renamed, 0o600))
}

var jobName = regexp.MustCompile(`(?m)^(  name: \S+)$`)

func kindIn(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, line := range strings.Split(string(text), "\n") {
		if kind, is := strings.CutPrefix(line, "kind: "); is {
			return kind + " " + filepath.Base(file)
		}
	}
	return filepath.Base(file)
}
