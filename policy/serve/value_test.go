package serve

import (
	"math"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
)

// asTheSDK reads properties with the SDK; false where it takes them for
// malformed.
func asTheSDK(sent *structpb.Struct) (read resource.PropertyMap, well bool) {
	defer func() {
		if recover() != nil { // it asserts that each value has a kind
			well = false
		}
	}()
	read, err := plugin.UnmarshalProperties(sent, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
	return read, err == nil
}

// asTheEngine sends properties as the engine does to policy packs.
func asTheEngine(t testing.TB, properties resource.PropertyMap) *structpb.Struct {
	t.Helper()
	sent, err := plugin.MarshalProperties(properties, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, SkipInternalKeys: true})
	require.NoError(t, err)
	return sent
}

func wire(t testing.TB, message proto.Message) []byte {
	t.Helper()
	sent, err := proto.Marshal(message)
	require.NoError(t, err)
	return sent
}

// samples have a value of each form that a program can have.
func samples(t testing.TB) map[string]resource.PropertyValue {
	t.Helper()
	file, err := asset.FromText("text")
	require.NoError(t, err)
	files, err := archive.FromAssets(map[string]any{"a": file})
	require.NoError(t, err)
	number, list := resource.NewNumberProperty, resource.NewArrayProperty
	object := func(value resource.PropertyValue) resource.PropertyValue {
		return resource.NewObjectProperty(resource.PropertyMap{"a": value, "": text("nameless")})
	}
	return map[string]resource.PropertyValue{
		"null": resource.NewNullProperty(), "true": resource.NewBoolProperty(true), "false": resource.NewBoolProperty(false),
		"zero": number(0), "port": number(8080), "fraction": number(-0.125), "huge": number(math.MaxFloat64),
		"no text": text(""), "text": text("grüezi\n\x00世界"), "no list": list(nil), "list": list([]resource.PropertyValue{number(1), text("b"), list([]resource.PropertyValue{object(number(2))})}),
		"no object": resource.NewObjectProperty(resource.PropertyMap{}), "object": object(object(text("deep"))),
		"secret": resource.MakeSecret(text("s")), "secret object": resource.MakeSecret(object(resource.MakeSecret(list([]resource.PropertyValue{text("s")})))),
		"secret and not known": resource.MakeSecret(resource.MakeComputed(text(""))),
		"text to come":         resource.MakeComputed(text("")), "number to come": resource.MakeComputed(number(0)), "switch to come": resource.MakeComputed(resource.NewBoolProperty(false)),
		"list to come": resource.MakeComputed(list([]resource.PropertyValue{})), "object to come": resource.MakeComputed(resource.NewObjectProperty(resource.PropertyMap{})),
		"asset to come": resource.MakeComputed(resource.NewAssetProperty(&asset.Asset{})), "archive to come": resource.MakeComputed(resource.NewArchiveProperty(&archive.Archive{})),
		"asset": resource.NewAssetProperty(file), "archive": resource.NewArchiveProperty(files),
		"output":    resource.NewOutputProperty(resource.Output{Known: true, Secret: true, Element: text("o"), Dependencies: []resource.URN{"urn:a"}}),
		"no output": resource.NewOutputProperty(resource.Output{Element: text("")}),
		"reference": resource.NewResourceReferenceProperty(resource.ResourceReference{URN: "urn:a", ID: text("id")}),
	}
}

func TestValuesAreReadAsTheSDKReadsThem(t *testing.T) {
	for name, value := range samples(t) {
		t.Run(name, func(t *testing.T) {
			sent := asTheEngine(t, resource.PropertyMap{"a": value, "b": object(value)})
			want, well := asTheSDK(sent)
			require.True(t, well)
			read, err := properties(wire(t, sent))
			require.NoError(t, err)
			assert.Equal(t, want, read)
		})
	}
}

func TestMarksThatPolicyPacksAreNotSent(t *testing.T) {
	of := func(parts map[string]any) []byte {
		sent, err := structpb.NewStruct(map[string]any{"a": parts})
		require.NoError(t, err)
		return wire(t, sent)
	}
	for want, sent := range map[string][]byte{
		"a secret without a value":   of(map[string]any{string(resource.SigKey): resource.SecretSig}),
		"mark of a stranger":         of(map[string]any{string(resource.SigKey): "of a stranger"}),
		"a value that is of no kind": wire(t, &structpb.Struct{Fields: map[string]*structpb.Value{"a": {}}}),
	} {
		_, err := properties(sent)
		assert.ErrorContains(t, err, want)
	}
}

// A value that is sent twice is the second one, as everywhere in the protocol.
func TestTheLastFormOfAValueCounts(t *testing.T) {
	twice := append(wire(t, structpb.NewStringValue("first")), wire(t, structpb.NewBoolValue(true))...)
	read, err := valueOf(twice)
	require.NoError(t, err)
	assert.Equal(t, resource.NewBoolProperty(true), read)
}

func object(value resource.PropertyValue) resource.PropertyValue {
	return resource.NewObjectProperty(resource.PropertyMap{"inner": value})
}

// Whatever is sent is read as the SDK reads it, or refused; nothing ends the
// pack.
func FuzzProperties(f *testing.F) {
	for _, value := range samples(f) {
		f.Add(wire(f, asTheEngine(f, resource.PropertyMap{"a": value, "b": object(value)})))
	}
	f.Add([]byte{0x0a, 0x02, 0x12, 0x00})
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = properties(data) // in any order, and cut anywhere
		var sent structpb.Struct
		if proto.Unmarshal(data, &sent) != nil {
			return
		}
		want, well := asTheSDK(&sent)
		read, err := properties(wire(t, &sent))
		if !well || !want.DeepEquals(want) { // what is not a number equals nothing
			return
		}
		require.NoError(t, err)
		assert.True(t, want.DeepEquals(read), "want %v, read %v", want, read)
	})
}
