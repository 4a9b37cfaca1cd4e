package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
)

// eventLog is where the engine writes what it does while it shows it, as JSON.
// Values of secrets are masked in it. It lives as long as the command.
type eventLog struct {
	folder string
}

func newEventLog() (*eventLog, error) {
	folder, err := os.MkdirTemp("", "platform-events-")
	if err != nil {
		return nil, fmt.Errorf("log of events: %w", err)
	}
	return &eventLog{folder}, nil
}

func (l *eventLog) path() string { return filepath.Join(l.folder, "events.json") }

func (l *eventLog) remove() { _ = os.RemoveAll(l.folder) } // the system's own clean-up takes what stays

// steps are what the engine planned or did, a resource each, in its order. A
// command that failed before it planned anything has none.
func (l *eventLog) steps() ([]apitype.StepEventMetadata, error) {
	var steps []apitype.StepEventMetadata
	err := l.each(func(event apitype.EngineEvent) {
		if event.ResourcePreEvent != nil {
			steps = append(steps, event.ResourcePreEvent.Metadata)
		}
	})
	return steps, err
}

// errors are what the engine reports as wrong, a line or more each; empty where
// there is no log.
func (l *eventLog) errors() string {
	var said strings.Builder
	_ = l.each(func(event apitype.EngineEvent) { // what was read until the engine ended
		if d := event.DiagnosticEvent; d != nil && d.Severity == "error" {
			fmt.Fprintln(&said, d.Message)
		}
	})
	return said.String()
}

// echo matches a line of an error that follows from another one, or from an
// interrupt, when what else was under way was told to end, and a heading of errors.
var echo = regexp.MustCompile(`^(?:failed to run policy: .*context canceled|(?:update|preview|destroy|refresh) failed` +
	`|an unhandled error occurred: program failed:|\d+ errors? occurred:)\s*$`)

// cause is the first line of an error that is no [echo]; empty where there is none.
func (l *eventLog) cause() string {
	for line := range strings.Lines(colors.Never.Colorize(l.errors())) {
		line, _ = strings.CutPrefix(strings.TrimSpace(line), "error: ")
		line, _ = strings.CutPrefix(line, "* ") // of a list
		if line != "" && !echo.MatchString(line) {
			return line
		}
	}
	return ""
}

// unfinished is what an interrupted run was doing.
type unfinished struct {
	changed []string        // URNs of what an update or a deletion had begun for, in the engine's order
	lost    []stateResource // objects that may be in the cluster and in no state
}

// unfinished finds what began and did not end well, and what the state has given
// up without deleting it.
func (l *eventLog) unfinished() (unfinished, error) {
	begun, retained := []apitype.StepEventMetadata(nil), []apitype.StepEventMetadata(nil)
	err := l.each(func(event apitype.EngineEvent) {
		switch {
		case event.ResourcePreEvent != nil && !event.ResourcePreEvent.Planning:
			begun = append(begun, event.ResourcePreEvent.Metadata)
		case event.ResOutputsEvent != nil && !event.ResOutputsEvent.Planning:
			ended := event.ResOutputsEvent.Metadata
			begun = slices.DeleteFunc(begun, func(step apitype.StepEventMetadata) bool { return step.URN == ended.URN && step.Op == ended.Op })
			if ended.Op == apitype.OpDelete && ended.Old != nil && ended.Old.RetainOnDelete {
				retained = append(retained, ended)
			}
		}
	})
	if errors.Is(err, io.ErrUnexpectedEOF) { // the engine was killed while it wrote
		err = nil
	}
	var left unfinished
	for _, step := range begun {
		if slices.Contains([]apitype.OpType{apitype.OpUpdate, apitype.OpDelete, apitype.OpDeleteReplaced}, step.Op) {
			left.changed = append(left.changed, step.URN)
		}
		if slices.Contains([]apitype.OpType{apitype.OpCreate, apitype.OpCreateReplacement}, step.Op) {
			left.lost = appendObject(left.lost, step.New)
		}
	}
	for _, step := range retained {
		left.lost = appendObject(left.lost, step.Old)
	}
	return left, err
}

// appendObject appends what a step is about, if that is an object of the cluster
// which has a name.
func appendObject(to []stateResource, step *apitype.StepEventStateMetadata) []stateResource {
	if step == nil || !strings.HasPrefix(step.Type, kubernetesTypes) {
		return to
	}
	resource := stateResource{URN: step.URN, Type: step.Type, Inputs: step.Inputs}
	if wanted(resource).GetName() == "" {
		return to
	}
	return append(to, resource)
}

// phase is that of the CLI that writes the log. After a preview, and while the
// CLI asks whether to go on, it is running: there is no state to write.
func (l *eventLog) phase() phase {
	now := starting
	_ = l.each(func(event apitype.EngineEvent) { // up to one that is half written
		switch {
		case event.SummaryEvent != nil && !event.SummaryEvent.IsPreview:
			now = finishing
		case now == starting:
			now = running
		}
	})
	return now
}

// interrupted reports whether the CLI was interrupted by a key that it read from
// the terminal itself, of which nobody else knows.
func (l *eventLog) interrupted() bool {
	found := false
	_ = l.each(func(event apitype.EngineEvent) {
		found = found || event.StdoutEvent != nil && strings.Contains(event.StdoutEvent.Message, "received; cancelling")
	})
	return found
}

// each hands over every event.
func (l *eventLog) each(see func(apitype.EngineEvent)) error {
	file, err := os.Open(l.path())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	for decoder := json.NewDecoder(file); ; {
		var event apitype.EngineEvent
		switch err := decoder.Decode(&event); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("log of events: %w", err)
		}
		see(event)
	}
}
