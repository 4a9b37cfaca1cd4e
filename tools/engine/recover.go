package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// kubernetesTypes starts the type of every object.
const kubernetesTypes = "kubernetes:"

// Recover brings state and cluster together after a run that was killed: the
// lock is taken off, what the run had begun to create is taken into the state
// if it reached the cluster and forgotten if it did not, and what the run had
// made without recording anything is taken in as well. The next up then
// neither meets objects that exist already nor makes one twice. Only what says
// that it is this stack's is taken, see [config.Owner].
//
// pulumi refresh has flags for this, --import-pending-creates and
// --clear-pending-creates; in 3.259 the first one drops what it should import.
//
// Further arguments go to pulumi cancel and pulumi refresh, such as --yes for
// a shared stack where there is no terminal to ask at.
func (s *Session) Recover(ctx context.Context, args ...string) error {
	if err := s.mend(); err != nil {
		return err
	}
	if err := s.unlock(ctx, args...); err != nil {
		return err
	}
	state, err := s.export(ctx)
	if err != nil {
		return err
	}
	if begun, stuck := state.creating(), state.stuck(); len(begun)+stuck > 0 {
		found, err := s.locate(ctx, begun)
		if err != nil {
			return err
		}
		if len(begun) > 0 {
			fmt.Fprintf(s.out, "%d creations were begun: %d reached the cluster and are taken into the state, %d did not and are forgotten\n",
				len(begun), len(found), len(begun)-len(found))
		}
		if stuck > 0 {
			fmt.Fprintf(s.out, "the state still has replaced resources that are gone (%d): they are removed from it\n", stuck)
		}
		if err := s.agree(args); err != nil {
			return err
		}
		if err := s.settle(ctx, state, found); err != nil {
			return err
		}
	}
	if err := s.awaitDeletions(ctx, state); err != nil {
		return err
	}
	if err := s.adopt(ctx, args); err != nil {
		return err
	}
	return s.Refresh(ctx, args...)
}

// unlock takes off the lock of a run that is gone. Where the user's colleagues
// share the backend the run may still be theirs, so pulumi asks first.
func (s *Session) unlock(ctx context.Context, args ...string) error {
	cancel := []string{"cancel"}
	if s.own {
		cancel = append(cancel, "--yes")
	}
	return s.Pulumi(ctx, append(cancel, args...)...)
}

// locks are the files by which runs of the CLI lock a state of this project's own.
func (s *Session) locks() ([]string, error) {
	return filepath.Glob(filepath.Join(s.home, stateFolder, ".pulumi", "locks", "*", "*", s.Stack, "*"))
}

// release removes the lock of one run of the CLI, which is gone and had not
// begun to do anything.
func (s *Session) release(pid int) error {
	locks, err := s.locks()
	if err != nil {
		return err
	}
	host, err := os.Hostname()
	if err != nil {
		return err
	}
	for _, path := range locks {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var lock struct {
			PID      int    `json:"pid"`
			Hostname string `json:"hostname"`
		}
		if json.Unmarshal(text, &lock) != nil || lock.PID != pid || lock.Hostname != host {
			continue // recover asks pulumi to remove it
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

// locate looks each creation up in the cluster. An object that somebody else
// made under the same name is no fruit of the run, and is not taken over.
//
// The result has an ID for each URN that was found: NAMESPACE/NAME, or NAME
// where the kind has no namespaces.
func (s *Session) locate(ctx context.Context, begun []stateResource) (map[string]string, error) {
	cluster, err := s.connect()
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	var others []*unstructured.Unstructured
	for _, resource := range begun {
		wanted := wanted(resource)
		if !strings.HasPrefix(resource.Type, kubernetesTypes) || wanted.GetKind() == "" || wanted.GetName() == "" {
			continue // made by another provider, or given no name yet
		}
		live, err := cluster.get(ctx, wanted)
		switch {
		case apierrors.IsNotFound(err):
		case err != nil:
			return nil, fmt.Errorf("look up %s %s: %w", wanted.GetKind(), wanted.GetName(), err)
		case !s.owns(live):
			others = append(others, live)
		default:
			found[resource.URN] = identifier(live)
		}
	}
	return found, s.foreign(others)
}

func identifier(live *unstructured.Unstructured) string {
	if live.GetNamespace() == "" {
		return live.GetName()
	}
	return live.GetNamespace() + "/" + live.GetName()
}
