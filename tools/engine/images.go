package engine

import (
	"cmp"
	"reflect"
	"slices"

	"platform/config"
	"platform/tools/images"
)

// wantedImages are those that a stack names anywhere in its configuration, with
// the ports and the health path that stand beside one, sorted.
func wantedImages(of config.Platform) []images.Image {
	found := map[string]images.Image{}
	collectImages(reflect.ValueOf(of), found)
	var all []images.Image
	for _, one := range found {
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b images.Image) int { return cmp.Compare(a.Ref, b.Ref) })
	return all
}

// collectImages walks a configuration down to every field named Image.
func collectImages(value reflect.Value, found map[string]images.Image) {
	switch value.Kind() { //nolint:exhaustive // others hold no fields
	case reflect.Pointer, reflect.Interface:
		if !value.IsNil() {
			collectImages(value.Elem(), found)
		}
	case reflect.Slice, reflect.Array:
		for i := range value.Len() {
			collectImages(value.Index(i), found)
		}
	case reflect.Map:
		for _, key := range value.MapKeys() {
			collectImages(value.MapIndex(key), found)
		}
	case reflect.Struct:
		if ref := value.FieldByName("Image"); ref.IsValid() && ref.Kind() == reflect.String && ref.String() != "" {
			found[ref.String()] = imageBeside(value, ref.String())
		}
		for i := range value.NumField() {
			if value.Type().Field(i).IsExported() {
				collectImages(value.Field(i), found)
			}
		}
	}
}

// imageBeside is an image with what its settings say of the container.
func imageBeside(settings reflect.Value, ref string) images.Image {
	image := images.Image{Ref: ref}
	for _, name := range []string{"Port", "GRPCPort"} {
		if port := settings.FieldByName(name); port.IsValid() && port.CanInt() && port.Int() > 0 {
			image.Ports = append(image.Ports, int(port.Int()))
		}
	}
	if path := settings.FieldByName("HealthPath"); path.IsValid() && path.Kind() == reflect.String {
		image.HealthPath = path.String()
	}
	return image
}
