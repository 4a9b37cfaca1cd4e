package serve

import (
	"errors"
	"fmt"
	"math"

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

// kinds are how each form of a value is sent.
var kinds = map[protowire.Number]protowire.Type{
	nullValue: protowire.VarintType, numberValue: protowire.Fixed64Type, stringValue: protowire.BytesType,
	boolValue: protowire.VarintType, structValue: protowire.BytesType, listValue: protowire.BytesType,
}

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
	all := make(resource.PropertyMap, count(sent, entriesOfStruct))
	for len(sent) > 0 {
		entry, rest, err := next(sent)
		if err != nil {
			return nil, err
		}
		if sent = rest; !entry.is(entriesOfStruct) {
			continue
		}
		key, value, err := keyAndValue(entry.content)
		if err != nil {
			return nil, err
		}
		if all[key], err = valueOf(value); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// keyAndValue reads an entry of an object, and its value not yet.
func keyAndValue(sent []byte) (key resource.PropertyKey, value []byte, err error) {
	var part field
	for len(sent) > 0 {
		if part, sent, err = next(sent); err != nil {
			return "", nil, err
		}
		switch {
		case part.is(keyOfEntry):
			key = resource.PropertyKey(part.content)
		case part.is(valueOfEntry):
			value = part.content
		}
	}
	return key, value, nil
}

// valueOf reads a value. One that is secret or not known stays so.
func valueOf(sent []byte) (resource.PropertyValue, error) {
	var form, one field // the last form counts
	var err error
	for len(sent) > 0 {
		if one, sent, err = next(sent); err != nil {
			return resource.PropertyValue{}, err
		}
		if kind, known := kinds[one.number]; known && kind == one.kind {
			form = one
		}
	}
	switch form.number {
	case nullValue:
		return resource.NewNullProperty(), nil
	case numberValue:
		return resource.NewNumberProperty(math.Float64frombits(form.bits)), nil
	case boolValue:
		return resource.NewBoolProperty(form.bits != 0), nil
	case stringValue:
		if element, found := unknown[string(form.content)]; found {
			return resource.MakeComputed(element), nil
		}
		return resource.NewStringProperty(string(form.content)), nil
	case listValue:
		return listOf(form.content)
	case structValue:
		return objectOf(form.content)
	default:
		return resource.PropertyValue{}, errors.New("the engine's question has a value that is of no kind")
	}
}

func listOf(sent []byte) (resource.PropertyValue, error) {
	values := make([]resource.PropertyValue, 0, count(sent, valuesOfList))
	for len(sent) > 0 {
		item, rest, err := next(sent)
		if err != nil {
			return resource.PropertyValue{}, err
		}
		if sent = rest; !item.is(valuesOfList) {
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
