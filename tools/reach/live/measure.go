package live

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	workers  = 128                     // connections at a time
	patience = time.Second             // of a connection
	again    = 2                       // times that what differs is tried once more
	pause    = 1500 * time.Millisecond // before: a policy takes a moment to be in force
)

// Dialer opens one connection and closes it again.
type Dialer interface {
	Dial(ctx context.Context, from Place, to string) error
}

// Measure makes all attempts of the cells, and those of cells that differ once
// more. The progress is called after each attempt, from one goroutine at a
// time. An attempt that this machine cannot even make is an error.
func Measure(ctx context.Context, cells []Cell, dialer Dialer, progress func(done, of int)) error {
	all := attempts(cells, func(Cell) bool { return true })
	if err := dialAll(ctx, all, dialer, patience, progress); err != nil {
		return err
	}
	for i := range again {
		unlike := attempts(cells, func(c Cell) bool { return !c.Agrees() })
		if len(unlike) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
		if err := dialAll(ctx, unlike, dialer, patience*time.Duration(i+2), nil); err != nil {
			return err
		}
	}
	return nil
}

// attempts are those of some cells.
func attempts(cells []Cell, of func(Cell) bool) []*Attempt {
	var all []*Attempt
	for i := range cells {
		if of(cells[i]) {
			for j := range cells[i].Attempts {
				all = append(all, &cells[i].Attempts[j])
			}
		}
	}
	return all
}

func dialAll(ctx context.Context, all []*Attempt, dialer Dialer, patience time.Duration, progress func(done, of int)) error {
	work, dialing := errgroup.WithContext(ctx)
	work.SetLimit(workers)
	made := make(chan struct{})
	counted := make(chan struct{})
	go func() {
		defer close(counted)
		done := 0
		for range made {
			if done++; progress != nil {
				progress(done, len(all))
			}
		}
	}()
	for _, one := range all {
		if dialing.Err() != nil {
			break
		}
		work.Go(func() error {
			within, cancel := context.WithTimeout(dialing, patience)
			defer cancel()
			outcome, err := classify(dialer.Dial(within, one.From, one.To.String()))
			if dialing.Err() != nil {
				return dialing.Err()
			}
			if err != nil {
				return fmt.Errorf("connection from %s to %s: %w", one.From.Name, one.To, err)
			}
			one.Outcome = outcome
			made <- struct{}{}
			return nil
		})
	}
	err := work.Wait()
	close(made)
	<-counted
	return err
}

// classify tells what became of a connection by its error.
func classify(err error) (Outcome, error) {
	var timeout net.Error
	switch {
	case err == nil:
		return Open, nil
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ECONNRESET):
		return Refused, nil
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EPERM), errors.Is(err, syscall.EACCES):
		return Unreachable, nil
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return Left, nil
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return Timeout, nil
	}
	return "", err
}
