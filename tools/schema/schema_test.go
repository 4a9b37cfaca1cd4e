package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/config"
)

// schemaOf compiles the schema of what a stack deploys with another library than
// the one that writes it.
func schemaOf(t *testing.T, stack string) (path string, schema *jsonschema.Schema) {
	t.Helper()
	t.Chdir("../..")
	texts, err := schemas()
	require.NoError(t, err)
	platform, err := config.PlatformOf(stack)
	require.NoError(t, err)
	for path, one := range platforms {
		if reflect.TypeOf(one) == reflect.TypeOf(platform) {
			compiler := jsonschema.NewCompiler()
			require.NoError(t, compiler.AddResource(path, bytes.NewReader(texts[path])))
			schema, err := compiler.Compile(path)
			require.NoError(t, err)
			return path, schema
		}
	}
	t.Fatalf("stack %s has no schema", stack)
	return "", nil
}

// check is the error of the schema for a stack file.
func check(t *testing.T, schema *jsonschema.Schema, text string) error {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON([]byte(text))
	require.NoError(t, err)
	var value any
	require.NoError(t, json.Unmarshal(asJSON, &value))
	return schema.Validate(value)
}

func TestSchemasAreFresh(t *testing.T) {
	t.Chdir("../..")
	texts, err := schemas()
	require.NoError(t, err)
	for path, want := range texts {
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.True(t, bytes.Equal(want, got), "%s is not what the types say; make schema writes it again", path)
	}
}

func TestStackFilesFollowTheirSchema(t *testing.T) {
	paths, err := filepath.Glob("../../Pulumi.*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	t.Run("a base", func(t *testing.T) {
		text, err := os.ReadFile("../../config/epfl.yaml")
		require.NoError(t, err)
		name, schema := schemaOf(t, "prod")
		assert.True(t, strings.HasPrefix(string(text), header(filepath.Base(name))+"\n"), "its path is that beside the file")
		assert.NoError(t, check(t, schema, string(text)))
	})
	for _, path := range paths {
		stack := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "Pulumi."), ".yaml")
		t.Run(stack, func(t *testing.T) {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			name, schema := schemaOf(t, stack)
			assert.True(t, strings.HasPrefix(string(text), header(name)+"\n"), "the first line is %q", header(name))
			assert.NoError(t, check(t, schema, string(text)))
		})
	}
}

// The settings of the types and those of the schema are the same, at every depth.
func TestSchemaHasEverySetting(t *testing.T) {
	for _, stack := range []string{"local", "k3s"} {
		t.Run(stack, func(t *testing.T) {
			_, schema := schemaOf(t, stack)
			platform, err := config.PlatformOf(stack)
			require.NoError(t, err)
			want := slices.Clone(config.EngineKeys)
			settings := schema.Properties["config"].Properties
			for key, field := range settable(reflect.TypeOf(platform).Elem()) {
				want = append(want, "platform:"+key)
				compare(t, key, field, settings["platform:"+key])
			}
			assert.ElementsMatch(t, want, slices.Collect(maps.Keys(settings)))
		})
	}
}

// settable are the keys of a struct, with those of the structs that it embeds.
func settable(of reflect.Type) map[string]reflect.Type {
	keys := map[string]reflect.Type{}
	for i := range of.NumField() {
		field := of.Field(i)
		if field.Anonymous {
			maps.Copy(keys, settable(field.Type))
		} else if key := field.Tag.Get("key"); key != "" {
			keys[key] = field.Type
		}
	}
	return keys
}

// compare compares what a type takes with its schema.
func compare(t *testing.T, at string, of reflect.Type, schema *jsonschema.Schema) {
	t.Helper()
	require.NotNil(t, schema, at)
	for schema.Ref != nil {
		schema = schema.Ref
	}
	switch of.Kind() {
	case reflect.Pointer:
		compare(t, at, of.Elem(), schema)
	case reflect.Slice:
		compare(t, at+"[]", of.Elem(), schema.Items2020)
	case reflect.Map:
		of = of.Elem()
		each, _ := schema.AdditionalProperties.(*jsonschema.Schema)
		compare(t, at+"{}", of, each)
	case reflect.Struct:
		if of.PkgPath() == reflect.TypeFor[config.EPFL]().PkgPath() { // all others are written as one text
			keys := settable(of)
			assert.ElementsMatch(t, slices.Collect(maps.Keys(keys)), slices.Collect(maps.Keys(schema.Properties)), at)
			for key, field := range keys {
				compare(t, at+"."+key, field, schema.Properties[key])
			}
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	for name, c := range map[string]struct{ stack, text, want string }{
		"accepts a setting":       {"local", `{config: {"platform:backend": {logLevel: INFO, resources: {limits: {cpu: 500m, memory: 1Gi}}}}}`, ""},
		"accepts a number as cpu": {"local", `{config: {"platform:backend": {resources: {limits: {cpu: 2}}}}}`, ""},
		"accepts other settings":  {"local", `{config: {"pulumi:disable-default-providers": ["*"]}, encryptionsalt: v1}`, ""},
		"accepts an empty file":   {"k3s", `{}`, ""},
		"accepts a secret":        {"local", `{environment: [team], config: {"platform:secretValues": {backend-secrets/SECRET_KEY: {secure: "v1:a"}}}}`, ""},
		"accepts a service":       {"k3s", `{config: {"platform:services": {blog: {image: "a/b:1", platforms: [linux/amd64], needs: {services: [auth-service]}}}}}`, ""},
		"a misspelt setting":      {"local", `{config: {"platform:bakcend": {}}}`, "'platform:bakcend' not allowed"},
		"a misspelt key":          {"local", `{config: {"platform:backend": {logLevle: INFO}}}`, "'logLevle' not allowed"},
		"a secret in clear text":  {"local", `{config: {"platform:secretValues": {backend-secrets/SECRET_KEY: hunter2}}}`, "expected object, but got string"},
		"a provider's setting":    {"local", `{config: {"kubernetes:context": prod}}`, "'kubernetes:context' not allowed"},
		"a misspelt section":      {"local", `{konfig: {}}`, "'konfig' not allowed"},
		"no such choice":          {"local", `{config: {"platform:backend": {logLevel: LOUD}}}`, `value must be one of "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"`},
		"text for a number":       {"local", `{config: {"platform:frontend": {replicas: "2"}}}`, "expected integer, but got string"},
		"half a pod":              {"local", `{config: {"platform:frontend": {replicas: 2.5}}}`, "expected integer, but got number"},
		"text for an object":      {"local", `{config: {"platform:frontend": "on"}}`, "expected object, but got string"},
		"no quantity":             {"local", `{config: {"platform:frontend": {resources: {limits: {memory: 1 GB}}}}}`, "does not match pattern"},
		"no network":              {"k3s", `{config: {"platform:topology": {nodeNetwork: 192.168.0.0}}}`, "does not match pattern"},
		"no duration":             {"local", `{config: {"platform:monitoring": {scrapeInterval: 30}}}`, "expected string, but got number"},
		"of the other platform":   {"k3s", `{config: {"platform:backend": {}}}`, "'platform:backend' not allowed"},
		"what only Go code sets":  {"k3s", `{config: {"platform:services": {blog: {App: blog}}}}`, "'App' not allowed"},
		"a key of an entry":       {"k3s", `{config: {"platform:services": {blog: {imgae: "a/b:1"}}}}`, "'imgae' not allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			_, schema := schemaOf(t, c.stack)
			err := check(t, schema, c.text)
			if c.want == "" {
				assert.NoError(t, err)
				return
			}
			var wrong *jsonschema.ValidationError
			require.ErrorAs(t, err, &wrong)
			assert.Contains(t, wrong.GoString()+wrong.Error(), c.want)
		})
	}
}
