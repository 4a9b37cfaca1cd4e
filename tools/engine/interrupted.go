package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const (
	// rereadTimeout bounds how long it may take to read what was being changed, and
	// until what was asked to go is gone.
	rereadTimeout = 2 * time.Minute
	// leavingInterval is how often it is looked whether that is gone.
	leavingInterval = 500 * time.Millisecond
)

// errStateBehind means that the next preview would not see what runs.
var errStateBehind = errors.New("the state lacks what the interrupted run has changed")

// reread takes into the state what an interrupted run was changing. Of an update
// or a deletion that ends early the provider tells the engine that it was
// cancelled and no more, so the state keeps the object as it was before; the next
// preview would call it unchanged, whatever runs. A creation may have reached the
// cluster although nobody waited for the answer, and what a deletion leaves to
// the cluster, such as a Secret, is in no state.
//
// It goes on when the context has ended, which is why it is called. Another
// interrupt ends it.
func (s *Session) reread(ctx context.Context, events *eventLog) error {
	left, err := events.unfinished()
	if err != nil || len(left.changed)+len(left.lost) == 0 {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rereadTimeout)
	defer cancel()
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	recorded, err := s.export(ctx)
	if err != nil {
		return fmt.Errorf("%w (stack %s): %w; %s reads it, before anything else is deployed", errStateBehind, s.Stack, err, s.makeLine("recover"))
	}
	if n := len(recorded.Deployment.Pending); n > 0 {
		return fmt.Errorf("pulumi ended without a record of %d operations that were under way; %s finds out what became of them", n, s.makeLine("recover"))
	}
	fmt.Fprintf(s.out, "The run was interrupted: reading again what it was changing (%d)\n", len(left.changed)+len(left.lost))
	if err := s.catchUp(ctx, recorded, left); err != nil {
		return fmt.Errorf("%w (stack %s): %w; %s reads it, before anything else is deployed", errStateBehind, s.Stack, err, s.makeLine("recover"))
	}
	return nil
}

// catchUp is the work of reread.
func (s *Session) catchUp(ctx context.Context, recorded *state, left unfinished) error {
	if err := s.awaitDeletions(ctx, recorded); err != nil {
		return err
	}
	stray, err := s.stray(ctx, recorded, left.lost)
	if err != nil {
		return err
	}
	args := []string{"refresh", "--parallel", parallel, "--skip-plugin-pre-install", "--yes", "--skip-preview"}
	switch {
	case stray && !s.own: // into which nothing is written unasked
		return errors.New("objects that the run made are in the cluster and in no state")
	case stray:
		if err := s.adopt(ctx, nil); err != nil {
			return err
		}
	case len(left.changed) == 0:
		return nil
	default:
		for _, urn := range left.changed {
			args = append(args, "--target", urn)
		}
	}
	if out, err := s.Command(ctx, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(out))
	}
	return nil
}

// stray reports whether one of some objects is in the cluster and in no state.
func (s *Session) stray(ctx context.Context, recorded *state, objects []stateResource) (bool, error) {
	cluster, err := s.connect()
	if err != nil {
		return false, err
	}
	known := recorded.ids()
	for _, resource := range objects {
		live, err := cluster.get(ctx, wanted(resource))
		switch {
		case apierrors.IsNotFound(err) || meta.IsNoMatchError(err):
		case err != nil:
			return false, err
		case !known[recordedAs(resource.Type, identifier(live))]:
			return true, nil
		}
	}
	return false, nil
}

// awaitDeletions waits until no object of the state is being deleted. Until it is
// gone it reads as one that is there, and nothing would make it again.
func (s *Session) awaitDeletions(ctx context.Context, recorded *state) error {
	cluster, err := s.connect()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, rereadTimeout)
	defer cancel()
	for leaving := recorded.objects(); ; {
		if leaving, err = s.newSurvey(cluster).leaving(ctx, leaving); err != nil || len(leaving) == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			var names []string
			for _, resource := range leaving {
				names = append(names, wanted(resource).GetKind()+" "+resource.ID)
			}
			return fmt.Errorf("%s: being deleted, and not gone yet: %w", strings.Join(names, ", "), ctx.Err())
		case <-time.After(leavingInterval):
		}
	}
}

// leaving are those of some recorded objects that are being deleted.
func (s *survey) leaving(ctx context.Context, recorded []stateResource) ([]stateResource, error) {
	var leaving []stateResource
	for _, resource := range recorded {
		live, err := s.list(ctx, wanted(resource))
		if meta.IsNoMatchError(err) {
			continue // with the kind went its objects
		}
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(live, func(one unstructured.Unstructured) bool {
			return identifier(&one) == resource.ID && one.GetDeletionTimestamp() != nil
		}) {
			leaving = append(leaving, resource)
		}
	}
	return leaving, nil
}
