package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ServiceNeeds is what has to be there before a service starts, beside its
// Secrets and the database that one of them leads to. A service that tries
// once, and serves on without, is why it has to.
type ServiceNeeds struct {
	Services []string       `key:"services"` // that have to be ready: services, gfs-master or gfs-chunkserver
	Streams  []StreamReader `key:"streams"`  // that it consumes
}

// StreamReader is one stream as a service consumes it.
type StreamReader struct {
	Stream    string   `key:"stream"`
	Consumers []string `key:"consumers"` // durable names that it does so under; none means that any will do
}

// ServiceMakes is what others find once a service has started.
type ServiceMakes struct {
	Streams []Stream `key:"streams"`
	Tables  []string `key:"tables"` // in its database; for the reader of the stack file
}

// ServicesInOrder are the names of the services, each after those that it
// needs, else by name. It expects that none needs itself, as [EddCloud.Validate]
// finds out.
func (c *EddCloud) ServicesInOrder() []string {
	var order []string
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		service, known := c.Services[name]
		if seen[name] || !known {
			return
		}
		seen[name] = true
		for _, needed := range slices.Sorted(slices.Values(service.Needs.Services)) {
			visit(needed)
		}
		order = append(order, name)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		visit(name)
	}
	return order
}

// TableMakers are the services that make tables in the gateway's database,
// which it reads at its start and does not come up without, by name.
func (c *EddCloud) TableMakers() []string {
	var makers []string
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		service := c.Services[name]
		for _, database := range c.Postgres.Databases {
			if database.Name == c.Gateway.Database && len(service.Makes.Tables) > 0 &&
				service.Secrets["DATABASE_URL"] == database.Secret+"/DATABASE_URL" {
				makers = append(makers, name)
			}
		}
	}
	return makers
}

// neededComponents are those that a service may wait for beside services. The
// others stand before every service anyway.
var neededComponents = []string{GFSMasterName, ChunkserverName}

// validateNeeds checks that what a service waits for is there to come, and
// that no two wait for each other.
func (c *EddCloud) validateNeeds(into *collector) {
	made := c.validateStreams(into)
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		needs, key := c.Services[name].Needs, "services["+name+"].needs"
		known := slices.Concat(slices.Sorted(maps.Keys(c.Services)), neededComponents)
		for i, needed := range needs.Services {
			if !slices.Contains(known, needed) {
				into.add(fmt.Sprintf("%s.services[%d]", key, i), "add it to "+Namespace+":services, or write needs of its own,",
					"%s is neither a service of the stack nor one of %s: %s would wait for it in vain", quoted(needed), strings.Join(neededComponents, ", "), name)
			}
		}
		for i, reader := range needs.Streams {
			at := fmt.Sprintf("%s.streams[%d]", key, i)
			if !slices.Contains(made, reader.Stream) {
				into.add(at+".stream", "add the service that makes it, or write needs of its own,",
					"no service of the stack makes the stream %s; they make %s", quoted(reader.Stream), orNone(made))
			}
			for j, consumer := range reader.Consumers {
				if !streamName.MatchString(consumer) {
					into.add(fmt.Sprintf("%s.consumers[%d]", at, j), "write its durable name", "%s is not the name of a consumer", orEmpty(consumer))
				}
			}
		}
		if circle := c.circle(name); circle != nil {
			into.add(key+".services", "take one of these needs away", "the services wait for each other: %s", strings.Join(circle, " needs "))
		}
	}
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// circle is the way from a service by what it needs back to itself, found at
// the first of its names alone: one error for one circle.
func (c *EddCloud) circle(start string) []string {
	var walk func(path []string) []string
	seen := map[string]bool{}
	walk = func(path []string) []string {
		for _, needed := range c.Services[path[len(path)-1]].Needs.Services {
			if needed == start {
				return append(path, start)
			}
			if _, known := c.Services[needed]; !known || needed < start || seen[needed] {
				continue
			}
			seen[needed] = true
			if found := walk(append(slices.Clone(path), needed)); found != nil {
				return found
			}
		}
		return nil
	}
	return walk([]string{start})
}
