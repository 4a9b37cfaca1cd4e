package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

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
	file, err := os.Open(l.path())
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var steps []apitype.StepEventMetadata
	for decoder := json.NewDecoder(file); ; {
		var event apitype.EngineEvent
		switch err := decoder.Decode(&event); {
		case errors.Is(err, io.EOF):
			return steps, nil
		case err != nil:
			return nil, fmt.Errorf("log of events: %w", err)
		}
		if event.ResourcePreEvent != nil {
			steps = append(steps, event.ResourcePreEvent.Metadata)
		}
	}
}
