package tests

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	rbacv1 "k8s.io/api/rbac/v1"

	"platform/config"
)

// TestRightsAreThoseObserved compares every rule of every role.
func TestRightsAreThoseObserved(t *testing.T) {
	resources := k3s(t)
	found := map[string][]string{}
	for name, role := range ofType[rbacv1.Role](t, resources, "kubernetes:rbac.authorization.k8s.io/v1:Role") {
		found["Role "+name] = rules(role.Rules)
	}
	for name, role := range ofType[rbacv1.ClusterRole](t, resources, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole") {
		found["ClusterRole "+name] = rules(role.Rules)
	}
	assert.Equal(t, map[string][]string{
		"Role gateway": {"[] secrets []: create", "[] secrets [gateway-ssh-key]: get patch update"},
		"ClusterRole edd-compute": {
			"[] namespaces []: create delete get list",
			"[] persistentvolumeclaims pods secrets services []: create delete get list update watch",
			"[] pods/exec []: create",
			"[] pods/log []: get",
			"[metrics.k8s.io] pods []: get list",
			"[networking.k8s.io] networkpolicies []: create delete get list update",
		},
		"ClusterRole cluster-monitor": {
			"[] namespaces nodes nodes/proxy pods []: get list",
			"[metrics.k8s.io] nodes pods []: get list",
		},
	}, found)
}

func rules(all []rbacv1.PolicyRule) []string {
	var texts []string
	for _, rule := range all {
		slices.Sort(rule.Resources)
		slices.Sort(rule.Verbs)
		texts = append(texts, fmt.Sprintf("%v %s %v: %s", rule.APIGroups, strings.Join(rule.Resources, " "), rule.ResourceNames, strings.Join(rule.Verbs, " ")))
	}
	slices.Sort(texts)
	return texts
}

// TestOnlyWhoHasRightsHasAToken looks at every pod.
func TestOnlyWhoHasRightsHasAToken(t *testing.T) {
	var tokens []string
	for _, r := range k3s(t) {
		if pod, ok := podTemplate(t, r); ok && isTrue(pod.Spec.AutomountServiceAccountToken) {
			tokens = append(tokens, pod.Labels["app.kubernetes.io/name"])
		}
	}
	slices.Sort(tokens)
	assert.Equal(t, []string{"cluster-monitor", "edd-compute", "gateway"}, tokens)
}

// TestDataAndAddressesAreProtected lists what the engine refuses to delete.
func TestDataAndAddressesAreProtected(t *testing.T) {
	protected := map[string]bool{}
	for _, r := range k3s(t) {
		if r.Protect && r.Custom {
			_, kind, _ := strings.Cut(r.Type, "/")
			protected[kind[strings.LastIndex(kind, ":")+1:]+" "+r.Name] = true
		}
	}
	for _, name := range []string{
		"Namespace core", "PersistentVolumeClaim postgres-replica", "PersistentVolumeClaim postgres", "PersistentVolumeClaim nats",
		"Service gateway", "IPAddressPool compute-pool", "Secret postgres-credentials",
	} {
		assert.True(t, protected[name], "%s; protected are %v", name, slices.Sorted(maps.Keys(protected)))
	}
}

// TestWhoWritesTheCertificate looks at each source of the wildcard Secret.
func TestWhoWritesTheCertificate(t *testing.T) {
	for source, want := range map[config.CertificateSource]struct{ secret, certificate bool }{
		config.CertificateIssued:   {false, true},
		config.CertificateProvided: {true, false},
		config.CertificateExisting: {false, false},
	} {
		cfg := rendered(t, "k3s").(*config.EddCloud)
		cfg.TLS.Source = source
		resources := keys(record(t, "k3s", cfg))
		secret, written := resources["kubernetes:core/v1:Secret eddisonso-wildcard-tls"]
		assert.Equal(t, want.secret, written, source)
		if written {
			assert.Equal(t, "kubernetes.io/tls", secret.Inputs["type"])
			assert.Len(t, secret.Clear["data"], 2, "tls.crt and tls.key")
		}
		_, asked := resources["kubernetes:cert-manager.io/v1:Certificate eddisonso-wildcard-tls"]
		assert.Equal(t, want.certificate, asked, source)
	}
}
