package backend

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/components/pod"
	"platform/components/postgres"
	"platform/components/redis"
	"platform/components/secret"
	"platform/config"
)

// ConfigMapName holds what the backend's image reads, beside the Secret
// backend-secrets.
const ConfigMapName = "backend-config"

// Settings is what every process of the backend's image reads, be it
// API server, worker or migration.
type Settings struct {
	config.Backend
	Environment      string
	Database         postgres.Database
	Queue            *redis.Queue       // nil means that there is none
	URL              string             // https://HOST, where users find the frontend
	SecretKey        pulumi.StringInput // secret: signs sessions
	OIDCClientSecret pulumi.StringInput // secret
}

// variables is the ConfigMap.
func (s Settings) variables() map[string]string {
	variables := map[string]string{
		"DATABASE_HOST":            s.Database.Host,
		"DATABASE_PORT":            strconv.Itoa(s.Database.Port),
		"DATABASE_NAME":            s.Database.Name,
		"LOG_LEVEL":                string(s.LogLevel),
		"LOG_FORMAT":               string(s.LogFormat),
		"CORS_ORIGINS":             s.URL,
		"FRONTEND_URL":             s.URL,
		"COOKIE_SECURE":            strconv.FormatBool(strings.HasPrefix(s.URL, "https://")),
		"OAUTH_CLIENT_ID":          s.OAuth.ClientID,
		"OAUTH_ISSUER_URL":         s.OAuth.IssuerURL,
		"OTEL_RESOURCE_ATTRIBUTES": fmt.Sprintf("deployment.environment=%s,service.version=%s", s.Environment, config.Tag(s.Image)),
		"FILES_STORAGE_PATH":       s.Files.Folder,
		// Uvicorn's own options. It closes idle connections after 5 s unless told
		// otherwise, just when the edge, which keeps them for 60 s, may send on one.
		"UVICORN_TIMEOUT_KEEP_ALIVE":        "75",
		"UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN": strconv.Itoa(requestSeconds),
	}
	if s.Queue != nil {
		variables["REDIS_HOST"], variables["REDIS_PORT"] = s.Queue.Host, strconv.Itoa(s.Queue.Port)
	}
	return variables
}

// secrets is the Secret, with the URLs composed of its values.
func (s Settings) secrets() pulumi.StringMap {
	secrets := pulumi.StringMap{
		"DATABASE_PASSWORD":  s.Database.Password,
		"SECRET_KEY":         s.SecretKey,
		"OIDC_CLIENT_SECRET": s.OIDCClientSecret,
		"DB_URL":             s.Database.URL(),
	}
	if s.Queue != nil {
		secrets["REDIS_URL"] = s.Queue.URL()
	}
	return secrets
}

// environment names each secret key by key: a key added for one process does
// not show up in another.
func (s Settings) environment() []pod.EnvVar {
	env := []pod.EnvVar{
		pod.FromSecret("DATABASE_PASSWORD", config.BackendSecret, "DATABASE_PASSWORD"),
		pod.FromSecret("DB_URL", config.BackendSecret, "DB_URL"),
		pod.FromSecret("SECRET_KEY", config.BackendSecret, "SECRET_KEY"),
		pod.FromSecret("OIDC_CLIENT_SECRET", config.BackendSecret, "OIDC_CLIENT_SECRET"),
		pod.FromSecret("OAUTH_CLIENT_SECRET", config.BackendSecret, "OIDC_CLIENT_SECRET"), // the image's name for it
	}
	if s.Queue == nil {
		return env
	}
	return append(env,
		pod.FromSecret("REDIS_URL", config.BackendSecret, "REDIS_URL"),
		pod.FromSecret("CELERY_BROKER_URL", config.BackendSecret, "REDIS_URL"),
		pod.FromSecret("CELERY_RESULT_BACKEND", config.BackendSecret, "REDIS_URL"),
	)
}

func (s Settings) revision() pulumi.StringOutput { return object.Revision(s.variables(), s.secrets()) }

// register writes the ConfigMap and the Secret.
func (s Settings) register(ctx *pulumi.Context, app object.App, opts ...pulumi.ResourceOption) ([]pulumi.Resource, error) {
	configMap, err := object.NewConfigMap(ctx, ConfigMapName, app.Named(config.BackendName, ConfigMapName), s.variables(), opts...)
	if err != nil {
		return nil, err
	}
	written, err := secret.New(ctx, config.BackendSecret, app, config.BackendName, config.BackendSecret, s.secrets(), opts...)
	if err != nil {
		return nil, err
	}
	return []pulumi.Resource{configMap, written}, nil
}

// mounts are what every process of the image writes to, with so much room for
// temporary files. The image makes the folder of files when it is imported, so
// every process needs one, on a root that is read-only.
func (s Settings) mounts(temporaryMiB int) []pod.Mount {
	return []pod.Mount{
		{Volume: pod.Scratch("tmp", temporaryMiB), Path: "/tmp"},
		{Volume: pod.Scratch("files", s.Files.SizeMiB), Path: s.Files.Folder},
	}
}
