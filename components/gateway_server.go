package components

import (
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// access is to its host key alone. To create is the one verb that cannot be
// bound to a name, which the object does not have yet.
func (a GatewayArgs) access() Access {
	core, secrets := []string{""}, []string{"secrets"}
	in := a.SSHSecretNamespace
	if in == config.CoreNamespace {
		in = "" // its own, which may not be there yet
	}
	return Access{Name: config.GatewayName, In: in, Namespace: []Rule{
		{Groups: core, Resources: secrets, Names: []string{gatewaySSHKey}, Verbs: []string{"get", "update", "patch"}},
		{Groups: core, Resources: secrets, Verbs: []string{"create"}},
	}}
}

func (a GatewayArgs) server() Container {
	tls, routes := SecretFiles("tls-cert", pulumi.String(a.TLSSecret)), ConfigFiles("routes", pulumi.String(gatewayRoutes))
	return Container{
		Name: config.GatewayName, Image: a.Image, Resources: a.Resources, Args: gatewayCommand(), Env: a.environment(),
		Ports: []Port{
			{Name: "ssh", Container: config.GatewaySSHPort, Service: 2222},
			{Name: "http", Container: config.GatewayHTTPPort, Service: 80},
			{Name: "https", Container: config.GatewayHTTPSPort, Service: 443},
			{Name: "health", Container: config.GatewayHealthPort},
		},
		Probes: Probes{
			Startup:   &Probe{Port: "health", Path: "/healthz", PeriodSeconds: 2, FailureThreshold: 60},
			Readiness: &Probe{Port: "health", Path: "/readyz"},
			Liveness:  &Probe{Port: "health", Path: "/healthz", PeriodSeconds: 20},
		},
		Mounts: []Mount{
			{Volume: tls, Path: "/tls", ReadOnly: true},
			{Volume: routes, Path: "/routes.yaml", SubPath: "routes.yaml", ReadOnly: true},
			{Volume: Scratch("tmp", 64), Path: "/tmp"},
		},
		DrainSeconds: drainSeconds,
	}
}

func gatewayCommand() []string {
	return []string{
		"-ssh-port", strconv.Itoa(config.GatewaySSHPort),
		"-http-port", strconv.Itoa(config.GatewayHTTPPort),
		"-https-port", strconv.Itoa(config.GatewayHTTPSPort),
		"-log-service", config.LogAddress,
		"-tls-cert", "/tls/tls.crt",
		"-tls-key", "/tls/tls.key",
	}
}

func (a GatewayArgs) environment() []EnvVar {
	return []EnvVar{
		FromSecret("DATABASE_URL", "postgres-credentials", "DATABASE_URL"),
		FromSecret("JWT_SECRET", "edd-cloud-auth", "JWT_SECRET"),
		Literal("ACME_EMAIL", a.ACMEEmail),
		Literal("ACME_STAGING", "false"),
		OptionalSecret("TOKEN_ENCRYPTION_KEY", "gateway-token-key", "TOKEN_ENCRYPTION_KEY"),
	}
}
