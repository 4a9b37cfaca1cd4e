package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// Refusal is an outcome of its own beside an error: what was asked for breaks a
// mandatory policy, or ends what holds data or an address and no waiver names
// it. Nothing was written.
type Refusal struct{ why string }

// Error says what is refused and how it is made good.
func (r Refusal) Error() string { return r.why }

// broken is what mandatory policies found, each once; nil where they are kept.
func (l *eventLog) broken() ([]string, error) {
	var found []string
	err := l.each(func(event apitype.EngineEvent) {
		policy := event.PolicyEvent
		if policy == nil || policy.EnforcementLevel != string(apitype.Mandatory) {
			return
		}
		if line := policy.PolicyName + ": " + strings.TrimSpace(policy.Message); !slices.Contains(found, line) {
			found = append(found, line)
		}
	})
	slices.Sort(found)
	return found, err
}

// policyRefusal is the refusal of what broke policies; nil where they are kept.
func (s *Session) policyRefusal(events *eventLog) error {
	found, err := events.broken()
	if err != nil || len(found) == 0 {
		return err
	}
	return Refusal{fmt.Sprintf("stack %s: mandatory policies are broken, and nothing was written:\n  %s", s.Stack, strings.Join(found, "\n  "))}
}

// judgePublishing refuses manifests that end what was published before and holds
// data or an address, or put its data at risk, unless a waiver of the stack file
// names it: as a deployment that takes the one for the other.
func (s *Session) checkPublishing(before, after string) error {
	was, err := readManifests(before)
	if err != nil || len(was) == 0 {
		return err
	}
	is, err := readManifests(after)
	if err != nil {
		return err
	}
	steps := map[string]*apitype.StepEventMetadata{}
	for _, object := range was {
		old := published(object)
		steps[old.URN] = &apitype.StepEventMetadata{Op: apitype.OpDelete, URN: old.URN, Old: old}
	}
	for _, object := range is {
		now := published(object)
		if step := steps[now.URN]; step != nil {
			step.Op, step.New = apitype.OpUpdate, now
			continue
		}
		steps[now.URN] = &apitype.StepEventMetadata{Op: apitype.OpCreate, URN: now.URN, New: now}
	}
	var all []apitype.StepEventMetadata
	for _, urn := range slices.Sorted(maps.Keys(steps)) {
		all = append(all, *steps[urn])
	}
	if err := s.check(all); err != nil {
		return Refusal{err.Error()}
	}
	return nil
}

// published is an object as a step tells of one.
func published(object *unstructured.Unstructured) *apitype.StepEventStateMetadata {
	kind, id := object.GetKind(), identifier(object)
	return &apitype.StepEventStateMetadata{URN: kind + "/" + id, Type: kubernetesTypes + object.GetAPIVersion() + ":" + kind, ID: id, Inputs: object.Object}
}

// readManifests are the objects of a folder as rendering writes it; none where
// there is no such folder.
func readManifests(folder string) ([]*unstructured.Unstructured, error) {
	files, err := manifestsIn(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var found []*unstructured.Unstructured
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		object := &unstructured.Unstructured{}
		if err := yaml.Unmarshal(text, &object.Object); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		found = append(found, object)
	}
	return found, nil
}
