package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
)

// The defaults. Each is safe in every environment. There is none for what
// opens a door or costs money: images, hosts, contexts, storage, resources.
const (
	// DefaultLogLevel is the level that the platform's ConfigMap sets.
	DefaultLogLevel LogLevel = "INFO"
	// DefaultLogFormat is what the log aggregation parses.
	DefaultLogFormat LogFormat = "json"
	// DefaultMigrationTimeoutSeconds leaves a migration time to rewrite a table.
	DefaultMigrationTimeoutSeconds = 600
	// DefaultFilesFolder is where the backend's image keeps files unless it is
	// told otherwise.
	DefaultFilesFolder = "/app/files_storage"
	// DefaultFilesSizeMiB takes ten files of the largest size that the image accepts.
	DefaultFilesSizeMiB = 1024
	// DefaultWorkerModule is where the backend's image has its Celery application.
	DefaultWorkerModule = "app.worker"
	// DefaultWorkerConcurrency keeps a worker that waits for the database from
	// standing idle, and fits the memory of a pod.
	DefaultWorkerConcurrency = 2
	// DefaultLongestTaskSeconds is how long a stopping worker may take to finish.
	DefaultLongestTaskSeconds = 300
	// DefaultPostgresMode runs the database in the cluster.
	DefaultPostgresMode = PostgresStatefulSet
	// DefaultDatabase is the name of the database.
	DefaultDatabase = "co2calculator"
	// DefaultUser is the role that owns the database.
	DefaultUser = "co2calculator"
	// DefaultBackupSchedule is at night, off the full hour when other jobs start.
	DefaultBackupSchedule = "15 2 * * *"
	// DefaultBackupKeepDays is two weeks of archives.
	DefaultBackupKeepDays = 14
	// DefaultManagedPort is PostgreSQL's own.
	DefaultManagedPort = 5432
	// DefaultSSLMode checks the certificate and the name of a managed database.
	DefaultSSLMode = "verify-full"
	// DefaultEdgeKind is the API that the cluster serves today.
	DefaultEdgeKind = EdgeIngress
	// DefaultEdgeClass is the class of the cluster's controller.
	DefaultEdgeClass = "nginx"
	// DefaultIssuer is the ClusterIssuer that asks Let's Encrypt.
	DefaultIssuer = "letsencrypt-prod"
	// DefaultTLSSecret holds the certificate of the host.
	DefaultTLSSecret = "co2calculator-tls"
	// DefaultMonitoringNamespace is where Prometheus runs.
	DefaultMonitoringNamespace = "monitoring"
	// DefaultScrapeInterval is how often metrics are read.
	DefaultScrapeInterval = 30 * time.Second
	// DefaultNodePods is the kubelet's own limit of pods on a node.
	DefaultNodePods = 110
	// DefaultServiceReplicas is enough for what nobody waits for.
	DefaultServiceReplicas = 1
	// DefaultDNSNamespace is where Kubernetes' own DNS runs.
	DefaultDNSNamespace = "kube-system"
	// DefaultDNSPort is that of DNS itself; OpenShift's pods listen on 5353.
	DefaultDNSPort = 53
	// DefaultRedisMemoryShare is the part of the memory limit, in percent, that
	// data may fill. The rest is for buffers and for the copy that rewriting
	// the append-only file makes.
	DefaultRedisMemoryShare = 75
)

// defaultPrometheusLabels select the pods of Prometheus, as its operator and
// its charts label them.
func defaultPrometheusLabels() map[string]string {
	return map[string]string{"app.kubernetes.io/name": "prometheus"}
}

// defaultDNSLabels select CoreDNS by the label that it has kept from its
// predecessor.
func defaultDNSLabels() map[string]string { return map[string]string{"k8s-app": "kube-dns"} }

// applyDefaults fills in what may be left out. It comes before validation,
// which therefore judges the values that will be used.
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

func (f *Frontend) applyDefaults() {
	setDefault(&f.LivePath, DefaultLivePath)
	setDefault(&f.ReadyPath, DefaultReadyPath)
	setDefault(&f.InjectedFile, releaseOf(f.Image).injectedFile())
}

func (b *Backend) applyDefaults() {
	image := releaseOf(b.Image)
	setDefault(&b.LivePath, image.backendLive())
	setDefault(&b.ReadyPath, image.backendReady())
	setDefault(&b.Files.Folder, DefaultFilesFolder)
	setDefault(&b.Files.SizeMiB, DefaultFilesSizeMiB)
	setDefault(&b.LogLevel, DefaultLogLevel)
	setDefault(&b.LogFormat, DefaultLogFormat)
	setDefault(&b.Migrations.TimeoutSeconds, DefaultMigrationTimeoutSeconds)
	if b.Autoscaling.Enabled {
		setDefault(&b.Replicas, b.Autoscaling.MinReplicas)
	}
}

func (t *Topology) applyDefaults() {
	for i := range t.Nodes {
		setDefault(&t.Nodes[i].Pods, DefaultNodePods)
	}
	setDefault(&t.DNS.Namespace, DefaultDNSNamespace)
	setDefault(&t.DNS.Port, DefaultDNSPort)
	if t.DNS.Labels == nil {
		t.DNS.Labels = defaultDNSLabels()
	}
}

// applyDefaults leaves the settings of the other mode, and those of a backup
// that is off, as they are: filled in, they would look as if somebody had
// asked for them.
func (p *Postgres) applyDefaults() {
	setDefault(&p.Mode, DefaultPostgresMode)
	setDefault(&p.Database, DefaultDatabase)
	setDefault(&p.User, DefaultUser)
	if p.Backup.Enabled {
		setDefault(&p.Backup.Schedule, DefaultBackupSchedule)
		setDefault(&p.Backup.KeepDays, DefaultBackupKeepDays)
	}
	if p.Mode == PostgresManaged {
		setDefault(&p.Managed.Port, DefaultManagedPort)
		setDefault(&p.Managed.SSLMode, DefaultSSLMode)
	}
}

func (e *Edge) applyDefaults() {
	setDefault(&e.Kind, DefaultEdgeKind)
	setDefault(&e.Issuer, DefaultIssuer)
	setDefault(&e.TLSSecret, DefaultTLSSecret)
	if e.Kind != EdgeRoute { // a Route has no class
		setDefault(&e.Class, DefaultEdgeClass)
	}
}

func (m *Monitoring) applyDefaults() {
	setDefault(&m.Namespace, DefaultMonitoringNamespace)
	setDefault(&m.ScrapeInterval, DefaultScrapeInterval)
	if len(m.PrometheusLabels) == 0 {
		m.PrometheusLabels = defaultPrometheusLabels()
	}
}

func setDefault[T comparable](field *T, value T) {
	var unset T
	if *field == unset {
		*field = value
	}
}

// setList fills in a list that is left out. One that is written down empty
// stays so.
func setList[T any](field *[]T, value []T) {
	if *field == nil {
		*field = value
	}
}

// fill sets each quantity that is left out.
func (r *Resources) fill(from Resources) {
	for _, pair := range []struct{ to, from *resource.Quantity }{
		{&r.Requests.CPU, &from.Requests.CPU},
		{&r.Requests.Memory, &from.Requests.Memory},
		{&r.Limits.CPU, &from.Limits.CPU},
		{&r.Limits.Memory, &from.Limits.Memory},
	} {
		if pair.to.IsZero() {
			*pair.to = *pair.from
		}
	}
}

// NewResources reads quantities such as "100m" and "128Mi". It panics on any
// other text, so it is for constants.
func NewResources(requestCPU, requestMemory, limitCPU, limitMemory string) Resources {
	return Resources{
		Requests: Amounts{CPU: resource.MustParse(requestCPU), Memory: resource.MustParse(requestMemory)},
		Limits:   Amounts{CPU: resource.MustParse(limitCPU), Memory: resource.MustParse(limitMemory)},
	}
}

// mebibytes is how many whole MiB a quantity holds.
func mebibytes(q resource.Quantity) int {
	return int(q.Value() >> 20)
}

// overruled reports what was given and would not count: zero, false or nothing
// in quotes, where a default takes the place of what is not given. Given is a
// value as the file has it, read what it was decoded to, and now what that is
// with the defaults.
func (c *collector) overruled(key string, given any, read, now reflect.Value) {
	for now.Kind() == reflect.Pointer {
		if read.IsNil() || now.IsNil() {
			return // it was not decoded, which is told
		}
		read, now = read.Elem(), now.Elem()
	}
	fields, object := given.(map[string]any)
	items, list := given.([]any)
	switch {
	case object && len(fields) > 0 && now.Kind() == reflect.Map:
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			at := reflect.ValueOf(name).Convert(now.Type().Key())
			if before, after := read.MapIndex(at), now.MapIndex(at); before.IsValid() && after.IsValid() {
				c.overruled(key+"["+name+"]", fields[name], before, after)
			}
		}
	case now.Kind() == reflect.Struct && !isScalar(now.Type()):
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			if before, after := fieldOf(read, name), fieldOf(now, name); before.IsValid() {
				c.overruled(join(key, name), fields[name], before, after)
			}
		}
	case list && len(items) > 0 && read.Kind() == reflect.Slice && read.Len() == len(items) && now.Len() == len(items):
		for i, item := range items {
			c.overruled(key+"["+strconv.Itoa(i)+"]", item, read.Index(i), now.Index(i))
		}
	case told(read) != told(now):
		c.add(key, "write another value, or leave the key out to get the default,", "zero and nothing do not count here, and it would become %s", told(now))
	}
}

// told is a value as a stack file has it.
func told(value reflect.Value) string {
	if quantity, is := value.Interface().(resource.Quantity); is {
		return quantity.String()
	}
	return fmt.Sprint(value.Interface())
}

// fieldOf is the field of a struct with a key, or of a struct embedded in it.
func fieldOf(value reflect.Value, key string) reflect.Value {
	for i := range value.NumField() {
		field := value.Type().Field(i)
		if field.Tag.Get(tag) == key {
			return value.Field(i)
		}
		if field.Anonymous && field.Type.Kind() == reflect.Struct {
			if found := fieldOf(value.Field(i), key); found.IsValid() {
				return found
			}
		}
	}
	return reflect.Value{}
}
