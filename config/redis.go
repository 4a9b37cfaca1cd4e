package config

import (
	"cmp"
	"fmt"
)

// Redis configures the queue between backend and workers. Only Celery needs
// one: with another kind of worker there is none unless something of it is set.
type Redis struct {
	Image        string            `key:"image"`
	Resources    Resources         `key:"resources"`
	NodeSelector map[string]string `key:"nodeSelector"`
	MaxMemoryMiB int               `key:"maxMemoryMiB"` // default three quarters of the memory limit
	StorageGiB   int               `key:"storageGiB"`   // of the append-only file
	StorageClass string            `key:"storageClass"`
	Exporter     Exporter          `key:"exporter"`
}

// Exporter configures the container that turns Redis' state into metrics.
type Exporter struct {
	Image     string    `key:"image"`
	Resources Resources `key:"resources"`
}

// DefaultRedisMemoryShare is the part of the memory limit, in percent, that
// data may fill. The rest is for buffers and for the copy that rewriting
// the append-only file makes.
const DefaultRedisMemoryShare = 75

// HasRedis reports whether the environment runs Redis.
func (c *EPFL) HasRedis() bool {
	return cmp.Or(c.Worker.Kind, DefaultWorkerKind) == WorkerCelery || c.Redis.given()
}

func (r Redis) given() bool {
	return r.Image != "" || r.Resources != (Resources{}) || len(r.NodeSelector) != 0 || r.MaxMemoryMiB != 0 ||
		r.StorageGiB != 0 || r.StorageClass != "" || r.Exporter != (Exporter{})
}

// podResources is the sum over the containers of the pod.
func (r Redis) podResources() Resources {
	if r.Exporter.Image == "" {
		return r.Resources
	}
	return Resources{
		Requests: r.Resources.Requests.plus(r.Exporter.Resources.Requests, 1),
		Limits:   r.Resources.Limits.plus(r.Exporter.Resources.Limits, 1),
	}
}

func (r Redis) validate(into *collector) {
	const key = "redis"
	into.image(key+".image", r.Image)
	into.resources(key+".resources", r.Resources)
	into.labels(key+".nodeSelector", r.NodeSelector)
	into.positive(key+".storageGiB", r.StorageGiB)
	if r.Exporter.Image != "" {
		into.image(key+".exporter.image", r.Exporter.Image)
		into.resources(key+".exporter.resources", r.Exporter.Resources)
	}
	limit := r.Resources.Limits.Memory
	if !into.clean(key + ".resources.limits.memory") {
		return // there is nothing to compare with
	}
	if r.MaxMemoryMiB < 1 {
		into.add(key+".maxMemoryMiB", "raise it to 1 or more, under the memory limit,", "%d MiB hold no data", r.MaxMemoryMiB)
	} else if data := binary(r.MaxMemoryMiB, "Mi"); data.Cmp(limit) >= 0 {
		into.add(key+".maxMemoryMiB", fmt.Sprintf("lower it to %d, or leave it out,", mebibytes(limit)*DefaultRedisMemoryShare/100),
			"%d MiB is not under the memory limit of %s: the container would be killed before it refuses data", r.MaxMemoryMiB, limit.String())
	}
}
