// Package recorder runs a Pulumi program without an engine and keeps what it
// registered, for tests to look at.
package recorder

import (
	"sort"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Resource is one resource as the program registered it.
type Resource struct {
	Type           string // such as kubernetes:apps/v1:Deployment
	Name           string
	Inputs         map[string]any // plain values; a secret one is [Masked]
	Clear          map[string]any `json:"-"` // Inputs with the secrets, for a test that opens a Secret; never print it
	Parent         string         // URN
	Protect        bool
	RetainOnDelete bool
	Aliases        int
	DependsOn      []string // URNs
	Ignored        []string `json:",omitempty"` // paths of properties whose changes are ignored
	SecretOutputs  []string // outputs that the engine keeps encrypted, beside those of secret inputs
	BeforeDelete   []string `json:"-"` // hooks
	BeforeUpdate   []string `json:"-"` // hooks
	CreateTimeout  string   // such as 5m; empty means the provider's own
	Provider       string
	Custom         bool // false for components
}

// Masked stands in the place of every secret value.
const Masked = "<secret>"

// Recorder answers the program in the place of an engine. Each resource gets
// the outputs of its inputs, and the name that Kubernetes would see.
type Recorder struct {
	mutex     sync.Mutex
	resources []Resource
}

// Run runs a program as a stack and returns what it registered, sorted by type
// and name, together with the program's error.
func Run(stack string, program pulumi.RunFunc) ([]Resource, error) {
	r := &Recorder{}
	err := pulumi.RunErr(program, pulumi.WithMocks("platform", stack, r))
	sort.Slice(r.resources, func(i, j int) bool {
		a, b := r.resources[i], r.resources[j]
		return a.Type+" "+a.Name < b.Type+" "+b.Name
	})
	return r.resources, err
}

// NewResource records a resource.
func (r *Recorder) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	rpc := args.RegisterRPC
	recorded := Resource{
		Type: args.TypeToken, Name: args.Name, Inputs: plain(args.Inputs, false), Clear: plain(args.Inputs, true),
		Provider: args.Provider, Custom: args.Custom,
	}
	if rpc != nil {
		recorded.Parent, recorded.Protect = rpc.GetParent(), rpc.GetProtect()
		recorded.RetainOnDelete, recorded.Aliases = rpc.GetRetainOnDelete(), len(rpc.GetAliases())
		recorded.Ignored = rpc.GetIgnoreChanges()
		recorded.DependsOn, recorded.SecretOutputs = rpc.GetDependencies(), rpc.GetAdditionalSecretOutputs()
		recorded.BeforeDelete, recorded.BeforeUpdate = rpc.GetHooks().GetBeforeDelete(), rpc.GetHooks().GetBeforeUpdate()
		recorded.CreateTimeout = rpc.GetCustomTimeouts().GetCreate()
	}
	r.resources = append(r.resources, recorded)
	return args.Name + "_id", outputs(args), nil
}

// Call answers nothing: the program invokes no function.
func (*Recorder) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return resource.PropertyMap{}, nil
}

// outputs are the inputs, with the parts that only a provider adds.
func outputs(args pulumi.MockResourceArgs) resource.PropertyMap {
	out := args.Inputs.Copy()
	if strings.HasPrefix(args.TypeToken, "kubernetes:") {
		metadata := resource.PropertyMap{}
		if given, ok := out["metadata"]; ok && given.IsObject() {
			metadata = given.ObjectValue().Copy()
		}
		if _, named := metadata["name"]; !named {
			metadata["name"] = resource.NewStringProperty(args.Name + "-auto")
		}
		out["metadata"] = resource.NewObjectProperty(metadata)
	}
	if args.TypeToken == "random:index/randomPassword:RandomPassword" {
		out["result"] = resource.MakeSecret(resource.NewStringProperty("random-" + args.Name))
	}
	return out
}

// plain turns properties into plain values, with the secret ones only when
// they are asked for.
func plain(properties resource.PropertyMap, secrets bool) map[string]any {
	values := map[string]any{}
	for key, value := range properties {
		values[string(key)] = plainValue(value, secrets)
	}
	return values
}

func plainValue(value resource.PropertyValue, secrets bool) any {
	switch {
	case value.IsSecret():
		if !secrets {
			return Masked
		}
		return plainValue(value.SecretValue().Element, secrets)
	case value.IsOutput():
		if value.OutputValue().Secret && !secrets {
			return Masked
		}
		return plainValue(value.OutputValue().Element, secrets)
	case value.IsArray():
		list := []any{}
		for _, element := range value.ArrayValue() {
			list = append(list, plainValue(element, secrets))
		}
		return list
	case value.IsObject():
		return plain(value.ObjectValue(), secrets)
	default:
		return value.V
	}
}
