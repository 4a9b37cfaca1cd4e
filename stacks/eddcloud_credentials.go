package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components"
	"platform/config"
)

// pullSecret is the one that nodes pull the images of eddisonso with.
const pullSecret = "regcred"

// Where services reach the database, and what they are given to.
const (
	databaseHost   = "haproxy"
	databaseSecret = "postgres-credentials"
	// gatewayPassword is the key of the password of the gateway's role.
	gatewayPassword = "GATEWAY_PASSWORD"
)

// composed is a value that follows from others of its Secret, and so is asked
// of no source.
type composed func(values pulumi.StringMap) pulumi.StringInput

// credentials writes every Secret that the namespace has. Each value comes
// from the source, but for those that follow from others.
func (c *core) credentials(ctx *pulumi.Context) error {
	args := components.CredentialsArgs{App: c.app, Secrets: map[string]components.Credential{}}
	c.values = map[string]pulumi.StringMap{}
	for _, credential := range c.cfg.KubernetesSecrets() {
		if credential.Name == c.cfg.TLS.Secret && c.cfg.TLS.Source != config.CertificateProvided {
			continue // somebody else writes it
		}
		values, err := c.secret(ctx, credential)
		if err != nil {
			return err
		}
		c.values[credential.Name] = values
		args.Secrets[credential.Name] = components.Credential{Type: credential.Type, Values: values, Protect: c.cfg.Protect}
	}
	made, err := components.NewCredentials(ctx, "credentials", args, c.cluster)
	if err != nil {
		return err
	}
	c.secrets = made.Secrets
	return nil
}

func (c *core) secret(ctx *pulumi.Context, credential config.Credential) (pulumi.StringMap, error) {
	values, rules := pulumi.StringMap{}, c.composed(credential.Name)
	for _, key := range credential.Keys {
		if key.Composed {
			continue
		}
		value, err := c.source.Value(ctx, credential.Name, key.Name)
		if err != nil {
			return nil, fmt.Errorf("%s/%s: %w", credential.Name, key.Name, err)
		}
		values[key.Name] = value
	}
	for key, rule := range rules {
		values[key] = rule(values)
	}
	return values, nil
}

// composed are the keys of a Secret that follow from its others.
func (c *core) composed(secret string) map[string]composed {
	if secret == databaseSecret {
		return map[string]composed{
			"POSTGRES_USER": func(pulumi.StringMap) pulumi.StringInput { return pulumi.String(components.PostgresSuperuser) },
			"POSTGRES_DB":   func(pulumi.StringMap) pulumi.StringInput { return pulumi.String(components.PostgresSuperuser) },
			"DATABASE_URL": func(values pulumi.StringMap) pulumi.StringInput {
				return databaseURL(c.cfg.Gateway.DatabaseRole, c.cfg.Gateway.Database, values[gatewayPassword])
			},
		}
	}
	for _, database := range c.cfg.Postgres.Databases {
		if database.Secret == secret {
			return map[string]composed{"DATABASE_URL": func(values pulumi.StringMap) pulumi.StringInput {
				return databaseURL(database.Role, database.Name, values["PASSWORD"])
			}}
		}
	}
	return nil
}

// databaseURL leads through HAProxy, as services know it. Inside the cluster
// the server speaks no TLS.
func databaseURL(role, database string, password pulumi.StringInput) pulumi.StringInput {
	return components.Database{
		Scheme: "postgres", Host: databaseHost, Port: components.PostgresPort,
		Name: database, User: role, Password: password, SSLMode: "disable",
	}.URL()
}
