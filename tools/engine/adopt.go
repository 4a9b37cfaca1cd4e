package engine

import (
	"context"
	"fmt"
	"strings"
)

// adopt takes what a run made and nobody recorded into the state: that of a
// run with one checkpoint, see [Session.Up], or of a state that was lost. It
// looks for every object of the program in the cluster and writes those that
// are in no state into it. The refresh that follows reads what they are.
func (s *Session) adopt(ctx context.Context) error {
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
	found, err := newSurvey(cluster).unrecorded(ctx, planned.objects(), recorded.ids())
	if err != nil || len(found) == 0 {
		return err
	}
	if err := recorded.ready(planned); err != nil {
		return fmt.Errorf("%d objects of stack %s are in the cluster and in no state: %w", len(found), s.Stack, err)
	}
	fmt.Fprintf(s.out, "%d objects are in the cluster and in no state, and are taken into it\n", len(found))
	after, err := recorded.extended(planned, found)
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

// ready tells whether the state has the providers of the planned objects. A
// run records those before anything else.
func (s *state) ready(planned *state) error {
	known := map[string]bool{}
	for _, resource := range s.Deployment.Resources {
		known[resource.URN] = true
	}
	for _, resource := range planned.Deployment.Resources {
		if strings.HasPrefix(resource.Type, providerTypes+"kubernetes") && !known[resource.URN] {
			return fmt.Errorf("the state lacks the provider %s; run make up ARGS='--target %s' for the same stack, then recover again", resourceName(resource.URN), resource.URN)
		}
	}
	return nil
}
