//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// recordedState is what the tests read of the file of the stack's state.
type recordedState struct {
	Checkpoint struct {
		Latest struct {
			Pending []struct {
				Type     string `json:"type"`
				Resource struct {
					URN string `json:"urn"`
				} `json:"resource"`
			} `json:"pending_operations"`
			Resources []struct {
				URN    string `json:"urn"`
				Delete bool   `json:"delete"`
				Gone   bool   `json:"pendingReplacement"`
			} `json:"resources"`
		} `json:"latest"`
	} `json:"checkpoint"`
}

func (c *checkout) state() (state recordedState, err error) {
	text, err := os.ReadFile(c.checkpoint())
	if err != nil {
		return state, err
	}
	return state, json.Unmarshal(text, &state)
}

// pendingOperations are those that the state has no end of, and the locks.
func (c *checkout) pendingOperations() ([]string, error) {
	state, err := c.state()
	if err != nil {
		return nil, err
	}
	var pending []string
	for _, one := range state.Checkpoint.Latest.Pending {
		pending = append(pending, one.Type+" "+one.Resource.URN)
	}
	locks, err := filepath.Glob(filepath.Join(filepath.Dir(c.checkpoint()), "..", "..", "locks", "*", "*", "*", "*.json"))
	return append(pending, locks...), err
}

// unfinishedReplacements are the resources that a run has replaced and the state
// still has. No preview tells of them, and a whole up leaves none.
func (c *checkout) unfinishedReplacements() ([]string, error) {
	state, err := c.state()
	var left []string
	for _, one := range state.Checkpoint.Latest.Resources {
		if one.Delete || one.Gone {
			left = append(left, one.URN)
		}
	}
	return left, err
}

// checkpoint is the file of the stack's state.
func (c *checkout) checkpoint() string {
	return filepath.Join(c.home(""), "state", ".pulumi", "stacks", "platform", c.stack+".json")
}

// belongings are what must not change with an interrupted run: the claims' UIDs
// and digests of the Secrets' values, by name.
type belongings struct{ claims, secrets map[string]string }

func (l live) belongings() belongings {
	list, err := l.typed.CoreV1().PersistentVolumeClaims(l.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(l.t, err)
	claims := map[string]string{}
	for _, claim := range list.Items {
		claims[claim.Name] = string(claim.UID)
	}
	return belongings{claims, l.digests()}
}

// kept is an error where a value changed although data that it opens lives on.
func (before belongings) kept(after belongings) error {
	lives := false
	for name, uid := range before.claims {
		lives = lives || after.claims[name] == uid
	}
	if !lives {
		return nil
	}
	for name, digest := range before.secrets {
		if after.secrets[name] != digest {
			return fmt.Errorf("the values of Secret %s changed, and the data that they open did not", name)
		}
	}
	return nil
}
