//go:build e2e

package bench

import (
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"

	"k8s.io/client-go/tools/clientcmd"
)

// noChanges makes a preview fail that finds a change: it would measure
// something else.
const noChanges = "--expect-no-changes"

// previews measures the three in turn, after one round to warm up: what make
// preview runs, the engine without the preparation of that, and kubectl.
func (l *lab) previews(b *testing.B, rounds int) (previews, bares, diffs []time.Duration) {
	b.Helper()
	for range rounds + 1 {
		previews = append(previews, l.took(b, l.platformctl("preview", "--", noChanges)))
		bares = append(bares, l.took(b, l.bare(noChanges)))
		diffs = append(diffs, l.took(b, l.diff()))
	}
	return previews[1:], bares[1:], diffs[1:]
}

// bare is pulumi preview as the engine's session runs it.
func (l *lab) bare(args ...string) *exec.Cmd {
	return l.engine.Command(l.ctx, append([]string{"preview", "--parallel", "64", "--skip-plugin-pre-install"}, args...)...).Cmd
}

// remotely measures with a slow link before the clusters. The kubeconfigs
// change in place: under another path the engine would see a changed provider.
func (l *lab) remotely(b *testing.B, delay time.Duration, measure func()) {
	b.Helper()
	for _, one := range l.clusters() {
		path := one.Kubeconfig()
		original, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		through, err := redirect(path, delay)
		if err != nil {
			b.Fatal(err)
		}
		defer func() {
			if err := errors.Join(os.WriteFile(path, original, 0o600), through.close()); err != nil {
				b.Error(err)
			}
		}()
	}
	measure()
}

// redirect leads a kubeconfig of one cluster over a link. It ends at 127.0.0.1
// as the server does, which the server's certificate is for.
func redirect(path string, delay time.Duration) (*link, error) {
	content, err := clientcmd.LoadFromFile(path)
	if err != nil {
		return nil, err
	}
	server := content.Clusters[content.Contexts[content.CurrentContext].Cluster]
	through, err := newLink(server.Server, delay)
	if err != nil {
		return nil, err
	}
	server.Server = through.url()
	return through, clientcmd.WriteToFile(*content, path)
}
