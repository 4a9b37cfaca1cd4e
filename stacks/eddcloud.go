package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components"
	"platform/config"
	"platform/stacks/secrets"
)

// eddCloudApp is the application that the Edd Cloud stacks deploy.
const eddCloudApp = "edd-cloud"

// OutputAddress is where the gateway of an Edd Cloud stack is reached.
const OutputAddress = "address"

// EddCloud composes Edd Cloud: the namespace and who may enter it, then what
// holds data, then what serves, and the gateway last.
func EddCloud(ctx *pulumi.Context, cfg *config.EddCloud) error {
	if err := protect(ctx, cfg.Waivers); err != nil {
		return err
	}
	source, err := secrets.New(ctx, cfg)
	if err != nil {
		return err
	}
	cluster, err := provider(ctx, cfg.Cluster, cfg.Render, newerThanDeployed(cfg))
	if err != nil {
		return err
	}
	c := core{cfg: cfg, cluster: cluster, source: source, exempt: exemptions(cfg)}
	for _, part := range []struct {
		key     string
		compose func(*pulumi.Context) error
	}{
		{"environment", c.namespace},
		{"hostPolicy", c.network},
		{"metallb", c.addresses},
		{"secrets", c.credentials},
		{"tls", c.certificate},
		{"postgres", c.postgres}, // first of what runs: a Job waits for it
		{"haproxy", c.haproxy},
		{"nats", c.nats},
		{"gfs", c.gfs},
		{"services", c.services},
		{"gateway", c.gateway},
		{"imageCleanup", c.imageCleanup},
	} {
		if err := part.compose(ctx); err != nil {
			return fmt.Errorf("config %s:%s (stack %s): %w", config.Namespace, part.key, ctx.Stack(), err)
		}
	}
	ctx.Export(OutputURL, pulumi.String("https://cloud."+cfg.Domain))
	ctx.Export(OutputAddress, pulumi.String(cfg.Gateway.Address.String()))
	ctx.Export(OutputNamespace, c.app.Namespace)
	return nil
}

// core is the namespace core while it is composed: each part adds what later
// ones need.
type core struct {
	cfg      *config.EddCloud
	cluster  pulumi.ResourceOption
	source   *secrets.Store
	exempt   map[string]components.Exemption // by component
	app      components.App
	values   map[string]pulumi.StringMap // by Secret and key
	secrets  map[string]pulumi.Resource  // by name
	pools    []pulumi.Resource           // of addresses
	servers  []string                    // Services of the database servers that run, each of another
	database []pulumi.Resource           // reachable through HAProxy
	bus      []pulumi.Resource           // NATS, with its streams
	running  map[string]pulumi.Resource  // what services may wait for, by component
}

// namespace allows what some of its pods are exempt for: Pod Security knows
// one level for all pods of a namespace. Who is exempt is in [exemptions].
func (c *core) namespace(ctx *pulumi.Context) error {
	namespace, err := components.NewNamespace(ctx, c.cfg.Namespace(), components.NamespaceArgs{
		Name: c.cfg.Namespace(), App: eddCloudApp, Environment: c.cfg.Environment, Owner: owner(ctx),
		PodSecurity: "privileged", Protect: c.cfg.Protect,
	}, c.cluster)
	if err != nil {
		return err
	}
	c.app = components.App{
		Name: eddCloudApp, Environment: c.cfg.Environment, Namespace: namespace.Name, Selectors: selectors(c.cfg),
		Owner: owner(ctx), Operator: c.source.Delivery(),
	}
	return nil
}

// selectors are those that the Deployments of the cluster have had from the
// start: app, and for some a second label.
func selectors(cfg *config.EddCloud) map[string]map[string]string {
	frozen := map[string]map[string]string{}
	for name := range cfg.Images() {
		frozen[name] = map[string]string{"app": name}
	}
	for name := range cfg.Postgres.Servers {
		frozen[name] = map[string]string{"app": name}
	}
	for name, service := range cfg.Services {
		frozen[name] = map[string]string{"app": or(service.App, name)}
		for key, value := range service.Labels {
			frozen[name][key] = value
		}
	}
	return frozen
}

// needs are the Secrets of the names, for what starts after them: a pod that
// starts before a changed value is in the Secret would keep the old one.
func (c *core) needs(names ...string) []pulumi.Resource {
	var found []pulumi.Resource
	for _, name := range names {
		if secret, ok := c.secrets[name]; ok {
			found = append(found, secret)
		}
	}
	return found
}
