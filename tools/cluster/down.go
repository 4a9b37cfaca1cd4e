package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// downPatience is what a cluster gets to end in order.
const downPatience = 20 * time.Second

// Down ends the cluster of a folder, whoever runs it, waits for its end and
// keeps its data. Where nothing runs, it only ends what a crash left behind.
func Down(ctx context.Context, dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("end cluster: %w", err)
	}
	at := layout(dir)
	if _, err := os.Stat(at.state()); os.IsNotExist(err) {
		return nil
	}
	if err := down(ctx, at); err != nil {
		return fmt.Errorf("end cluster in %s: %w", dir, err)
	}
	return nil
}

func down(ctx context.Context, at layout) error {
	file, err := readState(at)
	if err != nil {
		return err
	}
	if file.Runner.PID == os.Getpid() && file.Runner.alive() {
		return errors.New("this very process runs it; call Stop")
	}
	patience := downPatience
	if end, ok := ctx.Deadline(); ok {
		patience = min(patience, time.Until(end))
	}
	if err := file.Runner.end(patience); err != nil {
		return err
	}
	lock, err := at.tryLock()
	if err != nil {
		return err
	}
	defer func() { _ = lock.Unlock() }() // closing the process frees it too
	return errors.Join(sweep(at), removeCgroup(at.group()))
}

// Remove ends the cluster of a folder and deletes the folder with all data. A
// folder that never held a cluster is refused.
func Remove(ctx context.Context, dir string) error {
	if _, err := os.Stat(dir); os.IsNotExist(err) {
		return nil
	}
	if _, err := os.Stat(layout(dir).state()); err != nil {
		return fmt.Errorf("remove cluster: %s does not look like one: %w", dir, err)
	}
	if err := Down(ctx, dir); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("remove cluster: %w", err)
	}
	return nil
}
