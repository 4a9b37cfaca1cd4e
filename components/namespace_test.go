package components_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/components/namespace"
)

func TestNamespaceRefusesUnhardenedPods(t *testing.T) {
	namespace := run(t, registering("co2", namespace.New, namespaceArgs())).one(t, "Namespace")
	assert.Equal(t, namespaceName, dig(namespace.Inputs, "metadata", "name"), "the fixed name, whatever Pulumi's is")
	for _, mode := range []string{"enforce", "audit", "warn"} {
		assert.Equal(t, "restricted", dig(namespace.Inputs, "metadata", "labels", "pod-security.kubernetes.io/"+mode))
	}
}

func TestNamespaceIsBounded(t *testing.T) {
	resources := run(t, registering("co2", namespace.New, namespaceArgs()))
	quota := resources.one(t, "ResourceQuota")
	assert.Equal(t, map[string]any{
		"requests.cpu": "4", "requests.memory": "8Gi", "limits.cpu": "16", "limits.memory": "24Gi",
		"pods": "40", "requests.storage": "100Gi",
	}, dig(quota.Inputs, "spec", "hard"))
	assert.Equal(t, namespaceName, dig(quota.Inputs, "metadata", "namespace"))
	assert.True(t, dependsOn(quota, "Namespace", "co2"), "what lies in the namespace comes after it")
}

func TestNamespaceIsProtected(t *testing.T) {
	args := namespaceArgs()
	assert.False(t, run(t, registering("co2", namespace.New, args)).one(t, "Namespace").Protect)
	args.Protect = true
	assert.True(t, run(t, registering("co2", namespace.New, args)).one(t, "Namespace").Protect)
}
