package access

import (
	"testing"

	"platform/policy/packtest"
)

func TestSecretsByName(t *testing.T) {
	const at = "ClusterRole/a: rules[0].resources"
	packtest.Run(t, secretsByName, map[string]packtest.Case{
		"by name":       {Objects: role("{apiGroups: [''], resources: [secrets], resourceNames: [ssh], verbs: [get, update]}")},
		"made":          {Objects: role("{apiGroups: [''], resources: [secrets], verbs: [create]}")},
		"all":           {Objects: role("{apiGroups: [''], resources: [pods, secrets], verbs: [get]}"), Want: []string{at + "[1]"}},
		"changed":       {Objects: role("{apiGroups: [''], resources: [secrets], verbs: [patch]}"), Want: []string{at + "[0]"}},
		"no names":      {Objects: role("{apiGroups: [''], resources: [secrets], resourceNames: [], verbs: [list]}"), Want: []string{at + "[0]"}},
		"all resources": {Objects: role("{apiGroups: [''], resources: ['*'], verbs: ['*']}"), Want: []string{at + "[0]"}},
		"near miss":     {Objects: role("{apiGroups: [external-secrets.io], resources: [secrets], verbs: [get]}, {apiGroups: [''], resources: [configmaps], verbs: [get]}")},
		"absent":        {Objects: role("{}")},
		"wrong type":    {Objects: role("{apiGroups: [''], resources: [secrets], resourceNames: ssh, verbs: [get]}"), Want: []string{"ClusterRole/a: rules[0].resourceNames"}},
		"not known":     {Objects: role("{apiGroups: [''], resources: [secrets], resourceNames: <unknown>, verbs: [get]}"), Undecided: []string{"ClusterRole/a: rules[0].resourceNames"}},
	})
}
