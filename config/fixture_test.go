package config

import (
	"flag"
	"maps"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const testStack = "prod"

// absent removes a key from the fixture.
const absent = "\x00absent"

// change is one key of the fixture and the value that takes its place.
type change struct {
	path  string
	value any
}

// bad is one row: a change of the valid fixture, and the one error it causes.
type bad struct {
	changes          []change
	key, why, remedy string
}

// on changes one key.
func on(path string, value any) []change { return []change{{path, value}} }

// The fixtures: valid, and silent about whatever has a default.
const (
	epflFixture = "testdata/valid.yaml"
	coreFixture = "testdata/eddcloud.yaml"
)

// fixture is the configuration of a stack file as a tree, keys without their
// namespace.
func fixture(t testing.TB, path string) map[string]any {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	var file struct {
		Config map[string]any `json:"config"`
	}
	require.NoError(t, yaml.Unmarshal(content, &file))
	tree := map[string]any{}
	for key, value := range file.Config {
		tree[strings.TrimPrefix(key, Namespace+":")] = value
	}
	return tree
}

// raw writes a tree as the engine hands it over.
func raw(t testing.TB, tree map[string]any) map[string]string {
	t.Helper()
	flat := map[string]string{}
	for key, value := range tree {
		flat[key] = asEngine(value)
	}
	return flat
}

// changed is a fixture after some changes.
func changed(t testing.TB, path string, changes ...change) map[string]any {
	t.Helper()
	tree := fixture(t, path)
	for _, c := range changes {
		put(t, tree, steps(c.path), c.value)
	}
	return tree
}

// parseChanged parses EPFL's fixture after some changes.
func parseChanged(t testing.TB, changes ...change) (*EPFL, error) {
	t.Helper()
	return Parse[EPFL](testStack, raw(t, changed(t, epflFixture, changes...)))
}

// parseCore parses Edd Cloud's fixture after some changes.
func parseCore(t testing.TB, changes ...change) (*EddCloud, error) {
	t.Helper()
	return Parse[EddCloud](testStack, raw(t, changed(t, coreFixture, changes...)))
}

var step = regexp.MustCompile(`\[[^\]]*\]|[^.\[]+`)

// steps takes a path such as nodes[0].labels[a.b/c] apart.
func steps(path string) []string {
	return step.FindAllString(path, -1)
}

// put sets a value in a tree, making the objects on the way to it.
func put(t testing.TB, tree map[string]any, path []string, value any) {
	t.Helper()
	name := strings.Trim(path[0], "[]")
	if len(path) == 1 {
		if value == absent {
			delete(tree, name)
			return
		}
		tree[name] = value
		return
	}
	if list, isList := tree[name].([]any); isList {
		index, err := strconv.Atoi(strings.Trim(path[1], "[]"))
		require.NoError(t, err)
		holder := map[string]any{"item": list[index]}
		put(t, holder, append([]string{"item"}, path[2:]...), value)
		list[index] = holder["item"]
		return
	}
	below, isObject := tree[name].(map[string]any)
	if !isObject {
		below = map[string]any{}
	}
	tree[name] = below
	put(t, below, path[1:], value)
}

// reject runs rows on EPFL's fixture.
func reject(t *testing.T, rows map[string]bad) {
	t.Helper()
	rejects(t, rows, parseChanged)
}

// rejectCore runs rows on Edd Cloud's fixture.
func rejectCore(t *testing.T, rows map[string]bad) {
	t.Helper()
	rejects(t, rows, parseCore)
}

// rejects runs rows: each must cause its one error, worded as the row says.
func rejects[P Platform](t *testing.T, rows map[string]bad, parse func(testing.TB, ...change) (P, error)) {
	t.Helper()
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			c, err := parse(t, row.changes...)
			require.Error(t, err)
			assert.Nil(t, c, "a faulty configuration must not be returned")
			var problems Errors
			require.ErrorAs(t, err, &problems)
			want := Error{Key: row.key, Stack: testStack, Why: row.why, Remedy: row.remedy + " in Pulumi.prod.yaml"}
			assert.Equal(t, Errors{want}, problems)
		})
	}
}

// keysOf lists the keys of the errors in an error.
func keysOf(t *testing.T, err error) []string {
	t.Helper()
	problems := problemsOf(t, err)
	keys := make([]string, 0, len(problems))
	for _, problem := range problems {
		keys = append(keys, problem.Key)
	}
	return keys
}

// pathsOf lists every key of a tree beside the type of its field.
func pathsOf(prefix string, value any, t reflect.Type) map[string]reflect.Type {
	paths := map[string]reflect.Type{}
	if prefix != "" {
		paths[prefix] = t
	}
	switch value := value.(type) {
	case map[string]any:
		for name, below := range value {
			if t.Kind() == reflect.Struct {
				maps.Copy(paths, pathsOf(join(prefix, name), below, fieldsOf(t)[name]))
			} else {
				maps.Copy(paths, pathsOf(prefix+"["+name+"]", below, t.Elem()))
			}
		}
	case []any:
		for i, below := range value {
			maps.Copy(paths, pathsOf(prefix+"["+strconv.Itoa(i)+"]", below, t.Elem()))
		}
	}
	return paths
}
