package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
)

// uuid is the form of the UID of a Kubernetes object, and of an ID of Infisical.
var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// Validate judges the whole tree, defaults included, and returns every fault
// at once. It expects defaults to be filled in, as [Parse] does.
func (c *EPFL) Validate(stack string) Faults { return judge(c, stack) }

// validate judges the parts first. The rules across parts come last, since
// they are silent about parts that are at fault themselves.
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

// validateTarget judges where objects go and where secret values come from.
func (c *Common) validateTarget(into *collector) {
	deploys := c.Render.Directory == "" && into.clean("render")
	if c.Cluster.Context == "" && deploys {
		into.add("cluster.context", "name a context of the kubeconfig, or set "+Namespace+":render.directory,",
			"it is empty, and the kubeconfig's current context is never used")
	}
	if c.Cluster.UID != "" && !uuid.MatchString(c.Cluster.UID) {
		into.add("cluster.uid", "write what kubectl get namespace kube-system -o jsonpath={.metadata.uid} prints",
			"%q is not a UID of 32 lower-case hexadecimal digits with dashes", c.Cluster.UID)
	}
	const source = "secrets.source"
	if chosen(into, source, c.Secrets.Source, SecretSources) && c.Secrets.Source == SourceFixed && deploys {
		into.add(source, fmt.Sprintf("choose %s or %s, or set %s:render.directory,", SourceGenerated, SourceInfisical, Namespace),
			"%q gives test values that anybody can read, for rendering only", SourceFixed)
	}
	c.Secrets.validate(into)
}

// validateExporter is a rule across parts: without the exporter the alerts
// about the queue would never fire.
func (c *EPFL) validateExporter(into *collector) {
	if c.Monitoring.Enabled && c.HasRedis() && c.Redis.Exporter.Image == "" {
		into.add("redis.exporter.image", "name one as repository:tag, or turn "+Namespace+":monitoring.enabled off,",
			"it is empty, and monitoring reads the state of the queue from it")
	}
}

func (q Quota) validate(into *collector) {
	const key = "quota"
	into.amounts(key, q.Requests, q.Limits)
	into.positive(key+".pods", q.Pods)
	into.positive(key+".storageGiB", q.StorageGiB)
}

// oneOf checks membership of a closed set and lists the set.
func oneOf[T ~string](into *collector, key string, value T, set []T) bool {
	if slices.Contains(set, value) {
		return true
	}
	into.add(key, "choose one of "+listed(set), "%s is not a value it knows", orEmpty(string(value)))
	return false
}

func listed[T ~string](set []T) string {
	names := make([]string, 0, len(set))
	for _, member := range set {
		names = append(names, string(member))
	}
	return strings.Join(names, ", ")
}

func (c *collector) positive(key string, value int) {
	if value < 1 {
		c.add(key, "raise it to 1 or more", "%d is under the floor of 1", value)
	}
}

func (c *collector) between(key string, value, low, high int) {
	if value < low || value > high {
		c.add(key, "choose one within it", "%d is outside the range %d to %d", value, low, high)
	}
}

// amount checks that a quantity is set and of a size that means something.
func (c *collector) amount(key string, kind amountKind, q resource.Quantity) bool {
	remedy := "write it as " + kind.forms
	switch {
	case q.IsZero():
		c.add(key, remedy, "it is not set, or zero")
	case q.Cmp(kind.least) < 0:
		c.add(key, remedy, "%s is under the least of %s", q.String(), kind.least.String())
	default:
		counted := q.DeepCopy()
		if counted.RoundUp(kind.finest); counted.Cmp(q) != 0 {
			c.add(key, "write "+counted.String(), "%s is finer than Kubernetes counts", q.String())
			return false
		}
		return true
	}
	return false
}
