package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// takenServices are the names of what the platform has anyway: a service of
// that name would select the other's pods.
var takenServices = []string{"backend", "backend-migrate", "backend-worker", "celery-worker", "db-dump", "frontend", "postgres", "postgres-init", "redis"}

// reachable lists what a service may open connections to, beside services.
var reachable = []string{"backend", componentRedis, "postgres"}

// componentRedis is the queue, as services name it.
const componentRedis = "redis"

// takenPaths are where the edge leads to the backend and the frontend.
var takenPaths = []string{"/", "/api"}

func (c *EPFL) validateServices(into *collector) {
	paths := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		key := "services[" + name + "]"
		service := c.Services[name]
		into.serviceName(key, name, takenServices)
		service.validate(into, key)
		service.validatePath(into, key+".path", name, paths)
		c.validateReaches(into, key+".reaches", name, service.Reaches)
	}
}

func (s Service) validate(into *collector, key string) {
	into.image(key+".image", s.Image)
	into.positive(key+".replicas", s.Replicas)
	into.resources(key+".resources", s.Resources)
	into.labels(key+".nodeSelector", s.NodeSelector)
	into.between(key+".port", s.Port, 1024, 65535)
	into.user(key+".user", s.User)
	if s.HealthPath != "" {
		into.path(key+".healthPath", s.HealthPath)
	}
	into.variables(key+".env", s.Env)
	into.literal(key+".env", s.Env)
	into.folders(key+".writable", s.Writable)
	into.egress(key+".egress", s.Egress)
}

// validatePath checks that no two parts of the application have one path.
func (s Service) validatePath(into *collector, key, name string, taken map[string]string) {
	if s.Path == "" {
		return
	}
	path := strings.TrimSuffix(s.Path, "/")
	switch other, twice := taken[path]; {
	case slices.Contains(takenPaths, s.Path) || slices.Contains(takenPaths, path):
		into.add(key, "choose another, such as /"+name, "%q leads to the backend or the frontend", s.Path)
	case twice:
		into.add(key, "choose another, such as /"+name, "%q leads to service %s already", s.Path, other)
	default:
		into.path(key, s.Path)
		taken[path] = name
	}
}

func (c *EPFL) validateReaches(into *collector, key, name string, reaches []string) {
	for i, target := range reaches {
		_, service := c.Services[target]
		switch at := fmt.Sprintf("%s[%d]", key, i); {
		case target == name:
			into.add(at, "remove it", "%q is the service itself", target)
		case !service && !slices.Contains(reachable, target):
			known := append(slices.Clone(reachable), slices.Sorted(maps.Keys(c.Services))...)
			into.add(at, "use one of "+strings.Join(known, ", "), "%s is nothing that can be reached", quoted(target))
		case target == componentRedis && !c.HasRedis():
			into.add(at, "remove it, or configure platform:redis,", "%q is not there: the kind of worker needs none, and nothing of it is configured", target)
		case slices.Index(reaches, target) < i:
			into.add(at, "remove one of the two", "%q is listed already", target)
		}
	}
}
