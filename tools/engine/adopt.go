package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// adopt takes what a run made and nobody recorded into the state: that of a
// run with one checkpoint, see [Session.Up], or of a state that was lost. It
// looks for every object of the program in the cluster and writes those that
// are in no state into it. The refresh that follows reads what they are.
func (s *Session) adopt(ctx context.Context, args []string) error {
	recorded, err := s.export(ctx)
	if err != nil {
		return err
	}
	planned, err := s.plan(ctx)
	if err != nil {
		return err
	}
	cluster, err := s.connect()
	if err != nil {
		return err
	}
	found, others, err := s.newSurvey(cluster).unrecorded(ctx, planned.objects(), recorded.ids())
	if err := errors.Join(err, s.foreign(others)); err != nil || len(found) == 0 {
		return err
	}
	s.list(found)
	if err := s.agree(args); err != nil {
		return err
	}
	generated := s.generatedIn(found)
	if len(generated) > 0 {
		fmt.Fprintf(s.out, "%d generated values stand in its Secrets, and are kept\n", len(generated))
	}
	if !recorded.provided(planned, len(generated) > 0) {
		if recorded, err = s.recordProviders(ctx); err != nil {
			return err
		}
	}
	after, err := recorded.extended(planned, found, s.Stack, generated)
	if err != nil {
		return fmt.Errorf("state of stack %s: %w", s.Stack, err)
	}
	return s.restate(ctx, recorded, after)
}

// objects are the resources that are objects of the cluster and have a name.
func (s *state) objects() []stateResource {
	var objects []stateResource
	for _, resource := range s.Deployment.Resources {
		if strings.HasPrefix(resource.Type, kubernetesTypes) && wanted(resource).GetName() != "" {
			objects = append(objects, resource)
		}
	}
	return objects
}

// ids are the objects of the state, each by type and ID.
func (s *state) ids() map[string]bool {
	ids := map[string]bool{}
	for _, resource := range s.Deployment.Resources {
		ids[recordedAs(resource.Type, resource.ID)] = true
	}
	return ids
}

func recordedAs(kind, id string) string { return kind + " " + id }

// list says what is taken in.
func (s *Session) list(found map[string]*unstructured.Unstructured) {
	fmt.Fprintf(s.out, "Taken into the state, which did not have these objects of the cluster (%d):\n", len(found))
	kinds := map[string]int{}
	for _, object := range found {
		kinds[object.GetKind()]++
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		fmt.Fprintf(s.out, "  %3d %s\n", kinds[kind], kind)
	}
}

// provided reports whether the state has the providers of the planned objects, and
// of generated values if there are any.
func (s *state) provided(planned *state, generates bool) bool {
	known, random := map[string]bool{}, !generates
	for _, resource := range s.Deployment.Resources {
		known[resource.URN] = true
		random = random || resource.Type == providerTypes+"random"
	}
	return random && !slices.ContainsFunc(planned.Deployment.Resources, func(r stateResource) bool {
		return strings.HasPrefix(r.Type, providerTypes+"kubernetes") && !known[r.URN]
	})
}

// recordProviders makes the providers alone, which every resource refers to: a
// state that was lost has none. It is the state with them.
func (s *Session) recordProviders(ctx context.Context) (*state, error) {
	fmt.Fprintln(s.out, "recording the providers first …")
	if err := s.with(keepCheckpoints).Pulumi(ctx, append(s.deploy(), "--target", "**"+providerTypes+"**")...); err != nil {
		return nil, err
	}
	return s.export(ctx)
}
