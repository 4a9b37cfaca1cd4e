//go:build e2e

package e2e

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"platform/tests/host"
	"platform/tests/leftovers"
	"platform/tools/cluster"
	"platform/tools/toolchain"
)

// realPatience bounds one step on real nodes on a machine that does other
// things too.
const realPatience = 3 * time.Minute

// needRealNodes skips where this machine cannot run them. A program that is
// missing in CI is a failure: a step before has installed them.
func needRealNodes(t *testing.T) {
	t.Helper()
	if err := cluster.RealNodesError(); err != nil {
		t.Skip(err)
	}
	if err := cluster.CanRunNodes(); err != nil {
		host.Lacks(t, err)
	}
}

// real is a stack on real nodes, and the way of a browser to it.
type real struct {
	*checkout
	live   live
	client *http.Client
	base   string // URL of the page
}

// open finds the page of a stack that is up.
func (c *checkout) open(t *testing.T, namespace string) *real {
	t.Helper()
	dir := c.clusterDir()
	state, err := cluster.Status(dir)
	require.NoError(t, err)
	require.NotEmpty(t, state.Page, "the cluster tells where its page is")
	ca, err := os.ReadFile(filepath.Join(dir, "pki", "ca.crt"))
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(ca))
	return &real{
		checkout: c, live: connect(t, state.Kubeconfig, namespace), base: "https://" + state.Page,
		client: &http.Client{
			Timeout:       30 * time.Second,
			Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, DisableKeepAlives: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

func (c *checkout) clusterDir() string { return filepath.Join(c.home(""), "cluster") }

// answer is what came back for a request.
type answer struct {
	status int
	header http.Header
	text   string
}

// ask sends a request.
func (r *real) ask(method, path string) (answer, error) {
	request, err := http.NewRequest(method, r.base+path, nil)
	if err != nil {
		return answer{}, err
	}
	response, err := r.client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(text)}, err
}

// must sends a request that has to be answered with a status.
func (r *real) must(t *testing.T, method, path string, status int) string {
	t.Helper()
	got, err := r.ask(method, path)
	require.NoError(t, err)
	require.Equal(t, status, got.status, "%s %s: %s", method, path, got.text)
	return got.text
}

// pathWorks tells why the way of a request through the platform does not work.
func (r *real) pathWorks() error {
	got, err := r.ask(http.MethodGet, "/api/standin/path")
	if err != nil {
		return err
	}
	var path struct {
		Steps []struct {
			Name  string
			OK    bool
			Error string
		}
	}
	if err := json.Unmarshal([]byte(got.text), &path); err != nil {
		return fmt.Errorf("%d: %s", got.status, got.text)
	}
	for _, step := range path.Steps {
		if !step.OK {
			return fmt.Errorf("%s: %s", step.Name, step.Error)
		}
	}
	if len(path.Steps) < 2 {
		return fmt.Errorf("only %d steps: %s", len(path.Steps), got.text)
	}
	return nil
}

// inARow is how many requests in a row make a path one that works. Each is led to
// one of two edges by chance, and each edge hears of pods for itself, one seconds
// before the other where the processor is busy.
const inARow = 12

// works waits until the whole path works.
func (r *real) works(t *testing.T) {
	t.Helper()
	var last error
	good := 0
	require.Eventually(t, func() bool {
		if last = r.pathWorks(); last != nil {
			good = 0
		} else {
			good++
		}
		return good == inARow
	}, realPatience, 200*time.Millisecond, "the path of a request works")
	require.NoError(t, last)
}

// kubectl runs the project's client.
func (r *real) kubectl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := r.tryKubectl(args...)
	require.NoError(t, err, "kubectl %s\n%s", strings.Join(args, " "), out)
	return out
}

func (r *real) tryKubectl(args ...string) (string, error) { return r.feedKubectl("", args...) }

// feedKubectl is tryKubectl for a command that reads a text.
func (r *real) feedKubectl(text string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), realPatience)
	defer cancel()
	tools, err := toolchain.Ensure(ctx, toolchain.Options{Root: r.dir, Tools: toolchain.Cluster})
	if err != nil {
		return "", err
	}
	kubeconfig := filepath.Join(r.clusterDir(), "kubeconfig")
	cmd := exec.CommandContext(ctx, tools.Kubectl(), append([]string{"--kubeconfig", kubeconfig, "-n", r.live.namespace}, args...)...)
	cmd.Stdin = strings.NewReader(text)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// load asks for something again and again, from several clients, until it is
// told to end; it counts what was not answered well.
type load struct {
	end    chan struct{}
	wait   sync.WaitGroup
	sent   atomic.Int64
	failed atomic.Int64
	first  atomic.Value // the first error
}

// clients of a load, and the pause of each between two requests.
const (
	loadClients = 2
	loadPause   = 50 * time.Millisecond
)

func (r *real) load(path string) *load {
	l := &load{end: make(chan struct{})}
	for range loadClients {
		l.wait.Go(func() {
			for {
				select {
				case <-l.end:
					return
				case <-time.After(loadPause):
				}
				got, err := r.ask(http.MethodGet, path)
				l.sent.Add(1)
				if err == nil && got.status != http.StatusOK {
					err = fmt.Errorf("%d: %.200s", got.status, got.text)
				}
				if err != nil {
					l.failed.Add(1)
					l.first.CompareAndSwap(nil, err.Error())
				}
			}
		})
	}
	return l
}

// none ends the load and requires that every request was answered.
func (l *load) none(t *testing.T) {
	t.Helper()
	l.few(t, 0)
}

// few ends the load and requires that no more than a share of the requests was
// not answered well.
func (l *load) few(t *testing.T, share float64) {
	t.Helper()
	close(l.end)
	l.wait.Wait()
	assert.Positive(t, l.sent.Load())
	assert.LessOrEqual(t, float64(l.failed.Load()), share*float64(l.sent.Load()), "%d of %d requests; the first: %v", l.failed.Load(), l.sent.Load(), l.first.Load())
}

// podsOf are the pods of a component that are not about to end.
func (r *real) podsOf(t *testing.T, component string) []corev1.Pod {
	t.Helper()
	list, err := r.live.typed.CoreV1().Pods(r.live.namespace).List(context.Background(), metav1.ListOptions{LabelSelector: "app.kubernetes.io/name=" + component})
	require.NoError(t, err)
	var pods []corev1.Pod
	for _, pod := range list.Items {
		if pod.DeletionTimestamp == nil {
			pods = append(pods, pod)
		}
	}
	return pods
}

// restarts counts those of all containers in the stack's namespace, by pod.
func (r *real) restarts() map[string]int32 {
	found := map[string]int32{}
	for _, pod := range r.live.pods() {
		for _, status := range pod.Status.ContainerStatuses {
			if status.RestartCount > 0 {
				found[pod.Name] += status.RestartCount
			}
		}
	}
	return found
}

// leavesMachine looks that this machine is as before.
func leavesMachine(t *testing.T, before leftovers.Machine) {
	t.Helper()
	var left []string
	assert.Eventually(t, func() bool {
		after, err := leftovers.Look()
		require.NoError(t, err)
		left = after.New(before)
		return len(left) == 0
	}, 20*time.Second, 200*time.Millisecond)
	assert.Empty(t, left)
}
