package engine

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/tools/review"
)

// planned is what a preview would do.
type planned struct {
	steps   []apitype.StepEventMetadata
	changes []review.Change // the same, with the values that change and without secrets
}

// read takes the plan from the log of a preview that succeeded.
func (s *Session) read(events *eventLog) (planned, error) {
	steps, err := events.steps()
	if err != nil || len(steps) == 0 {
		return planned{}, err
	}
	file, err := os.Open(events.path())
	if err != nil {
		return planned{}, fmt.Errorf("log of events: %w", err)
	}
	defer file.Close()
	section, err := review.New(review.Plan{Stack: s.Stack, View: review.ViewCluster, Time: time.Now(), Events: file, Config: s.Config})
	return planned{steps, section.Changes}, err
}

// asApproved is an error unless the last preview is what was approved, where
// somebody has approved a plan.
func (s *Session) asApproved() error {
	if s.approved == nil {
		return nil
	}
	return s.unlike(s.approved.Changes, "have a new plan made and approve that (in CI: a new run of the workflow)")
}

// unlike is an error that names every step in which the last preview differs
// from what was checked.
func (s *Session) unlike(checked []review.Change, remedy string) error {
	differences := review.Unlike(checked, s.last.changes)
	if len(differences) == 0 {
		return nil
	}
	return fmt.Errorf("stack %s: what would be done now is not what was checked, so nothing was done:\n  %s\n%s",
		s.Stack, strings.Join(differences, "\n  "), remedy)
}
