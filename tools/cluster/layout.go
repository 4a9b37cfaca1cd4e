package cluster

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// layout is the folder of a cluster; its methods name what lies in it.
type layout string

func (l layout) in(name ...string) string {
	return filepath.Join(append([]string{string(l)}, name...)...)
}

func (l layout) kubeconfig() string        { return l.in("kubeconfig") }
func (l layout) state() string             { return l.in("cluster.json") }
func (l layout) hosts() string             { return l.in("hosts.json") }
func (l layout) records() string           { return l.in("processes.json") }
func (l layout) ports() string             { return l.in("ports.json") }
func (l layout) stages() string            { return l.in("stages.yaml") }
func (l layout) etcdData() string          { return l.in("etcd") }
func (l layout) daemonLog() string         { return l.in("logs", "cluster.log") }
func (l layout) log(name string) string    { return l.in("logs", name+".log") }
func (l layout) metricsKubeconfig() string { return l.in("metrics-server.kubeconfig") }
func (l layout) volumes() string           { return l.in("volumes") }
func (l layout) images() string            { return l.in("images") }
func (l layout) pki(name string) string    { return l.in("pki", name) }

// tryLock takes the folder for this process; the system frees it when the
// process dies.
func (l layout) tryLock() (*flock.Flock, error) {
	lock := flock.New(l.in("lock"))
	taken, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", lock.Path(), err)
	}
	if taken {
		return lock, nil
	}
	state, err := Status(string(l))
	if err != nil {
		return nil, err
	}
	if state.PID != 0 {
		return nil, fmt.Errorf("%s is in use by process %d; end that cluster first", l, state.PID)
	}
	// Its process has ended, but for the files that the system closes last.
	ctx, cancel := context.WithTimeout(context.Background(), lockPatience)
	defer cancel()
	if taken, err = lock.TryLockContext(ctx, 10*time.Millisecond); taken {
		return lock, nil
	}
	return nil, fmt.Errorf("%s is in use by another process, which is starting a cluster or ending one (%w); run it again", l, err)
}

// lockPatience is how long the system may take to free the lock of a process
// that was killed.
const lockPatience = 2 * time.Second

// replaceFile writes a file whole or not at all.
func replaceFile(path string, text []byte) error {
	half := path + ".new"
	if err := os.WriteFile(half, text, 0o600); err != nil {
		return err
	}
	return os.Rename(half, path)
}
