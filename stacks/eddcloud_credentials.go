package stacks

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/components/postgres"
	"platform/components/secret"
	"platform/config"
	"platform/stacks/secrets"
)

// pullSecret is the one that nodes pull the images of eddisonso with.
const pullSecret = "regcred"

// gatewayPassword is the key of the password of the gateway's role.
const gatewayPassword = "GATEWAY_PASSWORD"

// credentials are the Secrets of the namespace and their values.
type credentials struct {
	values  map[string]pulumi.StringMap // by Secret and key
	secrets map[string]pulumi.Resource  // by name
}

// newCredentials writes every Secret that the namespace has. Each value comes
// from the source, but for those that follow from others.
func newCredentials(ctx *pulumi.Context, cfg *config.EddCloud, app object.App, source *secrets.Store, cluster pulumi.ResourceOption) (credentials, error) {
	values, err := source.Values(ctx)
	if err != nil {
		return credentials{}, err
	}
	superuser := values[config.PostgresSecret]
	superuser["POSTGRES_USER"], superuser["POSTGRES_DB"] = pulumi.String(config.PostgresSuperuser), pulumi.String(config.PostgresSuperuser)
	superuser["DATABASE_URL"] = databaseURL(cfg.Gateway.DatabaseRole, cfg.Gateway.Database, superuser[gatewayPassword])
	for _, database := range cfg.Postgres.Databases {
		own := values[database.Secret]
		own["DATABASE_URL"] = databaseURL(database.Role, database.Name, own["PASSWORD"])
	}
	args := secret.CredentialsArgs{App: app, Secrets: map[string]secret.Credential{}}
	for _, credential := range cfg.KubernetesSecrets() {
		if own, ours := values[credential.Name]; ours { // else somebody else writes it
			args.Secrets[credential.Name] = secret.Credential{Type: credential.Type, Values: own, Protect: cfg.Protect}
		}
	}
	made, err := secret.NewCredentials(ctx, "credentials", args, cluster)
	if err != nil {
		return credentials{}, err
	}
	return credentials{values, made.Secrets}, nil
}

// databaseURL leads through HAProxy, as services know it. Inside the cluster
// the server speaks no TLS.
func databaseURL(role, database string, password pulumi.StringInput) pulumi.StringInput {
	return postgres.Database{
		Scheme: "postgres", Host: config.HAProxyName, Port: config.PostgresPort,
		Name: database, User: role, Password: password, SSLMode: "disable",
	}.URL()
}

// needed has something start after the Secrets of the names: a pod that starts
// before a changed value is in the Secret would keep the old one.
func (c credentials) needed(names ...string) pulumi.ResourceOption {
	var found []pulumi.Resource
	for _, name := range names {
		if secret, ours := c.secrets[name]; ours {
			found = append(found, secret)
		}
	}
	return pulumi.DependsOn(found)
}

// read gathers the values of SECRET/KEY references.
func (c credentials) read(refs ...string) pulumi.StringMap {
	values := pulumi.StringMap{}
	for _, ref := range refs {
		secret, key, _ := strings.Cut(ref, "/")
		if value, ok := c.values[secret][key]; ok {
			values[ref] = value
		}
	}
	return values
}
