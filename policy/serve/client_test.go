package serve

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"platform/policy/pack"
)

// engine is the engine's side of the protocol: the SDK's own client, over a
// connection in memory.
type engine struct {
	plugin.Analyzer
	raw pulumirpc.AnalyzerClient
	t   *testing.T
}

func serving(t *testing.T, p Pack) engine {
	t.Helper()
	listener := bufconn.Listen(1 << 20)
	server := grpc.NewServer()
	check := NewServer(p)
	var err error
	check.reports, err = newReporter()
	require.NoError(t, err)
	pulumirpc.RegisterAnalyzerServer(server, check)
	go func() { _ = server.Serve(listener) }() // it ends with the test
	t.Cleanup(server.Stop)
	conn, err := grpc.NewClient("passthrough:pack", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	raw := pulumirpc.NewAnalyzerClient(conn)
	return engine{plugin.NewAnalyzerWithClient("platform", raw), raw, t}
}

// of begins a run for a stack.
func (e engine) of(stack string) engine {
	e.t.Helper()
	_, err := e.raw.ConfigureStack(e.t.Context(), &pulumirpc.AnalyzerStackConfigureRequest{Stack: stack, Project: "platform", DryRun: true})
	require.NoError(e.t, err)
	return e
}

// says is what the pack says of one object, a line each: level, rule, message.
func (e engine) says(properties resource.PropertyMap) []string {
	e.t.Helper()
	response, err := e.Analyze(e.t.Context(), thing("web", properties))
	require.NoError(e.t, err)
	return lines(response)
}

// saysOfStack is what it says of several at the end.
func (e engine) saysOfStack(all ...plugin.AnalyzerResource) []string {
	e.t.Helper()
	var resources []plugin.AnalyzerStackResource
	for _, r := range all {
		resources = append(resources, plugin.AnalyzerStackResource{AnalyzerResource: r})
	}
	response, err := e.AnalyzeStack(e.t.Context(), resources)
	require.NoError(e.t, err)
	return lines(response)
}

func lines(response plugin.AnalyzeResponse) []string {
	var all []string
	for _, d := range response.Diagnostics {
		all = append(all, strings.Join([]string{string(d.EnforcementLevel), d.PolicyName, d.Message}, " | "))
	}
	return all
}

// thing is a Deployment.
func thing(name string, properties resource.PropertyMap) plugin.AnalyzerResource {
	kind := tokens.Type("kubernetes:apps/v1:Deployment")
	return plugin.AnalyzerResource{URN: resource.NewURN("test", "platform", "", kind, name), Type: kind, Name: name, Properties: properties}
}

// with is an object with one setting of its spec.
func with(value resource.PropertyValue) resource.PropertyMap {
	return resource.PropertyMap{"spec": resource.NewObjectProperty(resource.PropertyMap{"at": value})}
}

func text(value string) resource.PropertyValue { return resource.NewStringProperty(value) }

// at is the rule that the tests serve: spec.at must not be one of a list.
func at(name string) pack.Rule {
	return pack.Rule{
		Name: name, Group: pack.Images, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason: "it breaks", Remedy: "set another", Reference: "https://example.org/rule",
		Kinds:      []string{"Deployment"},
		Parameters: map[string]any{"names": []any{"bad"}, "most": 3, "share": 0.5, "strict": false, "word": "x"},
		Object: func(o pack.Object, r *pack.Report) {
			if value := o.At("spec", "at"); value.Is(r.List("names")...) {
				r.Violated(o, value, "is one of %d", len(r.List("names")))
			}
		},
	}
}

// counting is a rule for stacks, which must hold something.
func counting(name string) pack.Rule {
	return pack.Rule{
		Name: name, Group: pack.Plan, Level: apitype.Advisory, Severity: apitype.PolicySeverityLow,
		Reason: "it is empty", Remedy: "add one", Reference: "a document",
		Stack: func(s *pack.Stack, r *pack.Report) {
			if len(s.Kinds("Deployment")) == 0 {
				r.Violated(nil, pack.Value{}, "stack %s has no Deployment", s.Name)
			}
		},
	}
}

func packOf(rules ...pack.Rule) Pack {
	return Pack{Name: "platform", Version: "1.2.3", Description: "What is kept to.", Rules: rules}
}
