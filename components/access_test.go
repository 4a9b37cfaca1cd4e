package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components/account"
	"platform/components/workload"
)

// rule allows one verb on secrets.
func rule() account.Rule {
	return account.Rule{Groups: []string{""}, Resources: []string{"secrets"}, Verbs: []string{"get"}}
}

// entitled is a workload that may ask the Kubernetes API for something, in its
// namespace and outside of it.
func entitled() workload.Args {
	args := workloadArgs()
	named := rule()
	named.Names = []string{"one", "two"}
	args.Access = account.Access{
		Name: "api-account", Namespace: []account.Rule{named}, Cluster: []account.Rule{
			rule(), {Groups: []string{"metrics.k8s.io"}, Resources: []string{"nodes", "pods"}, Verbs: []string{"get", "list"}},
		},
	}
	return args
}

func TestAccessIsBoundToTheAccount(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, entitled()) })
	assert.Equal(t, "api-account", dig(resources.one(t, "ServiceAccount").Inputs, "metadata", "name"))
	pod := resources.pod(t, "Deployment")
	assert.Equal(t, "api-account", dig(pod, "spec", "serviceAccountName"))
	assert.Equal(t, true, dig(pod, "spec", "automountServiceAccountToken"))
	for kind, namespace := range map[string]any{"Role": namespaceName, "ClusterRole": nil} {
		for _, object := range []string{kind, kind + "Binding"} {
			metadata := resources.one(t, object).Inputs["metadata"]
			assert.Equal(t, "api-account", dig(metadata, "name"), object)
			assert.Equal(t, namespace, dig(metadata, "namespace"), object)
		}
		binding := resources.one(t, kind+"Binding").Inputs
		assert.Equal(t, map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": "api-account"}, binding["roleRef"])
		assert.Equal(t, []any{
			map[string]any{"kind": "ServiceAccount", "name": "api-account", "namespace": namespaceName},
		}, binding["subjects"])
	}
}

func TestAccessAllowsItsRules(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, entitled()) })
	assert.Equal(t, []any{map[string]any{
		"apiGroups": []any{""}, "resources": []any{"secrets"}, "resourceNames": []any{"one", "two"}, "verbs": []any{"get"},
	}}, resources.one(t, "Role").Inputs["rules"])
	assert.Equal(t, []any{
		map[string]any{"apiGroups": []any{""}, "resources": []any{"secrets"}, "verbs": []any{"get"}},
		map[string]any{"apiGroups": []any{"metrics.k8s.io"}, "resources": []any{"nodes", "pods"}, "verbs": []any{"get", "list"}},
	}, resources.one(t, "ClusterRole").Inputs["rules"])
}

func TestAccessIsWhereItsRulesAre(t *testing.T) {
	for kind, other := range map[string]string{"Role": "ClusterRole", "ClusterRole": "Role"} {
		args := entitled()
		if args.Access.Cluster = nil; kind == "ClusterRole" {
			args.Access.Namespace, args.Access.Cluster = nil, []account.Rule{rule()}
		}
		resources := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) })
		assert.Len(t, resources.of(kind), 1)
		assert.Empty(t, resources.of(other), "beside the %s", kind)
		assert.Empty(t, resources.of(other+"Binding"), "beside the %s", kind)
		assert.Equal(t, true, dig(resources.pod(t, "Deployment"), "spec", "automountServiceAccountToken"))
	}
}

func TestAccessToNothingIsNoRole(t *testing.T) {
	args := workloadArgs()
	args.Access.Name = "api-account"
	resources := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) })
	for _, kind := range []string{"Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"} {
		assert.Empty(t, resources.of(kind))
	}
	assert.Equal(t, false, dig(resources.pod(t, "Deployment"), "spec", "automountServiceAccountToken"))
	assert.Equal(t, "api-account", dig(resources.one(t, "ServiceAccount").Inputs, "metadata", "name"))
}
