package metadata

import (
	"testing"

	"github.com/stretchr/testify/assert"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/scheme"

	"platform/policy/pack"
	"platform/policy/packtest"
)

func TestAPIServed(t *testing.T) {
	packtest.Run(t, apiServed, map[string]packtest.Case{
		"served":            {Objects: "{apiVersion: batch/v1, kind: CronJob, metadata: {name: a}}"},
		"removed":           {Objects: "{apiVersion: batch/v1beta1, kind: CronJob, metadata: {name: a}}", Want: []string{"CronJob/a"}},
		"removed from it":   {Objects: "{apiVersion: policy/v1beta1, kind: PodSecurityPolicy, metadata: {name: a}}", Want: []string{"PodSecurityPolicy/a"}},
		"now":               {Objects: "{apiVersion: storage.k8s.io/v1alpha1, kind: VolumeAttributesClass, metadata: {name: a}}", Want: []string{"VolumeAttributesClass/a"}},
		"a patch":           {Objects: "{apiVersion: batch/v1beta1, kind: CronJobPatch, metadata: {name: a}}", Want: []string{"CronJobPatch/a"}},
		"near miss":         {Objects: "{apiVersion: networking.k8s.io/v1beta1, kind: IPAddress, metadata: {name: a}}"},
		"before":            {Objects: "{apiVersion: batch/v1beta1, kind: CronJob, metadata: {name: a}}", Parameters: map[string]any{"minor": "1.24"}},
		"later":             {Objects: "{apiVersion: networking.k8s.io/v1beta1, kind: IPAddress, metadata: {name: a}}", Parameters: map[string]any{"minor": "37"}, Want: []string{"IPAddress/a"}},
		"alpha":             {Objects: "{apiVersion: resource.k8s.io/v1alpha3, kind: DeviceTaintRule, metadata: {name: a}}", Want: []string{"DeviceTaintRule/a"}},
		"alpha, no group":   {Objects: "{apiVersion: batch/v2alpha9, kind: Job, metadata: {name: a}}", Want: []string{"Job/a"}},
		"of an operator":    {Objects: "{apiVersion: secrets.infisical.com/v1alpha1, kind: InfisicalSecret, metadata: {name: a}}"},
		"never removed":     {Objects: "{apiVersion: v1, kind: Endpoints, metadata: {name: a}}"},
		"absent, not known": {Objects: "{apiVersion: v1, kind: Service, metadata: <unknown>}"},
	})
}

// TestLifecycles compares the table with what the types of Kubernetes say.
func TestLifecycles(t *testing.T) {
	compared := 0
	for kind := range scheme.Scheme.AllKnownTypes() {
		made, err := scheme.Scheme.New(kind)
		if _, object := made.(metav1.Object); err != nil || !object || kind.Kind == "Scale" { // a subresource
			continue
		}
		want, has := made.(interface{ APILifecycleDeprecated() (int, int) })
		got, listed := lifecycleOf(pack.Object{APIVersion: kind.GroupVersion().String(), Kind: kind.Kind})
		if !has {
			assert.False(t, listed, "%s is not deprecated", kind)
			continue
		}
		compared++
		_, deprecated := want.APILifecycleDeprecated()
		assert.Equal(t, deprecated, got.deprecated, "%s is deprecated", kind)
		if end, ends := made.(interface{ APILifecycleRemoved() (int, int) }); ends {
			_, removed := end.APILifecycleRemoved()
			assert.Equal(t, removed, got.removed, "%s is removed", kind)
		}
	}
	assert.Greater(t, compared, 60)
}
