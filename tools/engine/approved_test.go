package engine

import (
	"testing"

	"github.com/stretchr/testify/require"

	"platform/tools/review"
)

func TestOnlyWhatWasApproved(t *testing.T) {
	update := []review.Change{{Op: review.OpUpdate, URN: "urn:a", Kind: "Deployment", Object: "core/web"}}
	s := &Session{Stack: "prod", last: planned{changes: update}}
	require.NoError(t, s.asApproved(), "nobody has approved a plan")
	s.approved = &review.Section{Changes: update}
	require.NoError(t, s.asApproved())
	s.approved = &review.Section{}
	err := s.asApproved()
	for _, want := range []string{"stack prod", "nothing was done", "new: update Deployment core/web", "a new run of the workflow"} {
		require.ErrorContains(t, err, want)
	}
}
