// Package config reads the configuration of a stack into one typed tree and
// checks it whole before anything is registered. It creates no resource, so
// it is tested without an engine.
//
// A field's key tag is its name in Pulumi.<stack>.yaml: the field Postgres of
// [EPFL] is platform:postgres there, and StorageGiB inside it is
// platform:postgres.storageGiB in every error.
package config

import (
	"fmt"

	"k8s.io/apimachinery/pkg/util/validation"
)

// Namespace is the Pulumi configuration namespace that this program owns:
// every key of a stack file starts with it.
const Namespace = "platform"

// EPFL configures one environment of the co2-calculator on EPFL's cluster.
type EPFL struct {
	Common
	Environment string             `key:"environment"` // dev, staging, prod, local; the namespace is co2-calculator-ENVIRONMENT
	Frontend    Frontend           `key:"frontend"`
	Backend     Backend            `key:"backend"`
	Worker      Worker             `key:"worker"`
	Redis       Redis              `key:"redis"`
	Postgres    Postgres           `key:"postgres"`
	Edge        Edge               `key:"edge"`
	Monitoring  Monitoring         `key:"monitoring"`
	Services    map[string]Service `key:"services"`
	Quota       Quota              `key:"quota"`
}

// namespacePrefix begins the Kubernetes namespace of every environment.
const namespacePrefix = "co2-calculator-"

// Namespace is the Kubernetes namespace that holds the environment.
func (c *EPFL) Namespace() string { return namespacePrefix + c.Environment }

// applyDefaults fills in what may be left out. It comes before validation,
// which therefore checks the values that will be used.
func (c *EPFL) applyDefaults() {
	c.Secrets.applyDefaults()
	c.Topology.applyDefaults()
	for name, service := range c.Services {
		setDefault(&service.Replicas, DefaultServiceReplicas)
		c.Services[name] = service
	}
	c.Frontend.applyDefaults()
	c.Backend.applyDefaults()
	c.Worker.applyDefaults()
	if c.HasRedis() {
		setDefault(&c.Redis.MaxMemoryMiB, mebibytes(c.Redis.Resources.Limits.Memory)*DefaultRedisMemoryShare/100)
	}
	c.Postgres.applyDefaults()
	c.Edge.applyDefaults()
	c.Monitoring.applyDefaults()
}

// Validate checks the whole tree, defaults included, and returns every error
// at once. It expects defaults to be filled in, as [Parse] does.
func (c *EPFL) Validate(stack string) Errors { return check(c, stack) }

// validate checks the parts first. The rules across parts come last, since
// they are silent about parts that are at error themselves.
func (c *EPFL) validate(into *collector) {
	c.validateEnvironment(into)
	c.validateTarget(into)
	c.GitOps.validate(into)
	c.validateWaivers(into)
	c.Topology.validate(into)
	c.Topology.IngressController.validate(into, "topology.ingressController")
	c.Frontend.validate(into)
	c.Backend.validate(into)
	c.Worker.validate(into)
	if c.HasRedis() {
		c.Redis.validate(into)
	}
	c.Postgres.validate(into)
	c.Edge.validate(into)
	c.Monitoring.validate(into)
	c.validateServices(into)
	c.Quota.validate(into)
	c.Secrets.validatePlaces(into, c.SecretValues(), "postgres.mode", "worker.kind")
	c.validateStackSecrets(into, c.SecretValues(), "postgres.mode", "worker.kind")
	c.validateExporter(into)
	c.validateClaims(into)
	c.validateQuota(into)
	c.validatePlacement(into)
}

// watchedNamespace is what Grafana's 40 characters of a dashboard's UID leave to
// the namespace, beside the longest subject of a dashboard and a hyphen.
const watchedNamespace = 40 - len("-infrastructure")

func (c *EPFL) validateEnvironment(into *collector) {
	const key = "environment"
	if !into.label(key, c.Environment, "write dev, staging, prod or local") {
		return
	}
	most, why := validation.DNS1123LabelMaxLength, "Kubernetes takes"
	if c.Monitoring.Enabled {
		most, why = watchedNamespace, "the UID of a dashboard has room for"
	}
	if longest := most - len(namespacePrefix); len(c.Environment) > longest {
		into.add(key, fmt.Sprintf("shorten it to %d characters or fewer", longest),
			"the namespace %q has %d characters and %s %d", c.Namespace(), len(c.Namespace()), why, most)
	}
}

// validateExporter is a rule across parts: without the exporter the alerts
// about the queue would never fire.
func (c *EPFL) validateExporter(into *collector) {
	if c.Monitoring.Enabled && c.HasRedis() && c.Redis.Exporter.Image == "" {
		into.add("redis.exporter.image", "name one as repository:tag, or turn "+Namespace+":monitoring.enabled off,",
			"it is empty, and monitoring reads the state of the queue from it")
	}
}
