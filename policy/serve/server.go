package serve

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"platform/policy/pack"
)

// Server speaks the protocol itself: the SDK's own server over an interface,
// plugin.NewAnalyzerServer, hands the stack's name to nobody and panics over a
// rule that has parameters.
type Server struct {
	pulumirpc.UnimplementedAnalyzerServer

	pack      Pack
	reports   *reporter                        // of secret values, to what started the engine
	ofObjects []*pulumirpc.PolicyNotApplicable // the rules that have nothing to say of a whole stack

	mu         sync.RWMutex // below: a run is configured before it begins
	stack      string       // empty until the engine names it
	exceptions pack.Exceptions
	derived    map[string]map[string]any // parameters that follow from the stack's configuration
	levels     map[string]apitype.EnforcementLevel
	parameters map[string]map[string]any
	check      *pack.Pack
	checked    *sync.Map // each subject of the run, by URN
	canceled   bool
}

// NewServer serves a pack at its own levels, until the engine configures it.
func NewServer(p Pack) *Server {
	s := &Server{pack: p, exceptions: p.Exceptions, levels: p.levels(), checked: &sync.Map{}}
	for _, rule := range p.Rules {
		if rule.Object != nil {
			s.ofObjects = append(s.ofObjects, &pulumirpc.PolicyNotApplicable{PolicyName: rule.Name}) // the engine reads no reason
		}
	}
	s.check = p.check(s.levels, s.exceptions, nil, nil)
	return s
}

// Handshake says that this plugin knows the protocol's first step; it calls
// the engine back for nothing.
func (s *Server) Handshake(context.Context, *pulumirpc.AnalyzerHandshakeRequest) (*pulumirpc.AnalyzerHandshakeResponse, error) {
	return &pulumirpc.AnalyzerHandshakeResponse{}, nil
}

// GetPluginInfo tells the pack's version.
func (s *Server) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: s.pack.Version}, nil
}

// GetAnalyzerInfo tells of the pack and its rules.
func (s *Server) GetAnalyzerInfo(context.Context, *emptypb.Empty) (*pulumirpc.AnalyzerInfo, error) {
	return s.pack.info()
}

// ConfigureStack begins a run for a stack, with what follows from its
// configuration: exceptions are unused again, and no resource is known.
func (s *Server) ConfigureStack(_ context.Context, req *pulumirpc.AnalyzerStackConfigureRequest) (*pulumirpc.AnalyzerStackConfigureResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pack.Configured != nil {
		exceptions, derived, err := s.pack.Configured(req.GetStack(), req.GetConfig())
		if err != nil {
			return nil, status.Error(codes.InvalidArgument, err.Error())
		}
		s.exceptions, s.derived = exceptions, derived
	}
	s.stack, s.check, s.checked = req.GetStack(), s.pack.check(s.levels, s.exceptions, s.derived, s.parameters), &sync.Map{}
	return &pulumirpc.AnalyzerStackConfigureResponse{}, nil
}

// Configure takes what the user says of the rules. A mistake in it is an error,
// for it would leave a rule as it was without a word.
func (s *Server) Configure(_ context.Context, req *pulumirpc.ConfigureAnalyzerRequest) (*emptypb.Empty, error) {
	settings := Settings{}
	for name, config := range req.GetPolicyConfig() {
		settings[name] = Setting{levelNamed(config.GetEnforcementLevel()), config.GetProperties().AsMap()}
	}
	levels, parameters, err := s.pack.apply(settings)
	if err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.levels, s.parameters, s.check = levels, parameters, s.pack.check(levels, s.exceptions, s.derived, parameters)
	return &emptypb.Empty{}, nil
}

// Analyze checks one resource before it is changed.
func (s *Server) Analyze(ctx context.Context, req *pulumirpc.AnalyzeRequest) (*pulumirpc.AnalyzeResponse, error) {
	if err := s.begin(ctx); err != nil {
		return nil, err
	}
	defer s.mu.RUnlock()
	one, err := subjectOf(req)
	if err != nil {
		return nil, err
	}
	if err := s.reports.report(one.inputs); err != nil {
		return nil, err
	}
	s.checked.Store(one.URN, one)
	return &pulumirpc.AnalyzeResponse{Diagnostics: s.diagnostics(s.check.CheckObject(one.Object), []resource.PropertyMap{one.inputs})}, nil
}

// AnalyzeStack checks all resources together. The engine hands them over in no
// order, and as the cluster has them: with its defaults, and with what its
// controllers wrote, such as the replicas of an autoscaler. Rules are about what
// the program says, so they see the objects that this run checked one by one, and
// of the engine's only those that this run was told to leave out.
func (s *Server) AnalyzeStack(ctx context.Context, req *pulumirpc.AnalyzeStackRequest) (*pulumirpc.AnalyzeResponse, error) {
	if err := s.begin(ctx); err != nil {
		return nil, err
	}
	defer s.mu.RUnlock()
	var all []subject
	for _, r := range req.GetResources() {
		if checked, known := s.checked.Load(resource.URN(r.GetUrn())); known {
			all = append(all, checked.(subject))
			continue
		}
		one, err := subjectOf(r)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b subject) int { return strings.Compare(string(a.URN), string(b.URN)) })
	stack := &pack.Stack{Name: s.stack}
	var inputs []resource.PropertyMap
	for _, one := range all {
		stack.Name = s.stackOf(one.URN)
		stack.Objects, inputs = append(stack.Objects, one.Object), append(inputs, one.inputs)
	}
	return &pulumirpc.AnalyzeResponse{Diagnostics: s.diagnostics(s.check.CheckStack(stack), inputs), NotApplicable: s.ofObjects}, nil
}

// Cancel ends what has not begun; what has is done in milliseconds.
func (s *Server) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.canceled = true
	return &emptypb.Empty{}, nil
}

// begin holds the configuration as it is for one check, or says that there
// is none any more.
func (s *Server) begin(ctx context.Context) error {
	s.mu.RLock()
	if s.canceled || ctx.Err() != nil {
		s.mu.RUnlock()
		return status.Error(codes.Canceled, "the policy pack was told to stop")
	}
	return nil
}

// stackOf is the stack that the engine named, or that of a resource where it
// named none, as when a state is checked without a run.
func (s *Server) stackOf(urn resource.URN) string {
	if s.stack != "" || !urn.IsValid() {
		return s.stack
	}
	return urn.Stack().Name().String()
}
