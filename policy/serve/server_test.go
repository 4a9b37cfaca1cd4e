package serve

import (
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/structpb"

	"platform/policy/pack"
)

const broken = "mandatory | at | Deployment/web, spec.at: is one of 1; set another; https://example.org/rule"

func TestWhatThePackTellsOfItself(t *testing.T) {
	e := serving(t, packOf(at("at"), counting("count")))
	info, err := e.GetAnalyzerInfo(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"platform", "1.2.3", "What is kept to."}, []string{info.Name, info.Version, info.Description})
	assert.True(t, info.SupportsConfig)
	assert.Empty(t, info.InitialConfig, "rules carry their own defaults")
	require.Len(t, info.Policies, 2)
	one, two := info.Policies[0], info.Policies[1]
	assert.Equal(t, []string{"at", "it breaks", "set another", "https://example.org/rule"}, []string{one.Name, one.Description, one.RemediationSteps, one.URL})
	assert.Equal(t, []string{"images"}, one.Tags)
	assert.Equal(t, []any{apitype.Mandatory, apitype.PolicySeverityHigh, plugin.AnalyzerPolicyTypeResource}, []any{one.EnforcementLevel, one.Severity, one.Type})
	assert.Equal(t, []any{apitype.Advisory, apitype.PolicySeverityLow, plugin.AnalyzerPolicyTypeStack}, []any{two.EnforcementLevel, two.Severity, two.Type})
	assert.Empty(t, two.URL, "a document has no address")
	types := map[string]any{}
	for name, schema := range one.ConfigSchema.Properties {
		types[name] = schema["type"]
	}
	assert.Equal(t, map[string]any{
		"names": "array", "most": "integer", "share": "number", "strict": "boolean", "word": "string", "enforcementLevel": "string",
	}, types)
	assert.NotContains(t, one.ConfigSchema.Properties["names"], "default", "the engine would set it over what the stack file says")

	version, err := e.GetPluginInfo(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "1.2.3", version.Version.String())
	_, err = e.raw.Handshake(t.Context(), &pulumirpc.AnalyzerHandshakeRequest{EngineAddress: "127.0.0.1:1"})
	require.NoError(t, err)
}

func TestAllSeveritiesAreSent(t *testing.T) {
	for _, severity := range []apitype.PolicySeverity{
		apitype.PolicySeverityLow, apitype.PolicySeverityMedium, apitype.PolicySeverityHigh, apitype.PolicySeverityCritical,
	} {
		rule := at("at")
		rule.Severity = severity
		e := serving(t, packOf(rule))
		response, err := e.Analyze(t.Context(), thing("web", with(text("bad"))))
		require.NoError(t, err)
		assert.Equal(t, severity, response.Diagnostics[0].Severity)
		sent, err := e.raw.Analyze(t.Context(), &pulumirpc.AnalyzeRequest{Type: "kubernetes:apps/v1:Deployment", Properties: &structpb.Struct{Fields: map[string]*structpb.Value{
			"spec": structpb.NewStructValue(&structpb.Struct{Fields: map[string]*structpb.Value{"at": structpb.NewStringValue("bad")}}),
		}}})
		require.NoError(t, err)
		assert.Equal(t, severityOf(severity), sent.GetDiagnostics()[0].GetSeverity(), "with each finding")
		info, err := e.GetAnalyzerInfo(t.Context())
		require.NoError(t, err)
		assert.Equal(t, severity, info.Policies[0].Severity)
	}
}

func TestObjectsAreChecked(t *testing.T) {
	unknown := resource.MakeComputed(text(""))
	for name, tc := range map[string]struct {
		properties resource.PropertyMap
		want       []string
	}{
		"kept to":    {with(text("good")), nil},
		"violated":   {with(text("bad")), []string{broken}},
		"in secret":  {with(resource.MakeSecret(text("bad"))), []string{broken}},
		"absent":     {resource.PropertyMap{}, nil},
		"wrong type": {with(resource.NewNumberProperty(1)), []string{"mandatory | at | Deployment/web, spec.at: is a number where a text belongs; set another; https://example.org/rule"}},
		"not known":  {with(unknown), []string{"advisory | at | Deployment/web: cannot be decided in this preview: spec.at"}},
		"no part of it known": {
			resource.PropertyMap{"spec": unknown, "metadata": unknown}, []string{"advisory | at | Deployment/web: cannot be decided in this preview: spec"},
		},
		"unknown and secret": {
			with(resource.MakeSecret(unknown)), []string{"advisory | at | Deployment/web: cannot be decided in this preview: spec.at"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := serving(t, packOf(at("at"))).of("test")
			assert.Equal(t, tc.want, e.says(tc.properties))
			response, err := e.Remediate(t.Context(), thing("web", tc.properties))
			require.NoError(t, err)
			assert.Empty(t, response.Remediations)
		})
	}
}

// Rules say what they know of: the engine counts them neither as passed nor as
// failed for others.
func TestRulesForObjectsSayNothingOfAStack(t *testing.T) {
	service := at("service")
	service.Kinds = []string{"Service", "Ingress"}
	e := serving(t, packOf(at("at"), service, counting("count")))
	response, err := e.Analyze(t.Context(), thing("web", with(text("good"))))
	require.NoError(t, err)
	assert.Empty(t, response.NotApplicable)
	response, err = e.AnalyzeStack(t.Context(), nil)
	require.NoError(t, err)
	assert.Equal(t, []plugin.PolicyNotApplicable{{PolicyName: "at"}, {PolicyName: "service"}}, response.NotApplicable)
}

func TestRulesThatFailStopTheDeployment(t *testing.T) {
	failing, stack := at("failing"), counting("failing-too")
	failing.Level, failing.Object = apitype.Advisory, func(o pack.Object, _ *pack.Report) { _ = o.Provider.Name[1:] }
	stack.Stack = func(*pack.Stack, *pack.Report) { panic("all\nis lost") }
	e := serving(t, packOf(failing, at("at"), stack, counting("count"))).of("test")
	said := e.says(with(text("bad")))
	require.Len(t, said, 2)
	assert.Contains(t, said[0], "mandatory | failing | Deployment/web: rule failing checked nothing: the rule itself failed: runtime error")
	assert.NotContains(t, said[0], "\n")
	assert.Equal(t, broken, said[1], "the next rule has its turn")
	said = e.saysOfStack()
	require.Len(t, said, 2)
	assert.Contains(t, said[0], "mandatory | failing-too | the stack: rule failing-too checked nothing: the rule itself failed: all is lost")
	assert.Equal(t, "advisory | count | the stack: stack test has no Deployment; add one; a document", said[1])
}

func TestStacksAreCheckedByName(t *testing.T) {
	e := serving(t, packOf(at("at"), counting("count")))
	assert.Empty(t, e.of("test").saysOfStack(thing("web", with(text("bad")))), "rules for objects have had their turn")
	assert.Equal(t, []string{"advisory | count | the stack: stack prod has no Deployment; add one; a document"}, e.of("prod").saysOfStack())
}

// What the cluster adds, such as the replicas that an autoscaler wrote, is not
// the program's error. What this run does not check is known as it is alone.
func TestStackRulesSeeWhatTheProgramSays(t *testing.T) {
	rule := counting("count")
	rule.Stack = func(s *pack.Stack, r *pack.Report) {
		for _, o := range s.Kinds("Deployment") {
			r.Violated(o, pack.Value{}, "is %s", o.At("spec", "at").Text())
		}
	}
	e := serving(t, packOf(at("at"), rule)).of("test")
	written := thing("web", with(text("as the cluster has it")))
	e.says(with(text("as the program says")))
	assert.Equal(t, []string{"advisory | count | Deployment/web: is as the program says; add one; a document"}, e.saysOfStack(written))
	assert.Equal(t, []string{"advisory | count | Deployment/web: is as the cluster has it; add one; a document"}, e.of("test").saysOfStack(written), "a run later")
}

// Without a run the engine names no stack, but resources do.
func TestResourcesNameTheirStack(t *testing.T) {
	rule := counting("count")
	rule.Stack = func(s *pack.Stack, r *pack.Report) { r.Violated(nil, pack.Value{}, "is %s", s.Name) }
	e := serving(t, packOf(rule))
	assert.Equal(t, []string{"advisory | count | the stack: is test; add one; a document"}, e.saysOfStack(thing("web", nil)))
}

// The engine hands resources over in another order at each run.
func TestFindingsHaveOneOrder(t *testing.T) {
	rule := counting("count")
	rule.Stack = func(s *pack.Stack, r *pack.Report) {
		for _, o := range s.Objects {
			r.Violated(o, pack.Value{}, "is here")
		}
	}
	e := serving(t, packOf(rule)).of("test")
	a, b, c := thing("a", nil), thing("b", nil), thing("c", nil)
	assert.Equal(t, e.saysOfStack(a, b, c), e.saysOfStack(c, a, b))
}

func TestRulesSeeTheOptions(t *testing.T) {
	rule := at("at")
	rule.Object = func(o pack.Object, r *pack.Report) {
		r.Violated(o, pack.Value{}, "%t %v %t %s %s %s %v %v %g", o.Options.Protect, o.Options.IgnoreChanges, *o.Options.DeleteBeforeReplace, o.Parent.Name(),
			o.Provider.Name, o.Provider.Properties["context"].StringValue(), o.Options.Aliases, o.Options.AdditionalSecretOutputs, o.Options.CustomTimeouts.Create)
	}
	r, never := thing("web", nil), false
	r.Options = plugin.AnalyzerResourceOptions{
		Protect: true, IgnoreChanges: []string{"spec"}, DeleteBeforeReplace: &never, AliasURNs: []resource.URN{"urn:a"},
		Parent: "urn:pulumi:test::platform::platform:components:Redis::redis", AdditionalSecretOutputs: []resource.PropertyKey{"data"},
		CustomTimeouts: resource.CustomTimeouts{Create: 60},
	}
	r.Provider = &plugin.AnalyzerProviderResource{Name: "cluster", Properties: resource.PropertyMap{"context": text("mine")}}
	e := serving(t, packOf(rule))
	response, err := e.Analyze(t.Context(), r)
	require.NoError(t, err)
	assert.Contains(t, response.Diagnostics[0].Message, ": true [spec] false redis cluster mine [urn:a] [data] 60;")
}

// Which exceptions hold, and which parameters follow, the stack's configuration
// says.
func TestExceptionsAreNotReported(t *testing.T) {
	unused := pack.Rule{
		Name: "used", Group: pack.Plan, Level: apitype.Advisory, Severity: apitype.PolicySeverityLow,
		Reason: "it is not needed", Remedy: "take it out", Reference: "a document", Last: true,
		Stack: func(s *pack.Stack, r *pack.Report) {
			for _, e := range r.Unused(s) {
				r.Violated(nil, pack.Value{}, "%s covers nothing in stack %s", e.Name, s.Name)
			}
		},
	}
	p := packOf(at("at"), unused)
	p.Configured = func(stack string, values map[string]string) (pack.Exceptions, map[string]map[string]any, error) {
		if stack == "none" {
			return nil, nil, errors.New("platform:frontend: is missing")
		}
		if stack != "test" {
			return nil, map[string]map[string]any{"at": {"names": []any{values["platform:bad"], "bad"}}}, nil
		}
		return pack.Exceptions{{Rule: "at", Kind: "Deployment", Name: "web", Reason: "it is built so"}}, nil, nil
	}
	e := serving(t, p)
	bad, good := thing("web", with(text("bad"))), thing("web", with(text("good")))
	require.Len(t, e.of("prod").says(with(text("bad"))), 1, "in a stack that has no exception")
	assert.Contains(t, e.says(with(text("bad")))[0], "is one of 2")

	e.of("test")
	assert.Empty(t, e.says(with(text("bad"))))
	assert.Empty(t, e.saysOfStack(bad))

	e.of("test") // a second run, in which the object keeps to the rule
	assert.Empty(t, e.says(with(text("good"))))
	assert.Equal(t, []string{"advisory | used | the stack: web covers nothing in stack test; take it out; a document"}, e.saysOfStack(good))
	assert.Len(t, e.of("test").saysOfStack(), 1, "the object is gone")

	_, err := e.raw.ConfigureStack(t.Context(), &pulumirpc.AnalyzerStackConfigureRequest{Stack: "none"})
	assert.ErrorContains(t, err, "platform:frontend: is missing")
}

// What was configured lasts for every run after it.
func TestConfigurationOutlastsARun(t *testing.T) {
	e := serving(t, packOf(at("at")))
	require.NoError(t, e.Configure(t.Context(), map[string]plugin.AnalyzerPolicyConfig{"at": {EnforcementLevel: apitype.Disabled}}))
	assert.Empty(t, e.of("test").says(with(text("bad"))))
	assert.Empty(t, e.of("test").says(with(text("bad"))))
}

func TestNothingBeginsOnceCanceled(t *testing.T) {
	e := serving(t, packOf(at("at"))).of("test")
	require.NoError(t, e.Cancel(t.Context()))
	_, err := e.Analyze(t.Context(), thing("web", nil))
	require.ErrorContains(t, err, "was told to stop")
	_, err = e.AnalyzeStack(t.Context(), nil)
	assert.ErrorContains(t, err, "was told to stop")
}
