package gateway

import (
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/account"
	"platform/components/pod"
	"platform/components/service"
	"platform/config"
)

// access is to its host key alone. To create is the one verb that cannot be
// bound to a name, which the object does not have yet.
func (a Args) access() account.Access {
	core, secrets := []string{""}, []string{"secrets"}
	in := a.SSHSecretNamespace
	if in == config.CoreNamespace {
		in = "" // its own, which may not be there yet
	}
	return account.Access{Name: config.GatewayName, In: in, Namespace: []account.Rule{
		{Groups: core, Resources: secrets, Names: []string{sshKeyName}, Verbs: []string{"get", "update", "patch"}},
		{Groups: core, Resources: secrets, Verbs: []string{"create"}},
	}}
}

func (a Args) server() pod.Container {
	tls, routes := pod.SecretFiles("tls-cert", pulumi.String(a.TLSSecret)), pod.ConfigFiles("routes", pulumi.String(routesName))
	return pod.Container{
		Name: config.GatewayName, Image: a.Image, Resources: a.Resources, Args: command(), Env: a.environment(),
		Ports: []pod.Port{
			{Name: "ssh", Container: config.GatewaySSHPort, Service: 2222},
			{Name: "http", Container: config.GatewayHTTPPort, Service: 80},
			{Name: "https", Container: config.GatewayHTTPSPort, Service: 443},
			{Name: "health", Container: config.GatewayHealthPort},
		},
		Probes: pod.Probes{
			Startup:   &pod.Probe{Port: "health", Path: "/healthz", PeriodSeconds: 2, FailureThreshold: 60},
			Readiness: &pod.Probe{Port: "health", Path: "/readyz"},
			Liveness:  &pod.Probe{Port: "health", Path: "/healthz", PeriodSeconds: 20},
		},
		Mounts: []pod.Mount{
			{Volume: tls, Path: "/tls", ReadOnly: true},
			{Volume: routes, Path: "/routes.yaml", SubPath: "routes.yaml", ReadOnly: true},
			{Volume: pod.Scratch("tmp", 64), Path: "/tmp"},
		},
		DrainSeconds: service.DrainSeconds,
	}
}

func command() []string {
	return []string{
		"-ssh-port", strconv.Itoa(config.GatewaySSHPort),
		"-http-port", strconv.Itoa(config.GatewayHTTPPort),
		"-https-port", strconv.Itoa(config.GatewayHTTPSPort),
		"-log-service", config.LogAddress,
		"-tls-cert", "/tls/tls.crt",
		"-tls-key", "/tls/tls.key",
	}
}

func (a Args) environment() []pod.EnvVar {
	return []pod.EnvVar{
		pod.FromSecret("DATABASE_URL", "postgres-credentials", "DATABASE_URL"),
		pod.FromSecret("JWT_SECRET", "edd-cloud-auth", "JWT_SECRET"),
		pod.Literal("ACME_EMAIL", a.ACMEEmail),
		pod.Literal("ACME_STAGING", "false"),
		pod.OptionalSecret("TOKEN_ENCRYPTION_KEY", "gateway-token-key", "TOKEN_ENCRYPTION_KEY"),
	}
}
