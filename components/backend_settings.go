package components

import (
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// The objects that hold what the backend's image reads, as the seed names them.
const (
	BackendConfigMap = "backend-config"
	BackendSecret    = "backend-secrets"
)

// BackendSettings is what every process of the backend's image reads, be it
// API server, worker or migration.
type BackendSettings struct {
	Database         Database
	Queue            *Queue // nil means that there is none
	Files            Files
	URL              string // https://HOST, where users find the frontend
	LogLevel         string
	LogFormat        string // json or text
	OAuthClientID    string
	OAuthIssuerURL   string
	SecretKey        pulumi.StringInput // secret: signs sessions
	OIDCClientSecret pulumi.StringInput // secret
	Version          string             // of the image, for traces
	Environment      string
}

// Validate returns every fault at once.
func (s BackendSettings) Validate() error {
	faults := []error{
		required("settings.database.host", s.Database.Host),
		required("settings.url", s.URL),
		s.Files.validate(),
	}
	secrets := map[string]pulumi.StringInput{
		"settings.database.password": s.Database.Password,
		"settings.secretKey":         s.SecretKey,
		"settings.oidcClientSecret":  s.OIDCClientSecret,
	}
	if s.Queue != nil {
		faults = append(faults, required("settings.queue.host", s.Queue.Host))
		secrets["settings.queue.password"] = s.Queue.Password
	}
	for field, secret := range secrets {
		if secret == nil {
			faults = append(faults, fmt.Errorf("%s: is missing; take it from the secret source", field))
		}
	}
	sort.Slice(faults, func(i, j int) bool { return fmt.Sprint(faults[i]) < fmt.Sprint(faults[j]) })
	return errors.Join(faults...)
}

// config is the ConfigMap: the seed's keys, then those of facts about the image.
func (s BackendSettings) config() map[string]string {
	config := map[string]string{
		"DATABASE_HOST":            s.Database.Host,
		"DATABASE_PORT":            strconv.Itoa(s.Database.Port),
		"DATABASE_NAME":            s.Database.Name,
		"LOG_LEVEL":                s.LogLevel,
		"LOG_FORMAT":               s.LogFormat,
		"CORS_ORIGINS":             s.URL,
		"FRONTEND_URL":             s.URL,
		"COOKIE_SECURE":            strconv.FormatBool(strings.HasPrefix(s.URL, "https://")),
		"OAUTH_CLIENT_ID":          s.OAuthClientID,
		"OAUTH_ISSUER_URL":         s.OAuthIssuerURL,
		"OTEL_RESOURCE_ATTRIBUTES": fmt.Sprintf("deployment.environment=%s,service.version=%s", s.Environment, s.Version),
		"FILES_STORAGE_PATH":       s.Files.Folder,
		// Uvicorn's own options. It closes idle connections after 5 s unless told
		// otherwise, just when the edge, which keeps them for 60 s, may send on one.
		"UVICORN_TIMEOUT_KEEP_ALIVE":        "75",
		"UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN": strconv.Itoa(requestSeconds),
	}
	if s.Queue != nil {
		config["REDIS_HOST"], config["REDIS_PORT"] = s.Queue.Host, strconv.Itoa(s.Queue.Port)
	}
	return config
}

// secrets is the Secret: the seed's keys, then the URLs composed from them.
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
		FromSecret("DATABASE_PASSWORD", BackendSecret, "DATABASE_PASSWORD"),
		FromSecret("DB_URL", BackendSecret, "DB_URL"),
		FromSecret("SECRET_KEY", BackendSecret, "SECRET_KEY"),
		FromSecret("OIDC_CLIENT_SECRET", BackendSecret, "OIDC_CLIENT_SECRET"),
		FromSecret("OAUTH_CLIENT_SECRET", BackendSecret, "OIDC_CLIENT_SECRET"), // the image's name for it
	}
	if s.Queue == nil {
		return env
	}
	return append(env,
		FromSecret("REDIS_URL", BackendSecret, "REDIS_URL"),
		FromSecret("CELERY_BROKER_URL", BackendSecret, "REDIS_URL"),
		FromSecret("CELERY_RESULT_BACKEND", BackendSecret, "REDIS_URL"),
	)
}

func (s BackendSettings) revision() pulumi.StringOutput { return Revision(s.config(), s.secrets()) }

// register writes the ConfigMap and the Secret.
func (s BackendSettings) register(ctx *pulumi.Context, app App, opts ...pulumi.ResourceOption) ([]pulumi.Resource, error) {
	configMap, err := corev1.NewConfigMap(ctx, BackendConfigMap, &corev1.ConfigMapArgs{
		Metadata: app.named(BackendName, BackendConfigMap),
		Data:     pulumi.ToStringMap(s.config()),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("config map %q: %w", BackendConfigMap, err)
	}
	secret, err := newSecret(ctx, BackendSecret, app, BackendName, BackendSecret, s.secrets(), opts...)
	if err != nil {
		return nil, err
	}
	return []pulumi.Resource{configMap, secret}, nil
}
