package access

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"platform/policy/pack"
	"platform/tests/packtest"
)

const objects = `
{apiVersion: v1, kind: Namespace, metadata: {name: core}}
---
{apiVersion: v1, kind: Secret, metadata: {name: login, namespace: core}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: core}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: core}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: web, namespace: core}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: web}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny, namespace: other}}
`

func made(t *testing.T, lists ...string) *Access {
	t.Helper()
	a, err := New(&pack.Stack{Name: "k3s", Objects: packtest.Objects(t, objects)}, lists...)
	require.NoError(t, err)
	return a
}

// rights are what roles allow, a line each: role, resources, names, verbs.
func rights(a *Access) []string {
	var all []string
	line := func(role string, rules []rbacv1.PolicyRule) {
		for _, one := range rules {
			all = append(all, strings.Join([]string{
				role, strings.Join(one.APIGroups, ","), strings.Join(one.Resources, ","), strings.Join(one.ResourceNames, ","), strings.Join(one.Verbs, ","),
			}, " | "))
		}
	}
	for _, object := range a.Objects {
		switch role := object.(type) {
		case *rbacv1.Role:
			line("in "+role.Namespace, role.Rules)
		case *rbacv1.ClusterRole:
			line("everywhere", role.Rules)
		}
	}
	return all
}

func TestRightsAreThoseOfTheStacksObjects(t *testing.T) {
	assert.ElementsMatch(t, []string{
		"everywhere |  | namespaces | core | get,patch",
		"everywhere |  | namespaces | kube-system | get",
		"everywhere | rbac.authorization.k8s.io | clusterrolebindings | web | get,patch",
		"in core |  | configmaps |  | get,create,patch",
		"in core |  | secrets | login | get,patch",
		"in core |  | secrets |  | create",
		"in core | apps | deployments |  | get,create,patch",
		"in core | rbac.authorization.k8s.io | roles | web | get,patch,escalate",
		"in other | networking.k8s.io | networkpolicies |  | get,create,patch",
	}, rights(made(t)))
}

func TestTheProgramListsWhatRuns(t *testing.T) {
	assert.Contains(t, rights(made(t, "deployments", "daemonsets")), "in core | apps | deployments |  | get,create,patch,list")
}

// The policy is in force before there is any right to use.
func TestThePolicyComesBeforeTheRights(t *testing.T) {
	order := map[string]int{}
	for i, object := range made(t).Objects {
		switch one := object.(type) {
		case *admissionv1.ValidatingAdmissionPolicy:
			order["policy"] = i
			assert.Equal(t, "request.userInfo.username == 'system:serviceaccount:core:ci-preview'", one.Spec.MatchConditions[0].Expression)
			assert.Equal(t, admissionv1.Fail, *one.Spec.FailurePolicy)
		case *admissionv1.ValidatingAdmissionPolicyBinding:
			order["binding"] = i
			assert.Equal(t, []admissionv1.ValidationAction{admissionv1.Deny}, one.Spec.ValidationActions)
		case *rbacv1.RoleBinding, *rbacv1.ClusterRoleBinding:
			if _, seen := order["rights"]; !seen {
				order["rights"] = i
			}
		}
	}
	assert.Less(t, order["policy"], order["binding"])
	assert.Less(t, order["binding"], order["rights"])
}

func TestAStackWithoutANamespaceHasNoPlaceForTheAccount(t *testing.T) {
	_, err := New(&pack.Stack{Name: "k3s"})
	require.ErrorContains(t, err, "stack k3s: has no Namespace")
}

func TestWrite(t *testing.T) {
	var first, second bytes.Buffer
	require.NoError(t, made(t).Write(&first))
	require.NoError(t, made(t).Write(&second))
	assert.Equal(t, first.String(), second.String(), "the same input gives the same bytes")
	assert.Equal(t, len(made(t).Objects), strings.Count(first.String(), "---\n"), "a document each")
}
