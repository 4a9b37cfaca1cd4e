package engine

import (
	"strconv"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// step is one on an object whose inputs are YAML.
func step(t *testing.T, op apitype.OpType, kind, inputs string) apitype.StepEventMetadata {
	t.Helper()
	state := &apitype.StepEventStateMetadata{}
	require.NoError(t, yaml.Unmarshal([]byte(inputs), &state.Inputs))
	one := apitype.StepEventMetadata{Op: op, Type: "kubernetes:" + kind, Old: state, New: state}
	if op == apitype.OpDelete {
		one.New = nil
	}
	return one
}

func TestSetReplicas(t *testing.T) {
	const web = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: a}, spec: {replicas: 2}}"
	const none = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: a}, spec: {}}"
	scaler := func(namespace, kind, name string) string {
		return "{kind: HorizontalPodAutoscaler, metadata: {name: s, namespace: " + namespace + "}, spec: {scaleTargetRef: {kind: " + kind + ", name: " + name + "}}}"
	}
	const of = "autoscaling/v2:HorizontalPodAutoscaler"
	for name, tc := range map[string]struct {
		op      apitype.OpType
		inputs  string
		beside  apitype.OpType // of the autoscaler
		scaler  string
		set     bool
		leaving int
	}{
		"set":                       {apitype.OpUpdate, web, "", "", true, 0},
		"left out":                  {apitype.OpUpdate, none, "", "", false, 0},
		"made":                      {apitype.OpCreate, web, "", "", false, 0},
		"not touched":               {apitype.OpSame, web, "", "", false, 0},
		"scaled":                    {apitype.OpUpdate, web, apitype.OpSame, scaler("a", "Deployment", "web"), false, 0},
		"about to be scaled":        {apitype.OpUpdate, web, apitype.OpCreate, scaler("a", "Deployment", "web"), false, 0},
		"scaled no more":            {apitype.OpUpdate, web, apitype.OpDelete, scaler("a", "Deployment", "web"), true, 1},
		"another is scaled":         {apitype.OpUpdate, web, apitype.OpSame, scaler("a", "Deployment", "api"), true, 0},
		"in another namespace":      {apitype.OpUpdate, web, apitype.OpSame, scaler("b", "Deployment", "web"), true, 0},
		"another kind is scaled":    {apitype.OpUpdate, web, apitype.OpSame, scaler("a", "StatefulSet", "web"), true, 0},
		"another's scaler is to go": {apitype.OpUpdate, web, apitype.OpDelete, scaler("a", "Deployment", "api"), true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			steps := []apitype.StepEventMetadata{step(t, tc.op, "apps/v1:Deployment", tc.inputs)}
			if tc.scaler != "" {
				steps = append(steps, step(t, tc.beside, of, tc.scaler))
			}
			found := setReplicas(steps)
			if !tc.set {
				assert.Empty(t, found)
				return
			}
			require.Len(t, found, 1)
			assert.Equal(t, "web", found[0].workload.GetName())
			assert.Equal(t, int64(2), found[0].wanted)
			assert.Len(t, found[0].scalers, tc.leaving)
		})
	}
}

func TestWithoutReplicas(t *testing.T) {
	entry := func(manager, fields string) metav1.ManagedFieldsEntry {
		return metav1.ManagedFieldsEntry{Manager: manager, FieldsV1: &metav1.FieldsV1{Raw: []byte(fields)}}
	}
	const replicas, image = `{"f:spec":{"f:replicas":{}}}`, `{"f:spec":{"f:paused":{}}}`
	for name, tc := range map[string]struct {
		before, after []metav1.ManagedFieldsEntry
		given         bool
	}{
		"nobody":        {nil, nil, false},
		"ours alone":    {[]metav1.ManagedFieldsEntry{entry("pulumi-kubernetes-1a", replicas)}, []metav1.ManagedFieldsEntry{entry("pulumi-kubernetes-1a", replicas)}, false},
		"kubectl scale": {[]metav1.ManagedFieldsEntry{entry("pulumi-kubernetes-1a", image), entry("kubectl", replicas)}, []metav1.ManagedFieldsEntry{entry("pulumi-kubernetes-1a", image)}, true},
		"others' fields stay theirs": {
			[]metav1.ManagedFieldsEntry{entry("kubectl-edit", `{"f:metadata":{"f:labels":{}},"f:spec":{"f:paused":{},"f:replicas":{}}}`)},
			[]metav1.ManagedFieldsEntry{entry("kubectl-edit", `{"f:metadata":{"f:labels":{}},"f:spec":{"f:paused":{}}}`)},
			true,
		},
		"another field": {[]metav1.ManagedFieldsEntry{entry("kubectl", image)}, []metav1.ManagedFieldsEntry{entry("kubectl", image)}, false},
		"no fields":     {[]metav1.ManagedFieldsEntry{{Manager: "kubectl"}}, []metav1.ManagedFieldsEntry{{Manager: "kubectl"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			kept, given, err := withoutReplicas(tc.before)
			require.NoError(t, err)
			assert.Equal(t, tc.after, kept)
			assert.Equal(t, tc.given, given)
		})
	}
	_, _, err := withoutReplicas([]metav1.ManagedFieldsEntry{entry("kubectl", "no JSON")})
	require.Error(t, err)
}

// The messages are those of Kubernetes 1.35 (apimachinery, managedfields).
func TestConflictsInReplicas(t *testing.T) {
	said := func(text string) string {
		return `{"diagnosticEvent":{"severity":"error","message":` + strconv.Quote(text) + "}}\n"
	}
	const one = `The resource managed by field manager "pulumi-kubernetes-b1" had an apply conflict: Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: `
	for name, tc := range map[string]struct {
		log  string
		want bool
	}{
		"none":             {said("no such image"), false},
		"replicas":         {said(one+".spec.replicas\n\n") + said("preview failed"), true},
		"another field":    {said(one + ".spec.paused"), false},
		"of a list":        {said(one + `.spec.template.spec.containers[name="web"].image`), false},
		"of two objects":   {said(one+".spec.replicas") + said(one+".spec.paused"), false},
		"of two managers":  {said("Apply failed with 2 conflicts: conflicts with \"a\" using apps/v1:\n- .spec.replicas\nconflicts with \"b\" using apps/v1:\n- .spec.replicas\n"), true},
		"and another":      {said("Apply failed with 2 conflicts: conflicts with \"a\" using apps/v1:\n- .spec.replicas\n- .spec.paused\n"), false},
		"in another form":  {said("Apply failed with conflicts"), false},
		"begins like them": {said(one + ".spec.replicasets"), false},
	} {
		t.Run(name, func(t *testing.T) {
			alone, err := logOf(t, tc.log).conflictsInReplicas()
			require.NoError(t, err)
			assert.Equal(t, tc.want, alone)
		})
	}
}
