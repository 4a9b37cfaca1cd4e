package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// takenServices are the names of what the platform has anyway: a service of
// that name would select the other's pods.
var takenServices = []string{"backend", "backend-migrate", "celery-worker", "db-dump", "frontend", "postgres", "postgres-init", "redis"}

// reachable lists what a service may open connections to, beside services.
var reachable = []string{"backend", "redis", "postgres"}

// takenPaths are where the edge leads to the backend and the frontend.
var takenPaths = []string{"/", "/api"}

// variable is the name of an environment variable.
var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// longestServiceName leaves room in a DNS label for what Kubernetes appends.
const longestServiceName = 40

func (c *EPFL) validateServices(into *collector) {
	paths := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		key := "services[" + name + "]"
		service := c.Services[name]
		validateServiceName(into, key, name)
		service.validate(into, key)
		service.validatePath(into, key+".path", name, paths)
		c.validateReaches(into, key+".reaches", name, service.Reaches)
	}
}

func validateServiceName(into *collector, key, name string) {
	const remedy = "choose a name such as docs"
	switch {
	case !into.label(key, name, remedy):
	case slices.Contains(takenServices, name):
		into.add(key, remedy, "%q is the name of a part of the platform", name)
	case len(name) > longestServiceName:
		into.add(key, remedy, "%q has %d characters; its objects' names leave it %d", name, len(name), longestServiceName)
	}
}

func (s Service) validate(into *collector, key string) {
	into.image(key+".image", s.Image)
	into.positive(key+".replicas", s.Replicas)
	into.resources(key+".resources", s.Resources)
	into.labels(key+".nodeSelector", s.NodeSelector)
	into.between(key+".port", s.Port, 1024, 65535)
	if s.User < 1 {
		into.add(key+".user", "write the UID that the image runs as", "%d is root or none, and pods here do not run as root", s.User)
	}
	if s.HealthPath != "" {
		into.path(key+".healthPath", s.HealthPath)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Env)) {
		if !variable.MatchString(name) {
			into.add(key+".env["+name+"]", "write letters, digits and underscores", "%s is not the name of a variable", quoted(name))
		}
	}
	for i, folder := range s.Writable {
		if at := fmt.Sprintf("%s.writable[%d]", key, i); !strings.HasPrefix(folder, "/") || folder == "/" {
			into.add(at, "write a folder such as /tmp", "%s is no absolute path of a folder below the root", quoted(folder))
		} else if slices.Index(s.Writable, folder) < i {
			into.add(at, "remove one of the two", "%s is listed already", quoted(folder))
		}
	}
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
		case slices.Index(reaches, target) < i:
			into.add(at, "remove one of the two", "%q is listed already", target)
		}
	}
}
