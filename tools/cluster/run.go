package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
)

// noticeVariable tells a process that [Spawn] left behind on which descriptor
// to say that it is ready.
const noticeVariable = "PLATFORM_CLUSTER_NOTICE"

// ready is what it says there; silence and the descriptor's end mean failure.
const ready = "ready\n"

// Run brings a cluster up and keeps it until an interrupt, SIGTERM or the end
// of one of its processes, which is an error. A second interrupt does not wait
// for the orderly end.
func Run(ctx context.Context, opts Options) error {
	notice := openNotice()
	defer notice.Close() // harmless on nil
	ctx, release := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer release()
	c, err := Start(ctx, opts)
	if err != nil {
		return err
	}
	if notice != nil {
		_, err = notice.WriteString(ready)
		err = errors.Join(err, notice.Close())
	}
	if err == nil {
		select {
		case <-ctx.Done():
		case <-c.Done():
			err = fmt.Errorf("cluster %q: %w", opts.Name, c.Err())
		}
	}
	release()
	return errors.Join(err, c.Stop())
}

// openNotice takes the descriptor over; nil if nobody waits. The cluster's
// processes must not inherit it: it would stay open with them.
func openNotice() *os.File {
	descriptor, err := strconv.Atoi(os.Getenv(noticeVariable))
	if err != nil {
		return nil
	}
	_ = os.Unsetenv(noticeVariable) // fails on malformed names only
	syscall.CloseOnExec(descriptor)
	return os.NewFile(uintptr(descriptor), "notice")
}
