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
// forgets the others, and what is stuck. A resource keeps all that the engine knew of it when it
// began: inputs, parent, provider, protection.
func (s *state) settled(found map[string]string) ([]byte, error) {
	return s.rewritten(func(deployment *deploymentParts) error {
		deployment.resources = slices.DeleteFunc(deployment.resources, func(old map[string]any) bool {
			return old["delete"] == true && old["pendingReplacement"] == true
		})
		var left []map[string]any
		for _, operation := range deployment.operations {
			if operation["type"] != "creating" {
				left = append(left, operation) // a refresh ends those
				continue
			}
			created, _ := operation["resource"].(map[string]any)
			if id, ok := found[urnOf(created)]; ok {
				created["id"] = id
				deployment.take(created)
			}
		}
		deployment.operations = left
		return nil
	})
}

// deploymentParts are the parts of a state that a recovery changes, each entry
// as the file has it.
type deploymentParts struct{ resources, operations []map[string]any }

// parts are the file of a state and the deployment in it, not read further.
func (s *state) parts() (file, deployment map[string]json.RawMessage, err error) {
	if err := json.Unmarshal(s.raw, &file); err != nil {
		return nil, nil, err
	}
	return file, deployment, json.Unmarshal(file["deployment"], &deployment)
}

// rewritten is the text of the state with its resources and operations changed.
func (s *state) rewritten(change func(*deploymentParts) error) ([]byte, error) {
	file, deployment, err := s.parts()
	if err != nil {
		return nil, err
	}
	var parts deploymentParts
	lists := map[string]*[]map[string]any{"resources": &parts.resources, "pending_operations": &parts.operations}
	for key, list := range lists {
		if err := decodeExactly(deployment[key], list); err != nil {
			return nil, err
		}
	}
	if err := change(&parts); err != nil {
		return nil, err
	}
	for key, list := range lists {
		if _, had := deployment[key]; !had && *list == nil {
			continue
		}
		if deployment[key], err = json.Marshal(*list); err != nil {
			return nil, err
		}
	}
	if file["deployment"], err = json.Marshal(deployment); err != nil {
		return nil, err
	}
	return json.Marshal(file)
}

// decodeExactly decodes JSON and keeps numbers as they are written. Nothing
// leaves the value as it is.
func decodeExactly(text json.RawMessage, to any) error {
	if len(text) == 0 {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return decoder.Decode(to)
}

// take adds a resource that is in the cluster to those of the state, and returns
// where. It comes before what it replaces, since what depends on the one stands
// behind the other. The replaced one is left to be deleted, unless it is gone
// already: the engine would never remove one that is both gone and to be deleted,
// and a later destroy would write a state that refers to nothing.
func (d *deploymentParts) take(created map[string]any) int {
	at := len(d.resources)
	for i, old := range slices.Backward(d.resources) {
		if urnOf(old) != urnOf(created) {
			continue
		}
		if old["pendingReplacement"] == true {
			d.resources = slices.Delete(d.resources, i, i+1)
		} else {
			old["delete"] = true
		}
		at = i
	}
	d.resources = slices.Insert(d.resources, at, created)
	return at
}

func urnOf(resource map[string]any) string {
	urn, _ := resource["urn"].(string)
	return urn
}
