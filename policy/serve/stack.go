package serve

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"platform/policy/pack"
)

// resourcesOfRequest is the field of a request for a stack that has them.
const resourcesOfRequest = 1

// analyzeStack judges all resources together. The engine hands them over in no
// order, and as the cluster has them: with its defaults, and with what its
// controllers wrote, such as the replicas of an autoscaler. Rules are about what
// the program says, so they see the objects that this run judged one by one, and
// of the engine's only those that this run was told to leave out.
func (s *Server) analyzeStack(request []byte) (*pulumirpc.AnalyzeResponse, error) {
	all, err := s.subjects(request)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b subject) int { return strings.Compare(string(a.URN), string(b.URN)) })
	stack := &pack.Stack{Name: s.stack}
	var inputs []resource.PropertyMap
	for _, one := range all {
		stack.Name = s.stackOf(one.URN)
		stack.Objects, inputs = append(stack.Objects, one.Object), append(inputs, one.inputs)
	}
	return &pulumirpc.AnalyzeResponse{Diagnostics: s.diagnostics(s.judge.JudgeStack(stack), inputs), NotApplicable: s.ofObjects}, nil
}

// subjects are those of a request for a stack.
func (s *Server) subjects(request []byte) ([]subject, error) {
	all := make([]subject, 0, count(request, resourcesOfRequest))
	for len(request) > 0 {
		sent, rest, err := next(request)
		if err != nil {
			return nil, err
		}
		if request = rest; !sent.is(resourcesOfRequest) {
			continue
		}
		one, err := s.subject(sent.content)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// subject is the one that was judged under a resource's URN, or what is sent
// where none was.
func (s *Server) subject(sent []byte) (subject, error) {
	urn, err := urnOf(sent)
	if err != nil {
		return subject{}, err
	}
	if judged, known := s.judged.Load(urn); known {
		return judged.(subject), nil
	}
	return subjectOf(sent)
}
