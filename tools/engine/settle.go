package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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

// restate puts one state in the place of another, unless that has changed
// meanwhile, and keeps both in files, for whoever doubts the result.
func (s *Session) restate(ctx context.Context, before *state, after []byte) error {
	if !s.own { // else it is made already
		if err := s.owner.claim(s.home); err != nil {
			return err
		}
	}
	folder := filepath.Join(s.home, recoveredFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	stamp := time.Now().UTC().Format("20060102-150405.000")
	kept, written := filepath.Join(folder, stamp+"-before.json"), filepath.Join(folder, stamp+"-after.json")
	if err := os.WriteFile(kept, before.raw, 0o600); err != nil {
		return err
	}
	now, err := s.export(ctx)
	if err != nil {
		return err
	}
	if !bytes.Equal(now.raw, before.raw) {
		return fmt.Errorf("the state of stack %s has changed since it was read, so somebody works on it: nothing was written; wait for them, then run %s again",
			s.Stack, s.makeLine("recover"))
	}
	// By a pipe: values that are taken from Secrets are in clear until the import has
	// encrypted them.
	if err := s.importState(ctx, after); err != nil {
		return err
	}
	if now, err = s.export(ctx); err != nil {
		return err
	}
	if err := os.WriteFile(written, now.raw, 0o600); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "the state before is kept in %s\n", kept)
	return nil
}

func (s *Session) importState(ctx context.Context, text []byte) error {
	cmd := s.Command(ctx, "stack", "import")
	var said bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(text), &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("pulumi stack import (stack %s): %w\n%s", s.Stack, err, bytes.TrimSpace(said.Bytes()))
	}
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

// split takes what was found into the resources and keeps the operations that
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
			Type     string          `json:"type"`
			Resource json.RawMessage `json:"resource"`
		}
		if err := json.Unmarshal(raw, &operation); err != nil {
			return nil, nil, err
		}
		if operation.Type != "creating" {
			left = append(left, raw)
			continue
		}
		urn, err := urnOf(operation.Resource)
		if err != nil {
			return nil, nil, err
		}
		if id, ok := found[urn]; ok {
			created, err := with(operation.Resource, "id", id)
			if err != nil {
				return nil, nil, err
			}
			if resources, err = take(resources, urn, created); err != nil {
				return nil, nil, err
			}
		}
	}
	return resources, left, nil
}

// take adds a resource to those of a state, before what it replaces: what depends
// on the one stands behind it. That one is left to be deleted, unless it was
// before the replacement began.
func take(resources []json.RawMessage, urn string, created json.RawMessage) ([]json.RawMessage, error) {
	at := len(resources)
	for i, raw := range slices.Backward(resources) {
		var old struct {
			URN  string `json:"urn"`
			Gone bool   `json:"pendingReplacement"`
		}
		err := json.Unmarshal(raw, &old)
		switch {
		case err != nil:
			return nil, err
		case old.URN != urn:
			continue
		case old.Gone:
			resources = slices.Delete(resources, i, i+1)
		default:
			resources[i], err = with(raw, "delete", true)
		}
		if err != nil {
			return nil, err
		}
		at = i
	}
	return slices.Insert(resources, at, created), nil
}

func urnOf(resource json.RawMessage) (string, error) {
	var read struct {
		URN string `json:"urn"`
	}
	err := json.Unmarshal(resource, &read)
	return read.URN, err
}

// with is a resource with one field set.
func with(resource json.RawMessage, field string, value any) (json.RawMessage, error) {
	var fields map[string]json.RawMessage
	err := json.Unmarshal(resource, &fields)
	if err != nil {
		return nil, err
	}
	if fields[field], err = json.Marshal(value); err != nil {
		return nil, err
	}
	return json.Marshal(fields)
}
