package review

import (
	"bytes"
	"encoding/json"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// leanEvent is an event of the log whose outputs are not read before they are
// needed: they are most of a log, and of what stays the same nobody asks for
// them.
type leanEvent struct {
	apitype.EngineEvent

	ResourcePreEvent *leanResource `json:"resourcePreEvent,omitempty"`
	ResOutputsEvent  *leanResource `json:"resOutputsEvent,omitempty"`
}

type leanResource struct {
	Metadata leanStep `json:"metadata"`
}

type leanStep struct {
	apitype.StepEventMetadata

	Old *leanState `json:"old"`
	New *leanState `json:"new"`
}

type leanState struct {
	apitype.StepEventStateMetadata

	Outputs json.RawMessage `json:"outputs"`
}

// whole is the step as the engine wrote it, but for outputs that nobody needs.
func (s leanStep) whole() (apitype.StepEventMetadata, error) {
	step := s.StepEventMetadata
	var err error
	if step.Old, err = s.Old.whole(step.Op != apitype.OpSame); err != nil {
		return step, err
	}
	step.New, err = s.New.whole(step.Op != apitype.OpSame)
	return step, err
}

func (s *leanState) whole(outputs bool) (*apitype.StepEventStateMetadata, error) {
	if s == nil {
		return nil, nil
	}
	state := s.StepEventStateMetadata
	if outputs && len(s.Outputs) > 0 {
		if err := json.Unmarshal(s.Outputs, &state.Outputs); err != nil {
			return nil, err
		}
	}
	return &state, nil
}

// begins is how many bytes of a line tell what event it is.
const begins = 100

// idle reports whether a line is an event that no section has anything of: what
// the engine did is as it planned, where the cluster was not asked, and of
// rules that were kept the first line tells enough.
func idle(line []byte, view View) bool {
	head := line[:min(len(line), begins)]
	return view != ViewDrift && bytes.Contains(head, []byte(`,"resOutputsEvent":{`)) || bytes.Contains(head, []byte(`,"policyRemediateSummaryEvent":{`))
}
