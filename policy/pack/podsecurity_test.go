package pack_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"

	"platform/policy/pack"
	"platform/tests/packtest"
)

func TestReferred(t *testing.T) {
	metadata := func(properties map[string]any) pack.Object {
		return pack.NewObject(pack.Resource{
			Type: "kubernetes:core/v1:ConfigMap", Name: "made",
			Properties: resource.NewPropertyMapFromMap(map[string]any{"metadata": properties}),
		})
	}
	s := &pack.Stack{Objects: []pack.Object{
		metadata(map[string]any{"namespace": "n", "name": "named"}),
		metadata(map[string]any{"namespace": "n"}),
	}}
	for name, want := range map[string]bool{"named": true, "named-1": false, "made-1": true, "made": true, "maker": false} {
		_, found := s.Referred("ConfigMap", "n", name)
		assert.Equal(t, want, found, name)
	}
	_, found := s.Referred("ConfigMap", "m", "named")
	assert.False(t, found, "of another namespace")
	_, found = s.Referred("Secret", "n", "named")
	assert.False(t, found, "of another kind")
}

func TestOfPodsAndContainers(t *testing.T) {
	objects := packtest.Objects(t, `
{apiVersion: v1, kind: Pod, metadata: {name: hidden, labels: {app: <unknown>}}, spec: {containers: [{name: a, image: x}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: plain}, spec: {initContainers: [{name: i, image: <unknown>}], containers: [{name: a, image: z}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: none}}
`)
	said := func(rule pack.Rule) []string {
		rule.Name, rule.Level = "test", apitype.Mandatory
		var all []string
		for _, f := range (&pack.Pack{Rules: []pack.Rule{rule}}).CheckAll(&pack.Stack{Name: "test", Objects: objects}) {
			all = append(all, f.Subject+" "+f.Path+" "+f.Why)
		}
		return all
	}
	assert.Equal(t, []string{
		"Pod/hidden container a spec.containers[0].image is x",
		"Pod/plain container i spec.initContainers[0].image is not known before the deployment",
		"Pod/plain container a spec.containers[0].image is z",
	}, said(pack.Rule{Kinds: pack.PodKinds, Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		r.Violated(c, c.At("image"), "is %s", c.At("image").Text())
	})}))
	assert.Equal(t, []string{
		"Pod/hidden spec of 3",
		"Pod/plain spec of 3",
	}, said(pack.Rule{Stack: pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
		r.Violated(pod, pod.Spec, "of %d", len(s.Objects))
	})}))
}
