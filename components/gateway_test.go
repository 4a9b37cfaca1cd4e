package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/util/validation"

	"platform/components/gateway"
	"platform/components/secret"
)

var registerGateway = registers("gateway", gateway.New)

// gateway is what the fixtures' gateway registers after a change.
func runGateway(t *testing.T, mutate func(*gateway.Args)) record {
	t.Helper()
	args := gatewayArgs()
	mutate(&args)
	return run(t, func(ctx *pulumi.Context) error { return registerGateway(ctx, args) })
}

func asIs(*gateway.Args) {}

// Its Service: 80, 443, 2222 and 8000 to 8999.
func TestGatewayServesEachPortOnce(t *testing.T) {
	spec := runGateway(t, asIs).one(t, "Service").Inputs["spec"]
	ports := list(spec, "ports")
	require.Len(t, ports, 1003)
	names, targets := map[string]bool{}, map[any]any{}
	for _, port := range ports {
		name := dig(port, "name").(string)
		names[name] = true
		targets[dig(port, "port")] = dig(port, "targetPort")
		assert.Empty(t, validation.IsDNS1123Label(name))
		assert.Equal(t, "TCP", dig(port, "protocol"), name)
		assert.NotContains(t, port, "nodePort", name)
	}
	assert.Len(t, names, 1003, "the server refuses a name twice")
	want := map[any]any{80.0: "http", 443.0: "https", 2222.0: "ssh"}
	for number := 8000.0; number < 9000; number++ {
		want[number] = number
	}
	assert.Equal(t, want, targets)
	assert.Equal(t, "LoadBalancer", dig(spec, "type"))
	assert.Equal(t, false, dig(spec, "allocateLoadBalancerNodePorts"), "1,003 of a cluster's 2,768")
	assert.Equal(t, "Local", dig(spec, "externalTrafficPolicy"), "else no client keeps its address")
}

func TestGatewayKeepsItsAddress(t *testing.T) {
	for _, protect := range []bool{false, true} {
		service := runGateway(t, func(a *gateway.Args) { a.Protect = protect }).one(t, "Service")
		assert.Equal(t, "gateway", dig(service.Inputs, "metadata", "name"))
		assert.Equal(t, "192.168.3.200", dig(service.Inputs, "metadata", "annotations", "metallb.io/loadBalancerIPs"))
		assert.Equal(t, protect, service.Protect)
	}
}

// What the image was observed to be given, and where it listens.
func TestGatewayServer(t *testing.T) {
	pod := runGateway(t, asIs).pod(t, "Deployment")
	server := containers(pod)["gateway"]
	assert.Nil(t, dig(server, "command"))
	assert.Equal(t, []any{
		"-ssh-port", "2222", "-http-port", "18080", "-https-port", "8443", "-log-service", "log-service:50051",
		"-tls-cert", "/tls/tls.crt", "-tls-key", "/tls/tls.key",
	}, dig(server, "args"))
	assert.Equal(t, []any{
		map[string]any{"name": "ssh", "containerPort": 2222.0, "protocol": "TCP"},
		map[string]any{"name": "http", "containerPort": 18080.0, "protocol": "TCP"},
		map[string]any{"name": "https", "containerPort": 8443.0, "protocol": "TCP"},
		map[string]any{"name": "health", "containerPort": 9091.0, "protocol": "TCP"},
	}, dig(server, "ports"))
	for probe, path := range map[string]string{"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"} {
		assert.Equal(t, map[string]any{"path": path, "port": "health"}, dig(server, probe, "httpGet"), probe)
	}
	assert.Equal(t, 5.0, dig(server, "lifecycle", "preStop", "sleep", "seconds"), "until no node sends it a connection")
	assert.Equal(t, 65532.0, dig(pod, "spec", "securityContext", "runAsUser"))
	assert.Equal(t, map[string]any{"core-services": "true"}, dig(pod, "spec", "nodeSelector"))
	assert.Equal(t, []any{map[string]any{"name": "regcred"}}, dig(pod, "spec", "imagePullSecrets"))
}

func TestGatewayEnvironment(t *testing.T) {
	server := containers(runGateway(t, asIs).pod(t, "Deployment"))["gateway"]
	assert.Equal(t, map[string]any{
		"DATABASE_URL": "postgres-credentials/DATABASE_URL", "JWT_SECRET": "edd-cloud-auth/JWT_SECRET",
		"ACME_EMAIL": "admin@eddisonso.com", "ACME_STAGING": "false",
		"TOKEN_ENCRYPTION_KEY": "gateway-token-key/TOKEN_ENCRYPTION_KEY",
	}, environment(server))
	for _, variable := range list(server, "env") {
		optional := dig(variable, "valueFrom", "secretKeyRef", "optional")
		assert.Equal(t, dig(variable, "name") == "TOKEN_ENCRYPTION_KEY", optional == true, dig(variable, "name"))
	}
}

func TestGatewayMounts(t *testing.T) {
	pod := runGateway(t, asIs).pod(t, "Deployment")
	assert.Equal(t, []any{
		map[string]any{"name": "tls-cert", "mountPath": "/tls", "readOnly": true},
		map[string]any{"name": "routes", "mountPath": "/routes.yaml", "subPath": "routes.yaml", "readOnly": true},
		map[string]any{"name": "tmp", "mountPath": "/tmp"},
	}, dig(containers(pod)["gateway"], "volumeMounts"))
	assert.Subset(t, list(pod, "spec", "volumes"), []any{
		map[string]any{"name": "tls-cert", "secret": map[string]any{"secretName": "eddisonso-wildcard-tls", "defaultMode": float64(0o440)}},
		map[string]any{"name": "routes", "configMap": map[string]any{"name": "gateway-routes"}},
	})
}

// To its own host key, and nothing else.
func TestGatewayAccess(t *testing.T) {
	resources := runGateway(t, asIs)
	assert.Equal(t, "gateway", dig(resources.pod(t, "Deployment"), "spec", "serviceAccountName"))
	assert.Equal(t, []any{
		map[string]any{
			"apiGroups": []any{""}, "resources": []any{"secrets"}, "resourceNames": []any{"gateway-ssh-key"},
			"verbs": []any{"get", "update", "patch"},
		},
		map[string]any{"apiGroups": []any{""}, "resources": []any{"secrets"}, "verbs": []any{"create"}},
	}, resources.one(t, "Role").Inputs["rules"])
	assert.Empty(t, resources.of("ClusterRole"))
}

// Images differ in the namespace that they keep the key in; the account stays
// the pods' own.
func TestGatewayAccessFollowsItsImage(t *testing.T) {
	resources := runGateway(t, func(a *gateway.Args) { a.SSHSecretNamespace = "default" })
	for _, kind := range []string{"Role", "RoleBinding"} {
		assert.Equal(t, "default", dig(resources.one(t, kind).Inputs, "metadata", "namespace"), kind)
	}
	account := resources.one(t, "ServiceAccount").Inputs
	assert.Equal(t, namespaceName, dig(account, "metadata", "namespace"))
	assert.Equal(t, namespaceName, dig(resources.one(t, "RoleBinding").Inputs, "subjects", 0, "namespace"))
}

// A single file that is mounted never changes under a running pod, and
// variables do not either.
func TestGatewayRestartsForWhatItReads(t *testing.T) {
	type g = gateway.Args
	revision := func(mutate func(*g)) any {
		return dig(runGateway(t, mutate).pod(t, "Deployment"), "metadata", "annotations", "platform/revision")
	}
	before := revision(asIs)
	assert.Regexp(t, "^[0-9a-f]{16}$", before)
	for name, mutate := range map[string]func(*g){
		"route":   func(a *g) { a.AllRoutes[0].Port = 8080 },
		"prefix":  func(a *g) { a.AllRoutes[0].StripPrefix = true },
		"removed": func(a *g) { a.AllRoutes = a.AllRoutes[1:] },
		"secret":  func(a *g) { a.Secrets["edd-cloud-auth/JWT_SECRET"] = secretValue("other") },
	} {
		assert.NotEqual(t, before, revision(mutate), name)
	}
}

func TestGatewayStartsAfterWhatItReads(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error {
		made, err := secret.NewCredentials(ctx, "credentials", credentialsArgs())
		if err != nil {
			return err
		}
		args := gatewayArgs()
		args.Pools = []pulumi.Resource{made.Secrets["gfs-jwt-secret"]}
		_, err = gateway.New(ctx, "gateway", args, pulumi.DependsOn([]pulumi.Resource{made.Secrets["edd-cloud-auth"]}))
		return err
	})
	deployment := resources.one(t, "Deployment")
	assert.True(t, dependsOn(deployment, "ConfigMap", "gateway"))
	assert.True(t, dependsOn(deployment, "Secret", "edd-cloud-auth"))
	assert.True(t, dependsOn(resources.one(t, "Service"), "Secret", "gfs-jwt-secret"), "its address comes from the pools")
}
