package config

import "cmp"

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

// HasRedis tells whether the environment runs Redis.
func (c *EPFL) HasRedis() bool {
	return cmp.Or(c.Worker.Kind, DefaultWorkerKind) == WorkerCelery || c.Redis.given()
}

func (r Redis) given() bool {
	return r.Image != "" || r.Resources != (Resources{}) || len(r.NodeSelector) != 0 || r.MaxMemoryMiB != 0 ||
		r.StorageGiB != 0 || r.StorageClass != "" || r.Exporter != (Exporter{})
}
