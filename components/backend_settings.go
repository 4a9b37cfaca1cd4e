package components

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// BackendConfigMap holds what the backend's image reads, beside the Secret
// backend-secrets.
const BackendConfigMap = "backend-config"

// BackendSettings is what every process of the backend's image reads, be it
// API server, worker or migration.
type BackendSettings struct {
	config.Backend
	Environment      string
	Database         Database
	Queue            *Queue             // nil means that there is none
	URL              string             // https://HOST, where users find the frontend
	SecretKey        pulumi.StringInput // secret: signs sessions
	OIDCClientSecret pulumi.StringInput // secret
}

// variables is the ConfigMap.
func (s BackendSettings) variables() map[string]string {
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
func (s BackendSettings) secrets() pulumi.StringMap {
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
func (s BackendSettings) environment() []EnvVar {
	env := []EnvVar{
		FromSecret("DATABASE_PASSWORD", config.BackendSecret, "DATABASE_PASSWORD"),
		FromSecret("DB_URL", config.BackendSecret, "DB_URL"),
		FromSecret("SECRET_KEY", config.BackendSecret, "SECRET_KEY"),
		FromSecret("OIDC_CLIENT_SECRET", config.BackendSecret, "OIDC_CLIENT_SECRET"),
		FromSecret("OAUTH_CLIENT_SECRET", config.BackendSecret, "OIDC_CLIENT_SECRET"), // the image's name for it
	}
	if s.Queue == nil {
		return env
	}
	return append(env,
		FromSecret("REDIS_URL", config.BackendSecret, "REDIS_URL"),
		FromSecret("CELERY_BROKER_URL", config.BackendSecret, "REDIS_URL"),
		FromSecret("CELERY_RESULT_BACKEND", config.BackendSecret, "REDIS_URL"),
	)
}

func (s BackendSettings) revision() pulumi.StringOutput { return Revision(s.variables(), s.secrets()) }

// register writes the ConfigMap and the Secret.
func (s BackendSettings) register(ctx *pulumi.Context, app App, opts ...pulumi.ResourceOption) ([]pulumi.Resource, error) {
	configMap, err := newConfigMap(ctx, BackendConfigMap, app.named(config.BackendName, BackendConfigMap), s.variables(), opts...)
	if err != nil {
		return nil, err
	}
	secret, err := newSecret(ctx, config.BackendSecret, app, config.BackendName, config.BackendSecret, s.secrets(), opts...)
	if err != nil {
		return nil, err
	}
	return []pulumi.Resource{configMap, secret}, nil
}

// mounts are what every process of the image writes to, with so much room for
// temporary files. The image makes the folder of files when it is imported, so
// every process needs one, on a root that is read-only.
func (s BackendSettings) mounts(temporaryMiB int) []Mount {
	return []Mount{
		{Volume: Scratch("tmp", temporaryMiB), Path: "/tmp"},
		{Volume: Scratch("files", s.Files.SizeMiB), Path: s.Files.Folder},
	}
}
