package access

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/policy/packtest"
)

func TestNoTakeover(t *testing.T) {
	const at = "ClusterRole/a: rules[0].resources"
	packtest.Run(t, noTakeover, map[string]packtest.Case{
		"read":       {Objects: role("{apiGroups: [admissionregistration.k8s.io], resources: [validatingwebhookconfigurations], verbs: [get, list, watch]}")},
		"webhooks":   {Objects: role("{apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [patch]}"), Want: []string{at + "[0]"}},
		"approval":   {Objects: role("{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}"), Want: []string{at + "[0]"}},
		"signing":    {Objects: role("{apiGroups: [certificates.k8s.io], resources: [signers], verbs: [sign]}"), Want: []string{at + "[0]"}},
		"bindings":   {Objects: role("{apiGroups: [rbac.authorization.k8s.io], resources: [roles, rolebindings], verbs: ['*']}"), Want: []string{at + "[0]"}},
		"API server": {Objects: role("{apiGroups: [apiregistration.k8s.io], resources: [apiservices], verbs: [create]}"), Want: []string{at + "[0]"}},
		"near miss":  {Objects: role("{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [create]}, {apiGroups: [example.org], resources: [roles], verbs: [create]}")},
		"absent":     {Objects: role("{}")},
		"wrong type": {Objects: role("{apiGroups: rbac.authorization.k8s.io, verbs: [create]}"), Want: []string{"ClusterRole/a: rules[0].apiGroups"}},
		"not known":  {Objects: role("{apiGroups: [<unknown>], verbs: [create]}"), Undecided: []string{"ClusterRole/a: rules[0].apiGroups[0]"}},
	})
	assert.Equal(t, slices.Sorted(maps.Keys(controls)), controlGroups)
}
