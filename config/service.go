package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Service is a further service of the application, beside those that have a
// type of their own: it needs no code, only its entry under services.
type Service struct {
	Image        string            `key:"image"`
	Replicas     int               `key:"replicas"` // default 1
	Resources    Resources         `key:"resources"`
	NodeSelector map[string]string `key:"nodeSelector"`
	Port         int               `key:"port"`       // of the container; the Service NAME-service serves it on 80
	User         int               `key:"user"`       // the image's own UID, over 0
	HealthPath   string            `key:"healthPath"` // empty means that an open port is health enough
	Path         string            `key:"path"`       // where the edge publishes it, such as /docs; empty means inside only
	Env          map[string]string `key:"env"`        // nothing secret
	Writable     []string          `key:"writable"`   // folders that it writes to; 64 MiB each, gone with the pod
	Reaches      []string          `key:"reaches"`    // what it opens connections to: backend, redis, postgres or another service
	Egress       []Egress          `key:"egress"`     // beside those
}

// DefaultServiceReplicas is enough for what nobody waits for.
const DefaultServiceReplicas = 1

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
		case target == RedisName && !c.HasRedis():
			into.add(at, "remove it, or configure platform:redis,", "%q is not there: the kind of worker needs none, and nothing of it is configured", target)
		case slices.Index(reaches, target) < i:
			into.add(at, "remove one of the two", "%q is listed already", target)
		}
	}
}
