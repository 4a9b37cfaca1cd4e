package components_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"platform/tests/recorder"
)

// record is what a program registered.
type record []recorder.Resource

// run fails the test unless the program is accepted.
func run(t *testing.T, register program) record {
	t.Helper()
	resources, err := recorder.Run("dev", register)
	require.NoError(t, err)
	return resources
}

// of finds the objects of a kind, such as Deployment; components are none.
func (r record) of(kind string) record {
	var found record
	for _, one := range r {
		if one.Custom && strings.HasSuffix(one.Type, ":"+kind) {
			found = append(found, one)
		}
	}
	return found
}

// one finds the resource of a kind and, where there may be several, a name.
func (r record) one(t *testing.T, kind string, name ...string) recorder.Resource {
	t.Helper()
	var found record
	for _, one := range r.of(kind) {
		if len(name) == 0 || one.Name == name[0] {
			found = append(found, one)
		}
	}
	require.Len(t, found, 1, "%s %v", kind, name)
	return found[0]
}

// names lists kind and name of every custom resource.
func (r record) names() []string {
	var names []string
	for _, one := range r {
		if one.Custom && !strings.HasPrefix(one.Type, "pulumi:") {
			names = append(names, one.Type[strings.LastIndex(one.Type, ":")+1:]+" "+one.Name)
		}
	}
	return names
}

// dig walks maps by key and lists by index; what is absent is nil.
func dig(value any, path ...any) any {
	for _, step := range path {
		switch key := step.(type) {
		case string:
			object, _ := value.(map[string]any)
			value = object[key]
		case int:
			list, _ := value.([]any)
			if key >= len(list) {
				return nil
			}
			value = list[key]
		}
	}
	return value
}

// list is dig for a list; what is absent is empty.
func list(value any, path ...any) []any {
	found, _ := dig(value, path...).([]any)
	return found
}

// podTemplate is where each kind of resource keeps its pod template.
var podTemplate = map[string][]any{
	"Deployment":  {"spec", "template"},
	"StatefulSet": {"spec", "template"},
	"DaemonSet":   {"spec", "template"},
	"Job":         {"spec", "template"},
	"CronJob":     {"spec", "jobTemplate", "spec", "template"},
}

// pods are the pod templates by kind and name.
func (r record) pods() map[string]any {
	pods := map[string]any{}
	for kind, path := range podTemplate {
		for _, one := range r.of(kind) {
			pods[kind+" "+one.Name] = dig(one.Inputs, path...)
		}
	}
	return pods
}

// pod is the only pod template of a kind.
func (r record) pod(t *testing.T, kind string, name ...string) any {
	t.Helper()
	return dig(r.one(t, kind, name...).Inputs, podTemplate[kind]...)
}

// containers are all containers of a pod template, by name.
func containers(pod any) map[string]any {
	all := map[string]any{}
	for _, group := range []string{"initContainers", "containers"} {
		for _, container := range list(pod, "spec", group) {
			all[dig(container, "name").(string)] = container
		}
	}
	return all
}

// environment is the variables of a container: a literal value, or
// secret/key, or the path of a field.
func environment(container any) map[string]any {
	variables := map[string]any{}
	for _, variable := range list(container, "env") {
		value := dig(variable, "value")
		if secret := dig(variable, "valueFrom", "secretKeyRef"); secret != nil {
			value = fmt.Sprintf("%v/%v", dig(secret, "name"), dig(secret, "key"))
		}
		if field := dig(variable, "valueFrom", "fieldRef", "fieldPath"); field != nil {
			value = field
		}
		variables[dig(variable, "name").(string)] = value
	}
	return variables
}

// decoded is the content of a Secret.
func decoded(t *testing.T, secret recorder.Resource) map[string]string {
	t.Helper()
	content := map[string]string{}
	for key, value := range secret.Clear["data"].(map[string]any) {
		plain, err := base64.StdEncoding.DecodeString(value.(string))
		require.NoError(t, err)
		content[key] = string(plain)
	}
	return content
}

// dependsOn says whether a resource waits for another, given by kind and name.
func dependsOn(r recorder.Resource, kind, name string) bool {
	for _, urn := range r.DependsOn {
		if strings.HasSuffix(urn, ":"+kind+"::"+name) {
			return true
		}
	}
	return false
}

// requireClosed fails if a secret of the fixtures is in clear, or merely
// encoded, anywhere in what was registered.
func requireClosed(t *testing.T, resources record) {
	t.Helper()
	content, err := json.Marshal(resources)
	require.NoError(t, err)
	traces := []string{"c4n4ry", "p%40ss"}
	for shift := range 3 { // base64 writes a text in three ways, depending on what stands before it
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", shift) + canary))
		traces = append(traces, encoded[4:12])
	}
	for _, trace := range traces {
		require.NotContains(t, string(content), trace)
	}
}
