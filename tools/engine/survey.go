package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
)

// autonamed is the annotation of objects whose name the provider has ended in
// random letters.
const autonamed = "pulumi.com/autonamed"

// survey compares planned objects with those of the cluster. It lists each
// kind once a namespace: hundreds of single requests would take longer.
type survey struct {
	cluster *client
	owns    func(*unstructured.Unstructured) bool // whether an object is the stack's own
	seen    map[string][]unstructured.Unstructured
}

func (s *Session) newSurvey(cluster *client) *survey {
	return &survey{cluster, s.owns, map[string][]unstructured.Unstructured{}}
}

// unrecorded finds the planned objects that are in the cluster under an ID that
// is not recorded: the stack's own by their URN, and those of others under planned
// names.
func (s *survey) unrecorded(ctx context.Context, planned []stateResource, recorded map[string]bool) (found map[string]*unstructured.Unstructured, others []*unstructured.Unstructured, err error) {
	found = map[string]*unstructured.Unstructured{}
	for _, resource := range planned {
		object := wanted(resource)
		live, err := s.list(ctx, object)
		if err != nil {
			return nil, nil, fmt.Errorf("look up %s %s: %w", object.GetKind(), object.GetName(), err)
		}
		var newest *unstructured.Unstructured
		for _, one := range live {
			switch {
			case !s.madeOf(&one, object) || recorded[recordedAs(resource.Type, identifier(&one))]:
			case !s.owns(&one):
				others = append(others, &one)
			case newest == nil || newest.GetCreationTimestamp().Time.Before(one.GetCreationTimestamp().Time):
				newest = &one
			}
		}
		if newest != nil {
			found[resource.URN] = newest
		}
	}
	return found, others, nil
}

// madeOf reports whether a live object was made of a planned one. The names of
// some end in letters that are not known before: those of Jobs follow from
// secret values, others are random. Their labels tell which they are.
func (s *survey) madeOf(live *unstructured.Unstructured, planned *unstructured.Unstructured) bool {
	if live.GetName() == planned.GetName() {
		return true
	}
	stem := planned.GetName()
	if planned.GetKind() == "Job" {
		stem = stem[:strings.LastIndex(stem, "-")]
	} else if planned.GetAnnotations()[autonamed] != "true" {
		return false
	}
	rest, found := strings.CutPrefix(live.GetName(), stem+"-")
	return found && !strings.Contains(rest, "-") && s.owns(live) &&
		labels.SelectorFromSet(planned.GetLabels()).Matches(labels.Set(live.GetLabels()))
}

func (s *survey) list(ctx context.Context, of *unstructured.Unstructured) ([]unstructured.Unstructured, error) {
	key := strings.Join([]string{of.GetAPIVersion(), of.GetKind(), of.GetNamespace()}, " ")
	if seen, listed := s.seen[key]; listed {
		return seen, nil
	}
	found, err := s.cluster.list(ctx, of)
	if err != nil {
		return nil, err
	}
	s.seen[key] = slices.Clip(found)
	return found, nil
}

// wanted is the object that a resource describes.
func wanted(resource stateResource) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: resource.Inputs}
}
