// Package consumers asks a stack's NATS whether every stream is there and
// every service consumes those that it should. A service that looked for its
// stream once, and in vain, is Ready all the same, and deaf.
package consumers

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"platform/config"
)

// Monitor asks a server of NATS at its monitoring port. The path begins with /.
type Monitor func(ctx context.Context, server, path string) ([]byte, error)

// Finding is one thing that is not as it should be, and what to do about it.
type Finding struct {
	Subject string // a service, a stream or the bus
	Why     string
	Remedy  string
}

// String is the finding in one line.
func (f Finding) String() string { return fmt.Sprintf("%s: %s; %s", f.Subject, f.Why, f.Remedy) }

// Check bounds how long a consumer may take to be heard of. The zero value is
// filled in.
type Check struct {
	Attempts int           // default 10
	Pause    time.Duration // between them; default 1 s
}

// jszPath is what a server tells of its streams and their consumers.
const jszPath = "/jsz?accounts=true&streams=true&consumers=true"

// Servers are the servers of a stack's bus as the Kubernetes API knows them,
// below the namespace: the Service of a single one, each pod of a cluster, where
// no server knows all streams.
func Servers(cfg *config.EddCloud) []string {
	if cfg.NATS.Replicas == 1 {
		return []string{"services/nats:8222"}
	}
	var servers []string
	for i := range cfg.NATS.Replicas {
		servers = append(servers, fmt.Sprintf("pods/nats-%d:8222", i))
	}
	return servers
}

// Run asks until nothing is amiss, and returns what still is at the end,
// sorted. An error means that no server could be asked.
func (c Check) Run(ctx context.Context, monitor Monitor, cfg *config.EddCloud) ([]Finding, error) {
	heard := bus{}
	for attempt := 1; ; attempt++ {
		if err := heard.ask(ctx, monitor, Servers(cfg)); err != nil {
			return nil, err
		}
		found := heard.findings(cfg)
		if len(found) == 0 || attempt >= cmp.Or(c.Attempts, 10) {
			return found, nil
		}
		select {
		case <-ctx.Done():
			return found, nil
		case <-time.After(cmp.Or(c.Pause, time.Second)):
		}
	}
}

// bus is what was heard of each stream, over all that were asked and all times.
type bus map[string]*stream

// stream is one, with its consumers: true for those that listened once.
type stream struct {
	bytes     int64
	consumers map[string]bool
}

// answer is the part of /jsz that counts.
type answer struct {
	Accounts []struct {
		Streams []struct {
			Name  string `json:"name"`
			State struct {
				Bytes int64 `json:"bytes"`
			} `json:"state"`
			Consumers []struct {
				Name    string `json:"name"`
				Waiting int    `json:"num_waiting"` // requests for messages
				Push    bool   `json:"push_bound"`  // somebody listens at its subject
			} `json:"consumer_detail"`
		} `json:"stream_detail"`
	} `json:"account_details"`
}

func (b bus) ask(ctx context.Context, monitor Monitor, servers []string) error {
	for _, server := range servers {
		text, err := monitor(ctx, server, jszPath)
		if err != nil {
			return fmt.Errorf("monitor of %s: %w", server, err)
		}
		var heard answer
		if err := json.Unmarshal(text, &heard); err != nil {
			return fmt.Errorf("monitor of %s: it answers no JSON: %w", server, err)
		}
		for _, account := range heard.Accounts {
			for _, one := range account.Streams {
				if b[one.Name] == nil {
					b[one.Name] = &stream{consumers: map[string]bool{}}
				}
				b[one.Name].bytes = one.State.Bytes
				for _, consumer := range one.Consumers {
					listens := consumer.Waiting > 0 || consumer.Push
					b[one.Name].consumers[consumer.Name] = b[one.Name].consumers[consumer.Name] || listens
				}
			}
		}
	}
	return nil
}

// findings compares what was heard with what the services of the stack make
// and consume.
func (b bus) findings(cfg *config.EddCloud) []Finding {
	var found []Finding
	var bytes int64
	for _, one := range b {
		bytes += one.bytes
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Services)) {
		for _, made := range cfg.Services[name].Makes.Streams {
			if b[made.Name] == nil {
				found = append(found, Finding{
					"stream " + made.Name, "is gone, or did not fit",
					"look at " + config.Namespace + ":nats.fileMiB, then " + restart(name) + ", and then those that consume it",
				})
			}
		}
		if deaf := b.deaf(cfg.Services[name]); len(deaf) > 0 {
			found = append(found, Finding{name, "does not consume " + strings.Join(deaf, ", "), restart(name)})
		}
	}
	claim := int64(cfg.NATS.StorageGiB) << 30
	if most := claim * config.DefaultNATSFileShare / 100; bytes > most {
		found = append(found, Finding{
			"nats", fmt.Sprintf("its streams hold %d MiB of a claim of %d MiB", bytes>>20, claim>>20),
			"purge one of them, or move them to a larger claim: a full volume stops every stream",
		})
	}
	return found
}

// deaf are the streams that a service should consume and does not, each with
// the consumers that are missing.
func (b bus) deaf(service config.CoreService) []string {
	var deaf []string
	for _, reader := range service.Needs.Streams {
		heard := map[string]bool{}
		if b[reader.Stream] != nil {
			heard = b[reader.Stream].consumers
		}
		if len(reader.Consumers) == 0 && !slices.Contains(slices.Collect(maps.Values(heard)), true) {
			deaf = append(deaf, reader.Stream)
		}
		for _, consumer := range reader.Consumers {
			if !heard[consumer] {
				deaf = append(deaf, reader.Stream+" as "+consumer)
			}
		}
	}
	return deaf
}

func restart(service string) string {
	return "kubectl rollout restart deployment/" + service + " -n " + config.CoreNamespace
}
