package review_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"

	"platform/tools/review"
)

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

func TestLeavesThatDiffer(t *testing.T) {
	for name, c := range map[string]struct {
		old, now string
		paths    []string
		want     []review.Diff
	}{
		"a leaf":         {"spec: {replicas: 2}", "spec: {replicas: 4}", []string{"spec.replicas"}, []review.Diff{{Path: "spec.replicas", Old: "2", New: "4"}}},
		"added":          {"spec: {a: x}", "spec: {a: x, b: true}", []string{"spec.b"}, []review.Diff{{Path: "spec.b", New: "true"}}},
		"removed":        {"spec: {a: x, b: 1.5}", "spec: {a: x}", []string{"spec.b"}, []review.Diff{{Path: "spec.b", Old: "1.5"}}},
		"dots, slashes":  {"metadata: {labels: {app.kubernetes.io/name: a}}", "metadata: {labels: {app.kubernetes.io/name: b}}", []string{`metadata.labels["app.kubernetes.io/name"]`}, []review.Diff{{Path: `metadata.labels["app.kubernetes.io/name"]`, Old: "a", New: "b"}}},
		"slash in bare":  {"metadata: {annotations: {platform/revision: a}}", "metadata: {annotations: {platform/revision: b}}", []string{"metadata.annotations.platform/revision"}, []review.Diff{{Path: `metadata.annotations["platform/revision"]`, Old: "a", New: "b"}}},
		"a container":    {"spec: {a: {x: 1, z: [1, 2]}}", "spec: {a: {x: 1, z: [1, 3, 4]}}", []string{"spec"}, []review.Diff{{Path: "spec.a.z[1]", Old: "2", New: "3"}, {Path: "spec.a.z[2]", New: "4"}}},
		"no details":     {"spec: {a: 1, b: 2}", "spec: {a: 1, b: 3}", nil, []review.Diff{{Path: "spec.b", Old: "2", New: "3"}}},
		"unreadable":     {"spec: {a: 1}", "spec: {a: 3}", []string{"spec[", "spec.a"}, []review.Diff{{Path: "spec.a", Old: "1", New: "3"}}},
		"empty map":      {"spec: {a: {}}", "spec: {a: {b: 1}}", []string{"spec.a"}, []review.Diff{{Path: "spec.a.b", New: "1"}}},
		"empty list":     {"spec: {b: 1}", "spec: {a: [], b: 1}", []string{"spec.a"}, []review.Diff{{Path: "spec.a", New: "[]"}}},
		"list to map":    {"spec: {a: [x]}", "spec: {a: {b: 1}}", []string{"spec.a"}, []review.Diff{{Path: "spec.a.b", New: "1"}, {Path: "spec.a[0]", Old: "x"}}},
		"map to text":    {"spec: {a: {b: 1}}", "spec: {a: x}", []string{"spec.a"}, []review.Diff{{Path: "spec.a", New: "x"}, {Path: "spec.a.b", Old: "1"}}},
		"not known":      {"spec: {a: x}", "spec: {a: " + unknown + "}", []string{"spec.a"}, []review.Diff{{Path: "spec.a", Old: "x", Unknown: true}}},
		"part not known": {"spec: {a: {b: x}}", "spec: {a: " + unknown + "}", []string{"spec.a.b"}, []review.Diff{{Path: "spec.a.b", Old: "x", Unknown: true}}},
		"whole unknown":  {"spec: {a: {b: x}}", "spec: {a: " + unknown + "}", []string{"spec.a"}, []review.Diff{{Path: "spec.a", Unknown: true}, {Path: "spec.a.b", Old: "x"}}},
		"as YAML":        {"spec: {a: 'true', b: '8080', c: ''}", "spec: {a: 'x: y', b: 5Gi, c: null}", []string{"spec"}, []review.Diff{{Path: "spec.a", Old: `"true"`, New: `"x: y"`}, {Path: "spec.b", Old: `"8080"`, New: "5Gi"}, {Path: "spec.c", Old: `""`}}},
		"counted":        {"spec: {a: [1,1,1,1,1,1,1,1,1,1,1]}", "spec: {a: [1,1,2,1,1,1,1,1,1,1,2]}", []string{"spec.a[10]", "spec.a[2]"}, []review.Diff{{Path: "spec.a[2]", Old: "1", New: "2"}, {Path: "spec.a[10]", Old: "1", New: "2"}}},
		"named twice":    {"spec: {a: {b: 1}}", "spec: {a: {b: 2}}", []string{"spec.a", "spec.a.b"}, []review.Diff{{Path: "spec.a.b", Old: "1", New: "2"}}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, diffsOf(t, at(one(t, apitype.OpUpdate, "apps/v1:Deployment", "a", c.old, c.now), apitype.DiffUpdate, c.paths...)))
		})
	}
}

// What the program says stays the same where the cluster has another value.
func TestWhatTheClusterHasIsCompared(t *testing.T) {
	step := at(one(t, apitype.OpUpdate, "apps/v1:Deployment", "a", "spec: {replicas: 2}", "spec: {replicas: 2}"), apitype.DiffUpdate, "spec.replicas", "spec.paused")
	step.Old.Outputs = map[string]any{"spec": map[string]any{"replicas": 5.0, "paused": true}}
	assert.Equal(t, []review.Diff{{Path: "spec.paused", Old: "true"}, {Path: "spec.replicas", Old: "5", New: "2"}}, diffsOf(t, step))
}

func TestNewObjectsAreAllAdditions(t *testing.T) {
	assert.Equal(t, []review.Diff{{Path: "kind", New: "ConfigMap"}, {Path: "metadata.name", New: "a-1b2c"}, {Path: "text", New: `"a\nb\n"`}},
		diffsOf(t, one(t, apitype.OpCreate, "core/v1:ConfigMap", "a", "", `{__autonamed: true, __initialApiVersion: v1, kind: ConfigMap, text: "a\nb\n", metadata: {name: a-1b2c, annotations: {pulumi.com/autonamed: 'true'}}}`)))
}

func TestTextsAreComparedByLines(t *testing.T) {
	long := func(value string) string {
		return `'{"panels": [{"title": "` + value + `", "type": "graph"}], "description": "` + strings.Repeat("x", 100) + `"}'`
	}
	for name, c := range map[string]struct {
		old, now string
		want     []review.Diff
	}{
		"changed":         {`"a\nb\nc\n"`, `"a\nB\nc\n"`, []review.Diff{{Path: `data["x.conf"]:2`, Old: "b", New: "B"}}},
		"added":           {`"a\nc\n"`, `"a\n  b\n\nc\n"`, []review.Diff{{Path: `data["x.conf"]:2`, New: "  b"}, {Path: `data["x.conf"]:3`, New: `""`}}},
		"removed":         {`"a\nb\nc"`, `"a\nc"`, []review.Diff{{Path: `data["x.conf"]:2`, Old: "b"}}},
		"one becomes two": {`"a"`, `"a\nb"`, []review.Diff{{Path: `data["x.conf"]:2`, New: "b"}}},
		"how it ends":     {`"a\nb"`, `"a\nb\n"`, []review.Diff{{Path: `data["x.conf"]`, Old: `"a\nb"`, New: `"a\nb\n"`}}},
		"two places":      {`"a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n"`, `"A\nb\nc\nd\ne\nf\ng\nh\ni\nJ\nk\n"`, []review.Diff{{Path: `data["x.conf"]:1`, Old: "a", New: "A"}, {Path: `data["x.conf"]:10`, Old: "j", New: "J"}, {Path: `data["x.conf"]:11`, New: "k"}}},
		"a dashboard":     {long("CPU"), long("Memory"), []review.Diff{{Path: `data["x.conf"]:5`, Old: `      "title": "CPU",`, New: `      "title": "Memory",`}}},
		"one line":        {"a", "b", []review.Diff{{Path: `data["x.conf"]`, Old: "a", New: "b"}}},
	} {
		t.Run(name, func(t *testing.T) {
			step := one(t, apitype.OpUpdate, "core/v1:ConfigMap", "a", "data: {x.conf: "+c.old+"}", "data: {x.conf: "+c.now+"}")
			assert.Equal(t, c.want, diffsOf(t, at(step, apitype.DiffUpdate, `data["x.conf"]`)))
		})
	}
}

func TestLongValuesAreCut(t *testing.T) {
	old, now := strings.Repeat("ü", 300)+"a", strings.Repeat("ü", 300)+"b"
	diffs := diffsOf(t, one(t, apitype.OpUpdate, "core/v1:ConfigMap", "a", "data: {a: "+old+"}", "data: {a: "+now+"}"))
	assert.Equal(t, `"`+strings.Repeat("ü", 199)+"… (601 bytes, sha256 65d1cf93)", diffs[0].Old)
	assert.NotEqual(t, diffs[0].Old, diffs[0].New, "the hash tells them apart")
	assert.LessOrEqual(t, len(diffs[0].Old), review.Longest+40)
	lines := diffsOf(t, one(t, apitype.OpUpdate, "core/v1:ConfigMap", "a", `data: {a: "x\n`+old+`"}`, `data: {a: "x\n`+now+`"}`))
	assert.Contains(t, lines[0].New, "… (601 bytes, sha256 ")
	assert.Len(t, lines, 1)
}

// Texts of so many lines that nobody reads are values as any other.
func TestHugeTextsAreCut(t *testing.T) {
	huge := strings.Repeat(`a\n`, 15000)
	diffs := diffsOf(t, one(t, apitype.OpUpdate, "core/v1:ConfigMap", "a", `data: {a: "`+huge+`"}`, `data: {a: "b\n`+huge+`"}`))
	assert.Len(t, diffs, 1)
	assert.Contains(t, diffs[0].New, "sha256")
}
