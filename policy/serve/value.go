package serve

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"
	"google.golang.org/protobuf/encoding/protowire"
)

// Properties are sent as google.protobuf.Struct, and its fields are numbered as
// there. The SDK's own reader, plugin.UnmarshalProperties, takes four times as
// long, and reads a value once more for each object that it is in.
const (
	entriesOfStruct = 1
	keyOfEntry      = 1
	valueOfEntry    = 2
	valuesOfList    = 1

	nullValue   = 1
	numberValue = 2
	stringValue = 3
	boolValue   = 4
	structValue = 5
	listValue   = 6
)

// unknown are the texts that stand for values which are not known yet, with
// what they will be.
var unknown = map[string]resource.PropertyValue{
	"1c4a061d-8072-4f0a-a4cb-0ff528b18fe7": resource.NewBoolProperty(false),
	"3eeb2bf0-c639-47a8-9e75-3b44932eb421": resource.NewNumberProperty(0),
	"04da6b54-80e4-46f7-96ec-b56ff0331ba9": resource.NewStringProperty(""),
	"6a19a0b0-7e62-4c92-b797-7f8e31da9cc2": resource.NewArrayProperty([]resource.PropertyValue{}),
	"030794c1-ac77-496b-92df-f27374a8bd58": resource.NewAssetProperty(&asset.Asset{}),
	"e48ece36-62e2-4504-bad9-02848725956a": resource.NewArchiveProperty(&archive.Archive{}),
	"dd056dcd-154b-4c76-9bd3-c8f88648b5ff": resource.NewObjectProperty(resource.PropertyMap{}),
}

// properties reads an object.
func properties(sent []byte) (resource.PropertyMap, error) {
	entries, err := fields(sent)
	if err != nil {
		return nil, err
	}
	all := make(resource.PropertyMap, len(entries))
	for _, entry := range entries {
		if !entry.is(entriesOfStruct) {
			continue
		}
		parts, err := fields(entry.content)
		if err != nil {
			return nil, err
		}
		var key resource.PropertyKey
		var value []byte
		for _, part := range parts {
			switch {
			case part.is(keyOfEntry):
				key = resource.PropertyKey(part.content)
			case part.is(valueOfEntry):
				value = part.content
			}
		}
		if all[key], err = valueOf(value); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// valueOf reads a value. One that is secret or not known stays so.
func valueOf(sent []byte) (resource.PropertyValue, error) {
	forms, err := fields(sent)
	if err != nil {
		return resource.PropertyValue{}, err
	}
	for _, one := range slices.Backward(forms) { // the last one counts
		switch {
		case one.number == nullValue && one.kind == protowire.VarintType:
			return resource.NewNullProperty(), nil
		case one.number == numberValue && one.kind == protowire.Fixed64Type:
			return resource.NewNumberProperty(math.Float64frombits(one.bits)), nil
		case one.number == boolValue && one.kind == protowire.VarintType:
			return resource.NewBoolProperty(one.bits != 0), nil
		case one.is(stringValue):
			if element, found := unknown[string(one.content)]; found {
				return resource.MakeComputed(element), nil
			}
			return resource.NewStringProperty(string(one.content)), nil
		case one.is(listValue):
			return listOf(one.content)
		case one.is(structValue):
			return objectOf(one.content)
		}
	}
	return resource.PropertyValue{}, errors.New("the engine's question has a value that is of no kind")
}

func listOf(sent []byte) (resource.PropertyValue, error) {
	items, err := fields(sent)
	if err != nil {
		return resource.PropertyValue{}, err
	}
	values := make([]resource.PropertyValue, 0, len(items))
	for _, item := range items {
		if !item.is(valuesOfList) {
			continue
		}
		value, err := valueOf(item.content)
		if err != nil {
			return resource.PropertyValue{}, err
		}
		values = append(values, value)
	}
	return resource.NewArrayProperty(values), nil
}

// objectOf reads an object, or what is sent as one with a mark. References to
// resources and outputs have marks, too, but for policy packs the engine puts
// what they refer to in their place.
func objectOf(sent []byte) (resource.PropertyValue, error) {
	object, err := properties(sent)
	if err != nil {
		return resource.PropertyValue{}, err
	}
	mark, marked := object[resource.SigKey]
	if !marked {
		return resource.NewObjectProperty(object), nil
	}
	switch mark.V {
	case resource.SecretSig:
		if value, found := object["value"]; found {
			return resource.MakeSecret(value), nil
		}
		return resource.PropertyValue{}, errors.New("the engine's question has a secret without a value")
	case resource.AssetSig:
		file, _, err := asset.Deserialize(object.Mappable())
		return resource.NewAssetProperty(file), err
	case resource.ArchiveSig:
		files, _, err := archive.Deserialize(object.Mappable())
		return resource.NewArchiveProperty(files), err
	default:
		return resource.PropertyValue{}, fmt.Errorf("the engine's question has an object with mark %v, which policy packs are not sent", mark.V)
	}
}
