package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// settle writes a state in which the found creations are resources and none is
// pending.
func (s *Session) settle(ctx context.Context, before *state, found map[string]string) error {
	after, err := before.settled(found)
	if err != nil {
		return fmt.Errorf("state of stack %s: %w", s.Stack, err)
	}
	return s.restate(ctx, before, after)
}

// restate puts one state in the place of another and keeps both in files, for
// whoever doubts the result.
func (s *Session) restate(ctx context.Context, before *state, after []byte) error {
	folder := filepath.Join(s.home, "recovered")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	stamp := time.Now().UTC().Format("20060102-150405.000")
	kept, written := filepath.Join(folder, stamp+"-before.json"), filepath.Join(folder, stamp+"-after.json")
	if err := errors.Join(os.WriteFile(kept, before.raw, 0o600), os.WriteFile(written, after, 0o600)); err != nil {
		return err
	}
	if _, err := s.output(ctx, "stack", "import", "--stack", s.Stack, "--file", written); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "the state before is kept in %s\n", kept)
	return nil
}

// settled turns pending creations into resources where they were found, and
// forgets the others. A resource keeps all that the engine knew of it when it
// began: inputs, parent, provider, protection.
func (s *state) settled(found map[string]string) ([]byte, error) {
	file, deployment, err := s.parts()
	if err != nil {
		return nil, err
	}
	resources, left, err := split(deployment, found)
	if err != nil {
		return nil, err
	}
	for key, value := range map[string]any{"resources": resources, "pending_operations": left} {
		if deployment[key], err = json.Marshal(value); err != nil {
			return nil, err
		}
	}
	if file["deployment"], err = json.Marshal(deployment); err != nil {
		return nil, err
	}
	return json.Marshal(file)
}

// parts are the file of a state and the deployment in it, not read further.
func (s *state) parts() (file, deployment map[string]json.RawMessage, err error) {
	if err := json.Unmarshal(s.raw, &file); err != nil {
		return nil, nil, err
	}
	return file, deployment, json.Unmarshal(file["deployment"], &deployment)
}

// split appends what was found to the resources and keeps the operations that
// are no creations: a refresh ends those.
func split(deployment map[string]json.RawMessage, found map[string]string) (resources, left []json.RawMessage, err error) {
	if err := json.Unmarshal(deployment["resources"], &resources); err != nil {
		return nil, nil, err
	}
	var operations []json.RawMessage
	if err := json.Unmarshal(deployment["pending_operations"], &operations); err != nil {
		return nil, nil, err
	}
	for _, raw := range operations {
		var operation struct {
			Type     string                     `json:"type"`
			Resource map[string]json.RawMessage `json:"resource"`
		}
		if err := json.Unmarshal(raw, &operation); err != nil {
			return nil, nil, err
		}
		if operation.Type != "creating" {
			left = append(left, raw)
			continue
		}
		var urn string
		if err := json.Unmarshal(operation.Resource["urn"], &urn); err != nil {
			return nil, nil, err
		}
		if id, ok := found[urn]; ok {
			operation.Resource["id"], _ = json.Marshal(id) // a string always marshals
			resource, err := json.Marshal(operation.Resource)
			if err != nil {
				return nil, nil, err
			}
			resources = append(resources, resource)
		}
	}
	return resources, left, nil
}
