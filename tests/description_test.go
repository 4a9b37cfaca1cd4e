package tests

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"platform/tests/recorder"
)

// The tests of this file hold the tables of Edd Cloud's description, written
// out from it, against what the stack k3s registers.

func k3s(t *testing.T) []recorder.Resource {
	t.Helper()
	return record(t, "k3s", rendered(t, "k3s"))
}

// ofType are the resources of a type by their Kubernetes name, each decoded
// from its inputs.
func ofType[T any](t *testing.T, resources []recorder.Resource, kind string) map[string]T {
	t.Helper()
	found := map[string]T{}
	for _, r := range resources {
		if r.Type != kind {
			continue
		}
		name, _ := at(r.Inputs, "metadata")["name"].(string)
		text, err := json.Marshal(r.Inputs)
		require.NoError(t, err)
		var object T
		require.NoError(t, json.Unmarshal(text, &object), "%s %s", kind, r.Name)
		found[name] = object
	}
	return found
}

func TestServicesOfTheDescription(t *testing.T) {
	const inside = corev1.ServiceTypeClusterIP
	services := ofType[corev1.Service](t, k3s(t), "kubernetes:core/v1:Service")
	for name, want := range map[string]struct {
		kind  corev1.ServiceType
		ports []int32
	}{
		"auth-service":               {inside, []int32{80}},
		"simple-file-share-backend":  {inside, []int32{80}},
		"simple-file-share-frontend": {inside, []int32{80}},
		"edd-compute":                {inside, []int32{80}},
		"cluster-monitor":            {inside, []int32{80}},
		"log-service":                {inside, []int32{80, 50051}},
		"notification-service":       {inside, []int32{80}},
		"alerting-service":           {inside, []int32{80}},
		"edd-cloud-docs":             {inside, []int32{80}},
		"postgres":                   {inside, []int32{5432}},
		"postgres-replica":           {inside, []int32{5432}},
		"haproxy":                    {inside, []int32{5432}},
		"gfs-master":                 {corev1.ServiceTypeNodePort, []int32{9000}},
		"nats":                       {inside, []int32{4222, 8222}},
		"gateway":                    {corev1.ServiceTypeLoadBalancer, gatewayPorts()},
	} {
		service, ok := services[name]
		if !assert.True(t, ok, "Service %s", name) {
			continue
		}
		assert.Equal(t, want.kind, service.Spec.Type, name)
		assert.ElementsMatch(t, want.ports, numbers(service), name)
		delete(services, name)
	}
	assert.Empty(t, services, "the description has no other Services")
}

func TestPromotedReplicaAnswersUnderBothNames(t *testing.T) {
	services := ofType[corev1.Service](t, k3s(t), "kubernetes:core/v1:Service")
	for _, name := range []string{"postgres", "postgres-replica"} {
		assert.Equal(t, map[string]string{"app": "postgres-replica"}, services[name].Spec.Selector, name)
	}
	assert.Equal(t, int32(30900), services["gfs-master"].Spec.Ports[0].NodePort)
}

// gatewayPorts are 80, 443, 2222 and 8000 to 8999.
func gatewayPorts() []int32 {
	ports := []int32{80, 443, 2222}
	for port := int32(8000); port <= 8999; port++ {
		ports = append(ports, port)
	}
	return ports
}

func numbers(service corev1.Service) []int32 {
	var ports []int32
	for _, port := range service.Spec.Ports {
		ports = append(ports, port.Port)
	}
	return ports
}

func TestSecretsOfTheDescription(t *testing.T) {
	resources := k3s(t)
	found := map[string]string{}
	for name, secret := range ofType[struct {
		Type string `json:"type"`
		Data string `json:"data"` // masked as a whole
	}](t, resources, "kubernetes:core/v1:Secret") {
		found[name] = secret.Type
		assert.Equal(t, recorder.Masked, secret.Data, name)
	}
	assert.Equal(t, map[string]string{
		"postgres-credentials": "Opaque", "compute-db-credentials": "Opaque", "auth-db-credentials": "Opaque",
		"sfs-db-credentials": "Opaque", "notification-db-credentials": "Opaque", "edd-cloud-auth": "Opaque",
		"edd-cloud-admin": "Opaque", "service-api-key": "Opaque", "gfs-jwt-secret": "Opaque", "discord-webhook-url": "Opaque",
		"regcred": "kubernetes.io/dockerconfigjson",
	}, found, "eleven; the twelfth is the certificate's")
	certificates := ofType[struct {
		Spec map[string]any `json:"spec"`
	}](t, resources, "kubernetes:cert-manager.io/v1:Certificate")
	require.Len(t, certificates, 1)
	for _, certificate := range certificates {
		assert.Equal(t, "eddisonso-wildcard-tls", certificate.Spec["secretName"])
		assert.Equal(t, []any{"eddisonso.com", "*.eddisonso.com", "*.cloud.eddisonso.com"}, certificate.Spec["dnsNames"])
	}
}

// TestDatabaseURLs opens the Secrets: each service reaches its own database
// under its own role, through HAProxy.
func TestDatabaseURLs(t *testing.T) {
	for _, r := range k3s(t) {
		name, _ := at(r.Inputs, "metadata")["name"].(string)
		want := map[string]string{
			"auth-db-credentials":         "postgres://auth_svc:fixed-auth-db-credentials-PASSWORD@haproxy:5432/auth_db?sslmode=disable",
			"compute-db-credentials":      "postgres://compute_svc:fixed-compute-db-credentials-PASSWORD@haproxy:5432/compute_db?sslmode=disable",
			"sfs-db-credentials":          "postgres://sfs_svc:fixed-sfs-db-credentials-PASSWORD@haproxy:5432/sfs_db?sslmode=disable",
			"notification-db-credentials": "postgres://notifications_svc:fixed-notification-db-credentials-PASSWORD@haproxy:5432/notifications_db?sslmode=disable",
			"postgres-credentials":        "postgres://gateway_svc:fixed-postgres-credentials-GATEWAY_PASSWORD@haproxy:5432/compute_db?sslmode=disable",
		}[name]
		if r.Type == "kubernetes:core/v1:Secret" && want != "" {
			assert.Equal(t, want, decoded(t, at(r.Clear, "data")["DATABASE_URL"]), name)
		}
	}
}

func TestIsolationOfTheDescription(t *testing.T) {
	policies := ofType[networkingv1.NetworkPolicy](t, k3s(t), "kubernetes:networking.k8s.io/v1:NetworkPolicy")
	require.Len(t, policies, 1)
	spec := policies["core-isolation"].Spec
	assert.Empty(t, spec.PodSelector.MatchLabels, "every pod")
	assert.Equal(t, []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}, spec.PolicyTypes)
	var peers, ports []string
	for _, rule := range spec.Ingress {
		for _, from := range rule.From {
			switch {
			case from.IPBlock != nil:
				peers = append(peers, from.IPBlock.CIDR)
			case from.PodSelector != nil && from.NamespaceSelector == nil && len(from.PodSelector.MatchLabels) == 0:
				peers = append(peers, "the namespace")
			default:
				t.Errorf("an unexpected peer: %v", from)
			}
		}
		for _, port := range rule.Ports {
			ports = append(ports, fmt.Sprint(port.Port.IntVal))
			assert.Equal(t, []string{"0.0.0.0/0"}, []string{rule.From[0].IPBlock.CIDR}, "ports are for the world alone")
		}
	}
	assert.Equal(t, []string{"the namespace", "192.168.0.0/16", "10.42.0.0/16", "0.0.0.0/0"}, peers)
	assert.Equal(t, []string{"2222", "18080", "8443"}, ports)
}

func TestHostPolicyOfTheDescription(t *testing.T) {
	policies := ofType[struct {
		Spec struct {
			Order                   float64
			PreDNAT, ApplyOnForward bool
			Selector                string
			Types                   []string
			Ingress                 []struct {
				Action, Protocol string
				Destination      struct{ Ports []intstr.IntOrString }
			}
			Egress []any
		}
	}](t, k3s(t), "kubernetes:projectcalico.org/v3:GlobalNetworkPolicy")
	require.Contains(t, policies, "allow-host-chunkserver")
	spec := policies["allow-host-chunkserver"].Spec
	assert.InDelta(t, 10, spec.Order, 0)
	assert.True(t, spec.PreDNAT && spec.ApplyOnForward)
	assert.Equal(t, "all()", spec.Selector)
	assert.Equal(t, []string{"Ingress"}, spec.Types)
	assert.Empty(t, spec.Egress)
	var ports []int
	for _, rule := range spec.Ingress {
		assert.Equal(t, "Allow TCP", rule.Action+" "+rule.Protocol)
		for _, port := range rule.Destination.Ports {
			ports = append(ports, port.IntValue())
		}
	}
	assert.ElementsMatch(t, []int{9080, 9081, 22, 6443, 10250}, ports)
}

// TestChunkserversAreToldTheMaster has the arguments as observed.
func TestChunkserversAreToldTheMaster(t *testing.T) {
	for _, r := range k3s(t) {
		if r.Type != "kubernetes:apps/v1:DaemonSet" {
			continue
		}
		pod, _ := podTemplate(t, r)
		assert.Equal(t, []string{"./chunkserver"}, pod.Spec.Containers[0].Command)
		assert.Equal(t, []string{
			"-p", "9080", "-r", "9081", "-h", "$(NODE_IP)", "-d", "/data/chunk", "-id", "gfs-cs-$(NODE_NAME)",
			"-master", "192.168.3.101:30900", "-log-service", "log-service:50051",
		}, pod.Spec.Containers[0].Args)
		assert.Equal(t, corev1.DNSClusterFirstWithHostNet, pod.Spec.DNSPolicy)
		return
	}
	t.Error("there is no DaemonSet")
}

func decoded(t *testing.T, value any) string {
	t.Helper()
	text, err := base64.StdEncoding.DecodeString(fmt.Sprint(value))
	require.NoError(t, err)
	return string(text)
}
