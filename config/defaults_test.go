package config

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
