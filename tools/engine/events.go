package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
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

// unfinished are the URNs of resources whose update began and did not end well,
// in the engine's order.
func (l *eventLog) unfinished() ([]string, error) {
	var begun []string
	err := l.each(func(event apitype.EngineEvent) {
		switch {
		case event.ResourcePreEvent != nil && !event.ResourcePreEvent.Planning && event.ResourcePreEvent.Metadata.Op == apitype.OpUpdate:
			begun = append(begun, event.ResourcePreEvent.Metadata.URN)
		case event.ResOutputsEvent != nil && !event.ResOutputsEvent.Planning:
			begun = slices.DeleteFunc(begun, func(urn string) bool { return urn == event.ResOutputsEvent.Metadata.URN })
		}
	})
	if errors.Is(err, io.ErrUnexpectedEOF) { // the engine was killed while it wrote
		err = nil
	}
	return begun, err
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
