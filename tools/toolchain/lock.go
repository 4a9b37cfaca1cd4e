package toolchain

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// lockRetry is how often a waiting process looks at the lock.
const lockRetry = 200 * time.Millisecond

// Lock keeps every other process that locks the same file waiting until unlock
// is called. The system frees it when the process dies. Whoever has to wait is
// reported first.
func Lock(ctx context.Context, path string, waiting func()) (unlock func(), err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	lock := flock.New(path)
	taken, err := lock.TryLock()
	if err == nil && !taken {
		waiting()
		_, err = lock.TryLockContext(ctx, lockRetry)
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return func() { _ = lock.Unlock() }, nil // closing the process frees it too
}

// lock keeps every other process from building. One lock serves all tools: two
// big builds at once need more memory than a laptop has.
func (w *workshop) lock(ctx context.Context) (unlock func(), err error) {
	if err := os.MkdirAll(w.store(), 0o755); err != nil {
		return nil, fmt.Errorf("toolchain: cache: %w; set PLATFORM_CACHE to a folder that can be written", err)
	}
	path := filepath.Join(w.store(), "build.lock")
	unlock, err = Lock(ctx, path, func() {
		w.say("toolchain: another process is building; waiting for it to end (lock %s)", path)
	})
	if err != nil {
		return nil, fmt.Errorf("toolchain: %w", err)
	}
	return unlock, nil
}
