package config

import "fmt"

// Backend configures the FastAPI application.
type Backend struct {
	Image        string            `key:"image"`
	Replicas     int               `key:"replicas"` // the autoscaler's when that is on
	Resources    Resources         `key:"resources"`
	NodeSelector map[string]string `key:"nodeSelector"`
	Autoscaling  Autoscaling       `key:"autoscaling"`
	LivePath     string            `key:"livePath"`  // default as release.go has it
	ReadyPath    string            `key:"readyPath"` // default as release.go has it
	LogLevel     LogLevel          `key:"logLevel"`  // default INFO
	LogFormat    LogFormat         `key:"logFormat"` // default json
	OAuth        OAuth             `key:"oauth"`
	Migrations   Migrations        `key:"migrations"`
	Egress       []Egress          `key:"egress"` // beside database and queue
	Files        Files             `key:"files"`
}

// Files configures where every process of the backend's image keeps files
// while it has no S3 storage. Each pod has a folder of its own, which is lost
// with the pod.
type Files struct {
	Folder  string `key:"folder"`  // absolute; default /app/files_storage
	SizeMiB int    `key:"sizeMiB"` // a pod that writes more is evicted; default 1024
}

// LogLevel is the least severe level that the backend logs.
type LogLevel string

// LogLevels lists every [LogLevel], most verbose first.
var LogLevels = []LogLevel{"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}

// LogFormat is the shape of a log line.
type LogFormat string

// LogFormats lists every [LogFormat].
var LogFormats = []LogFormat{"json", "text"}

// OAuth names the identity provider of the backend. Its client secret is a
// secret and comes from the secret source.
type OAuth struct {
	ClientID  string `key:"clientId"`
	IssuerURL string `key:"issuerUrl"`
}

// Autoscaling sets the bounds of a HorizontalPodAutoscaler.
type Autoscaling struct {
	Enabled       bool `key:"enabled"`
	MinReplicas   int  `key:"minReplicas"`
	MaxReplicas   int  `key:"maxReplicas"`
	CPUPercent    int  `key:"cpuPercent"`    // of the request, averaged over pods
	MemoryPercent int  `key:"memoryPercent"` // of the request, averaged over pods
}

// Migrations configures the Job that brings the database schema up to date
// before new backend pods serve.
type Migrations struct {
	TimeoutSeconds int `key:"timeoutSeconds"` // default 600
}

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
)

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

func (b Backend) validate(into *collector) {
	const key = "backend"
	into.image(key+".image", b.Image)
	b.validateReplicas(into, key)
	into.resources(key+".resources", b.Resources)
	into.labels(key+".nodeSelector", b.NodeSelector)
	into.path(key+".livePath", b.LivePath)
	into.path(key+".readyPath", b.ReadyPath)
	oneOf(into, key+".logLevel", b.LogLevel, LogLevels)
	oneOf(into, key+".logFormat", b.LogFormat, LogFormats)
	if b.OAuth.ClientID == "" {
		into.add(key+".oauth.clientId", "write the one that the identity provider gave out", "it is empty")
	}
	into.https(key+".oauth.issuerUrl", b.OAuth.IssuerURL)
	into.positive(key+".migrations.timeoutSeconds", b.Migrations.TimeoutSeconds)
	into.egress(key+".egress", b.Egress)
	b.Files.validate(into, key+".files")
}

func (f Files) validate(into *collector, key string) {
	into.place(key+".folder", f.Folder, "a folder such as "+DefaultFilesFolder)
	into.positive(key+".sizeMiB", f.SizeMiB)
	if f.Folder == "/tmp" {
		into.add(key+".folder", "write a folder such as "+DefaultFilesFolder, "%s has a volume already", quoted(f.Folder))
	}
}

func (b Backend) validateReplicas(into *collector, key string) {
	if !into.clean(key + ".autoscaling") {
		return // whether it is on is not known
	}
	if !b.Autoscaling.Enabled {
		into.positive(key+".replicas", b.Replicas)
		return
	}
	b.Autoscaling.validate(into, key+".autoscaling")
	if b.Autoscaling.MinReplicas >= 1 && b.Replicas != b.Autoscaling.MinReplicas {
		into.add(key+".replicas", fmt.Sprintf("write %d or leave it out", b.Autoscaling.MinReplicas),
			"%d is not the autoscaler's minReplicas of %d: the two would undo each other", b.Replicas, b.Autoscaling.MinReplicas)
	}
}

func (a Autoscaling) validate(into *collector, key string) {
	into.positive(key+".minReplicas", a.MinReplicas)
	if a.MaxReplicas < max(a.MinReplicas, 1) {
		into.add(key+".maxReplicas", fmt.Sprintf("raise it to %d or more", max(a.MinReplicas, 1)),
			"%d is under minReplicas, %d", a.MaxReplicas, a.MinReplicas)
	}
	if a.CPUPercent == 0 && a.MemoryPercent == 0 {
		into.add(key, "set cpuPercent or memoryPercent", "it has no target to scale on")
	}
	if a.CPUPercent != 0 {
		into.between(key+".cpuPercent", a.CPUPercent, 1, 100)
	}
	if a.MemoryPercent != 0 {
		into.between(key+".memoryPercent", a.MemoryPercent, 1, 100)
	}
}
