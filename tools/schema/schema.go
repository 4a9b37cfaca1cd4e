package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"time"
	"unicode"

	"github.com/invopop/jsonschema"
	"k8s.io/apimachinery/pkg/api/resource"

	"platform/config"
)

// platforms are the types of the stack files, by the file of their schema.
var platforms = map[string]any{
	"config/epfl.schema.json":     &config.EPFL{},
	"config/eddcloud.schema.json": &config.EddCloud{},
}

// schemas are the texts of all schemas, by file. It reads the comments of package
// config, so the working folder has to be the project's.
func schemas() (map[string][]byte, error) {
	texts := map[string][]byte{}
	for path, platform := range platforms {
		schema, err := stackFile(platform)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		var text bytes.Buffer
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(schema); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		texts[path] = text.Bytes()
	}
	return texts, nil
}

// stackFile is the schema of a stack file with the settings of a platform, each
// with its namespace. What [config] refuses it refuses too, as far as types tell.
func stackFile(platform any) (*jsonschema.Schema, error) {
	reflector := jsonschema.Reflector{
		Anonymous: true, ExpandedStruct: true, RequiredFromJSONSchemaTags: true,
		FieldNameTag: "key", Mapper: scalars(),
	}
	if err := reflector.AddGoComments("platform", "./config"); err != nil {
		return nil, err
	}
	settings := reflector.Reflect(platform)
	for _, schema := range settings.Definitions {
		dropUnset(schema)
	}
	dropUnset(settings)
	keys := jsonschema.NewProperties()
	for pair := settings.Properties.Oldest(); pair != nil; pair = pair.Next() {
		keys.Set(config.Namespace+":"+pair.Key, pair.Value)
	}
	for _, key := range config.EngineKeys {
		keys.Set(key, &jsonschema.Schema{Description: "a setting of the engine"})
	}
	file := jsonschema.NewProperties()
	file.Set("config", &jsonschema.Schema{
		Description: settings.Description, Type: "object", Properties: keys, AdditionalProperties: jsonschema.FalseSchema,
	})
	file.Set("environment", &jsonschema.Schema{Type: "array", Description: "environments of Pulumi ESC, for secretValues alone"})
	for _, key := range config.EncryptionKeys {
		file.Set(key, &jsonschema.Schema{Type: "string", Description: "how the engine encrypts secret values; pulumi writes it"})
	}
	return &jsonschema.Schema{
		Version: jsonschema.Version, Title: "A stack file of this project", Type: "object",
		Properties: file, AdditionalProperties: jsonschema.FalseSchema, Definitions: settings.Definitions,
	}, nil
}

// dropUnset removes the fields that no stack file sets: those without a key, whose
// name is that of the Go field.
func dropUnset(schema *jsonschema.Schema) {
	if schema.Properties == nil {
		return
	}
	var fields []string
	for pair := schema.Properties.Oldest(); pair != nil; pair = pair.Next() {
		if unicode.IsUpper(rune(pair.Key[0])) {
			fields = append(fields, pair.Key)
		}
	}
	for _, field := range fields {
		schema.Properties.Delete(field)
	}
}

// scalars maps the types that one value of YAML fills to their schemas.
func scalars() func(reflect.Type) *jsonschema.Schema {
	choices := config.Choices()
	secure := jsonschema.NewProperties()
	secure.Set("secure", &jsonschema.Schema{Type: "string"})
	texts := map[reflect.Type]jsonschema.Schema{
		reflect.TypeFor[netip.Prefix](): {Type: "string", Pattern: `^[0-9A-Fa-f.:]+/[0-9]+$`, Examples: []any{"10.0.0.0/8"}},
		reflect.TypeFor[netip.Addr]():   {Type: "string", Pattern: `^[0-9A-Fa-f.:]+$`, Examples: []any{"192.168.3.100"}},
		reflect.TypeFor[config.SecretText](): {
			Type: "object", Description: "encrypted; pulumi config set --secret --path writes it",
			Properties: secure, Required: []string{"secure"}, AdditionalProperties: jsonschema.FalseSchema,
		},
		reflect.TypeFor[time.Duration](): {Type: "string", Pattern: `^[-+]?([0-9.]+(ns|us|µs|ms|s|m|h))+$`, Examples: []any{"30s", "168h"}},
		reflect.TypeFor[resource.Quantity](): {
			OneOf: []*jsonschema.Schema{
				{Type: "string", Pattern: `^[0-9.]+(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][-+]?[0-9]+)?$`},
				{Type: "number"},
			},
			Examples: []any{"500m", "512Mi", 2},
		},
	}
	return func(t reflect.Type) *jsonschema.Schema {
		if values, is := choices[t]; is {
			return &jsonschema.Schema{Type: "string", Enum: values}
		}
		if text, is := texts[t]; is {
			return &text
		}
		return nil
	}
}

// header is the first line of a stack file.
func header(path string) string {
	return "# yaml-language-server: $schema=" + strings.TrimPrefix(path, "./")
}
