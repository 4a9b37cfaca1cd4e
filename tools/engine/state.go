package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// state is a stack's exported state. What this package does not read stays as
// it is in raw, and secrets stay encrypted.
type state struct {
	Deployment struct {
		Resources []stateResource `json:"resources"`
		Pending   []pending       `json:"pending_operations"`
	} `json:"deployment"`

	raw []byte
}

type stateResource struct {
	URN     string         `json:"urn"`
	Type    string         `json:"type"`
	ID      string         `json:"id"`
	Protect bool           `json:"protect"`
	Inputs  map[string]any `json:"inputs"`

	Delete       bool     `json:"delete"`             // replaced, and still to be deleted
	Gone         bool     `json:"pendingReplacement"` // deleted, and to be made again
	Dependencies []string `json:"dependencies"`       // URNs
}

// pending is an operation that the engine began and did not record the end of.
type pending struct {
	Resource stateResource `json:"resource"`
	Type     string        `json:"type"` // creating, updating, deleting, reading, importing
}

// export reads the state of the stack.
func (s *Session) export(ctx context.Context) (*state, error) {
	text, err := s.output(ctx, "stack", "export", "--stack", s.Stack)
	if err != nil {
		return nil, err
	}
	read := &state{raw: text}
	if err := json.Unmarshal(text, read); err != nil {
		return nil, fmt.Errorf("state of stack %s: %w", s.Stack, err)
	}
	return read, nil
}

// empty reports whether the state has no resource. A state of this project's own
// is read where it lies: asking pulumi takes a third of a second.
func (s *Session) empty(ctx context.Context) (bool, error) {
	if !s.own {
		recorded, err := s.export(ctx)
		return err == nil && len(recorded.Deployment.Resources) == 0, err
	}
	text, err := os.ReadFile(s.checkpoint())
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	var file struct {
		Checkpoint struct {
			Latest struct {
				Resources []json.RawMessage `json:"resources"`
			} `json:"latest"`
		} `json:"checkpoint"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return false, fmt.Errorf("state of stack %s: %w; %s takes the newest copy that is whole", s.Stack, err, s.makeLine("recover"))
	}
	return len(file.Checkpoint.Latest.Resources) == 0, nil
}

// stuck counts the resources that are both gone and to be deleted, see
// [deploymentParts.take]. An earlier version of recover has left such.
func (s *state) stuck() int {
	n := 0
	for _, resource := range s.Deployment.Resources {
		if resource.Delete && resource.Gone {
			n++
		}
	}
	return n
}

// protected lists the resources that the engine refuses to delete.
func (s *state) protected() []string {
	var urns []string
	for _, resource := range s.Deployment.Resources {
		if resource.Protect {
			urns = append(urns, resource.URN)
		}
	}
	return urns
}

// creating lists the resources whose creation was begun and not recorded.
func (s *state) creating() []stateResource {
	var resources []stateResource
	for _, operation := range s.Deployment.Pending {
		if operation.Type == "creating" {
			resources = append(resources, operation.Resource)
		}
	}
	return resources
}
