package serve

import (
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// The protocol numbers the fields that are read without its messages.
func TestFieldsAreThoseOfTheProtocol(t *testing.T) {
	number := func(message proto.Message, name string) protowire.Number {
		return message.ProtoReflect().Descriptor().Fields().ByTextName(name).Number()
	}
	assert.Equal(t, number(&pulumirpc.AnalyzeStackRequest{}, "resources"), protowire.Number(resourcesOfRequest))
	for _, message := range []proto.Message{&pulumirpc.AnalyzeRequest{}, &pulumirpc.AnalyzerResource{}, &pulumirpc.AnalyzerProviderResource{}} {
		for name, want := range map[string]protowire.Number{
			"type": typeOfResource, "properties": propertiesOfResource, "urn": urnOfResource, "name": nameOfResource, "options": optionsOfResource, "provider": providerOfResource,
		} {
			if _, whole := message.(*pulumirpc.AnalyzerProviderResource); !whole || name != "options" && name != "provider" {
				assert.Equal(t, want, number(message, name), name)
			}
		}
	}
}

func TestStacksThatCannotBeRead(t *testing.T) {
	e := serving(t, packOf(counting("count")))
	urn := protowire.AppendString(protowire.AppendTag(nil, urnOfResource, protowire.BytesType), "urn:a")
	for name, tc := range map[string]struct {
		resource []byte
		want     string
	}{
		"no field":      {[]byte{0xff}, "question cannot be read"},
		"cut short":     {urn[:len(urn)-1], "question cannot be read"},
		"no properties": {append(urn, 0x12, 0x01, 0xff), "resource urn:a: the engine's question cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			// bytes alone are sent as field 1, in which the protocol has the resources
			err := e.conn.Invoke(t.Context(), pulumirpc.Analyzer_AnalyzeStack_FullMethodName, wrapperspb.Bytes(tc.resource), &pulumirpc.AnalyzeResponse{})
			assert.ErrorContains(t, err, tc.want)
		})
	}
}
