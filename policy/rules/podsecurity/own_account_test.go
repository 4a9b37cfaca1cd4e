package podsecurity

import (
	"strings"
	"testing"

	"platform/policy/packtest"
)

func TestOwnAccount(t *testing.T) {
	const path = inPod + "serviceAccountName"
	has := "\n---\n" + packtest.InCore("v1", "ServiceAccount", "api", "")
	other := "\n---\n" + packtest.Workload("StatefulSet", "db", "", "serviceAccountName: api")
	packtest.Run(t, ownAccount, map[string]packtest.Case{
		"its own":           {Objects: deployment("serviceAccountName: api") + has},
		"by its old name":   {Objects: deployment("serviceAccount: api") + has},
		"default":           {Objects: deployment("serviceAccountName: default") + strings.Replace(has, "name: api", "name: default", 1), Want: []string{path}},
		"absent":            {Objects: deployment("containers: []") + has, Want: []string{path}},
		"none of the stack": {Objects: deployment("serviceAccountName: apis") + has, Want: []string{path}},
		"elsewhere": {
			Objects: deployment("serviceAccountName: api") + strings.Replace(has, "namespace: core", "namespace: m", 1), Want: []string{path},
		},
		"shared":     {Objects: deployment("serviceAccountName: api") + has + other, Want: []string{"StatefulSet/db: spec.template.spec.serviceAccountName"}},
		"wrong type": {Objects: deployment("serviceAccountName: 1") + has, Want: []string{path}},
		"not known":  {Objects: deployment("serviceAccountName: <unknown>") + has + other, Undecided: []string{path}},
	})
}
