package config

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/yaml"
)

// The fixtures leave out whatever has a default: the golden files show it.
func TestDefaultsGolden(t *testing.T) {
	epfl, err := parseChanged(t)
	require.NoError(t, err)
	matchesGolden(t, "testdata/defaults.golden.yaml", *epfl)
	core, err := parseCore(t)
	require.NoError(t, err)
	matchesGolden(t, "testdata/eddcloud.golden.yaml", *core)
}

func matchesGolden(t *testing.T, golden string, tree any) {
	t.Helper()
	content, err := yaml.Marshal(dump(reflect.ValueOf(tree)))
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile(golden, content, 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(content), "run go test ./config -update if this is meant")
}

func TestDefaultsOfOtherModes(t *testing.T) {
	c, err := parseChanged(t, change{"postgres", map[string]any{
		"mode": "managed", "managed": map[string]any{"host": "db.epfl.ch", "cidr": "128.178.0.0/16"},
	}}, change{"edge.kind", "route"})
	require.NoError(t, err)
	assert.Equal(t, DefaultManagedPort, c.Postgres.Managed.Port)
	assert.Equal(t, DefaultSSLMode, c.Postgres.Managed.SSLMode)
	assert.Empty(t, c.Postgres.Backup.Schedule, "a backup that is off has no schedule")
	assert.Empty(t, c.Edge.Class, "a Route has no class")
}

func TestDefaultsLeaveWhatIsWritten(t *testing.T) {
	c, err := parseChanged(t, change{"backend.livePath", "/live"}, change{"redis.maxMemoryMiB", 100},
		change{"monitoring.prometheusLabels", map[string]any{"app": "prometheus"}}, change{"topology.nodes[0].pods", 30})
	require.NoError(t, err)
	assert.Equal(t, "/live", c.Backend.LivePath)
	assert.Equal(t, DefaultReadyPath, c.Backend.ReadyPath)
	assert.Equal(t, 100, c.Redis.MaxMemoryMiB)
	assert.Equal(t, map[string]string{"app": "prometheus"}, c.Monitoring.PrometheusLabels)
	assert.Equal(t, 30, c.Topology.Nodes[0].Pods)
}

func TestDefaultsAreTheSameTwice(t *testing.T) {
	once, err := parseChanged(t)
	require.NoError(t, err)
	twice, err := parseChanged(t)
	require.NoError(t, err)
	twice.applyDefaults()
	assert.Equal(t, once, twice)
	first, err := parseCore(t)
	require.NoError(t, err)
	second, err := parseCore(t)
	require.NoError(t, err)
	second.applyDefaults()
	assert.Equal(t, first, second)
}

// dump is a tree as its keys and values, rich types as they are written and
// fields that have no key by their own names.
func dump(v reflect.Value) any {
	if text, ok := v.Interface().(fmt.Stringer); ok {
		return text.String()
	}
	if v.Kind() == reflect.Struct && isScalar(v.Type()) {
		addressable := reflect.New(v.Type())
		addressable.Elem().Set(v)
		return addressable.Interface().(fmt.Stringer).String()
	}
	switch v.Kind() {
	case reflect.Struct:
		object := map[string]any{}
		for i := range v.NumField() {
			field, value := v.Type().Field(i), dump(v.Field(i))
			if field.Anonymous {
				maps.Copy(object, value.(map[string]any))
				continue
			}
			object[cmp.Or(field.Tag.Get(tag), field.Name)] = value
		}
		return object
	case reflect.Map:
		if v.IsNil() {
			return nil
		}
		object := map[string]any{}
		for _, key := range v.MapKeys() {
			object[key.String()] = dump(v.MapIndex(key))
		}
		return object
	case reflect.Slice:
		list := []any{}
		for i := range v.Len() {
			list = append(list, dump(v.Index(i)))
		}
		return list
	default:
		return v.Interface()
	}
}

// TestNothingGivenIsOverruled gives every setting of both platforms zero, false
// or nothing: it counts, or it is an error.
func TestNothingGivenIsOverruled(t *testing.T) {
	for path, parse := range map[string]func(t testing.TB, changes ...change) (any, error){
		epflFixture: func(t testing.TB, changes ...change) (any, error) { return parseChanged(t, changes...) },
		coreFixture: func(t testing.TB, changes ...change) (any, error) { return parseCore(t, changes...) },
	} {
		whole, err := parse(t)
		require.NoError(t, err)
		tried := 0
		for key, zero := range zerosOf("", reflect.ValueOf(whole).Elem()) {
			tried++
			cfg, err := parse(t, change{key, zero})
			if err != nil {
				continue
			}
			for found, value := range settingsOf("", reflect.ValueOf(cfg).Elem()) {
				if found != key {
					continue
				}
				if kind := value.Kind(); kind == reflect.Map || kind == reflect.Slice {
					assert.Zero(t, value.Len(), "%s: %s was given empty", path, key)
				} else {
					assert.True(t, value.IsZero() || asWritten(value) == "0" || asWritten(value) == "0s", "%s: %s was given as %v and became %s", path, key, zero, asWritten(value))
				}
			}
		}
		assert.Greater(t, tried, 100, path)
	}
	_, err := parseChanged(t, change{"services", map[string]any{"docs": map[string]any{"replicas": 0}}})
	assert.ErrorContains(t, err, "platform:services[docs].replicas (stack prod): zero and nothing do not count here, and it would become 1; "+
		"write another value, or leave the key out to get the default, in Pulumi.prod.yaml")
	_, err = parseChanged(t, change{"monitoring.prometheusLabels", map[string]any{}})
	assert.ErrorContains(t, err, "platform:monitoring.prometheusLabels (stack prod): zero and nothing do not count here")
}

// settingsOf are all settings of a tree by their keys, objects and lists too.
func settingsOf(key string, value reflect.Value) map[string]reflect.Value {
	all := map[string]reflect.Value{}
	if key != "" {
		all[key] = value
	}
	for value.Kind() == reflect.Pointer && !value.IsNil() {
		value = value.Elem()
	}
	switch {
	case value.Kind() == reflect.Struct && !isScalar(value.Type()):
		for name := range fieldsOf(value.Type()) {
			maps.Copy(all, settingsOf(join(key, name), fieldOf(value, name)))
		}
	case value.Kind() == reflect.Map:
		for _, name := range value.MapKeys() {
			maps.Copy(all, settingsOf(key+"["+name.String()+"]", value.MapIndex(name)))
		}
	case value.Kind() == reflect.Slice:
		for i := range value.Len() {
			maps.Copy(all, settingsOf(key+"["+strconv.Itoa(i)+"]", value.Index(i)))
		}
	}
	return all
}

// zerosOf is nothing, as a stack file has it, for each setting of a tree.
func zerosOf(key string, value reflect.Value) map[string]any {
	all := map[string]any{}
	for key, value := range settingsOf(key, value) {
		switch t := pointed(value.Type()); {
		case t == reflect.TypeFor[time.Duration]():
			all[key] = "0s"
		case t == reflect.TypeFor[resource.Quantity]():
			all[key] = "0"
		case isScalar(t):
			all[key] = ""
		case t.Kind() == reflect.Int:
			all[key] = 0
		case t.Kind() == reflect.Bool:
			all[key] = false
		case t.Kind() == reflect.Slice:
			all[key] = []any{}
		case t.Kind() == reflect.Map: // an object without fields says nothing
			all[key] = map[string]any{}
		}
	}
	return all
}
