package config

import (
	"maps"
	"slices"
	"time"
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

// Stream is one stream of NATS as its service makes it. The platform makes it
// first, so that nobody looks for it in vain.
type Stream struct {
	Name        string        `key:"name"`
	Subjects    []string      `key:"subjects"`
	Retention   time.Duration `key:"retention"`   // of a message; default 168h, which is 7 days
	ReservedMiB int           `key:"reservedMiB"` // of what streams in files may fill; default 1024
}

// The defaults of a stream: what every service of the platform asks for.
const (
	DefaultStreamRetention   = 7 * 24 * time.Hour
	DefaultStreamReservedMiB = 1024
)

// StreamMessages is the most messages that a stream holds.
const StreamMessages = 1_000_000

// formerStreams are those that older images made on the real platform, and that
// reserve as much as the others. None of today's services makes or consumes
// them, but a server that has them and no room for them drops them at its next
// start, and says that it is healthy.
func formerStreams() []Stream {
	return []Stream{former("COMPUTE"), former("GATEWAY"), former("SFS")}
}

func former(name string) Stream { return Stream{Name: name, ReservedMiB: DefaultStreamReservedMiB} }

// Streams is every stream that a service of the stack makes, by name.
func (c *EddCloud) Streams() []Stream {
	var streams []Stream
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		streams = append(streams, c.Services[name].Makes.Streams...)
	}
	slices.SortStableFunc(streams, func(a, b Stream) int { return compareKeys(a.Name, b.Name) })
	return streams
}

// reserved is what streams reserve together.
func reserved(streams []Stream) int {
	total := 0
	for _, stream := range streams {
		total += stream.ReservedMiB
	}
	return total
}

// roomForStreams is what NATS must let streams reserve: all that are known,
// those of before, and one more, which an image of tomorrow may make.
func (c *EddCloud) roomForStreams() int {
	return reserved(c.Streams()) + reserved(formerStreams()) + DefaultStreamReservedMiB
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
