package serve

import (
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/proto"

	"platform/policy/policytest"
)

// BenchmarkRead is what it costs to read each resource of a stack once.
func BenchmarkRead(b *testing.B) {
	resources, err := policytest.Registered(filepath.Join("..", ".."), "k3s-local", b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	var requests [][]byte
	size := 0
	for _, one := range resources {
		properties, err := plugin.MarshalProperties(one.Properties, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
		if err != nil {
			b.Fatal(err)
		}
		request, err := proto.Marshal(&pulumirpc.AnalyzeRequest{Type: string(one.Type), Properties: properties, Urn: string(one.URN), Name: one.Name})
		if err != nil {
			b.Fatal(err)
		}
		requests, size = append(requests, request), size+len(request)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, request := range requests {
			if _, err := subjectOf(request); err != nil {
				b.Fatal(err)
			}
		}
	}
}
