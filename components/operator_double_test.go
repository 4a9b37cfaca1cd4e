package components_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"text/template"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/backend"
	"platform/components/object"
	"platform/components/postgres"
	"platform/components/redis"
	"platform/components/secret"
	"platform/config"
	"platform/tests/recorder"
)

// kept is what Infisical keeps: values by folder and name.
type kept map[string]map[string]string

// keptValue is what a template of the operator's v1beta1 is given for a value.
type keptValue struct{ Value, SecretPath string }

func (v keptValue) String() string { return v.Value }

// write does what the operator does for one resource: it reads the sources in
// their order, keeps the first of equal names, and renders each key by itself.
func (k kept) write(resource recorder.Resource) (map[string]string, error) {
	merged := map[string]keptValue{}
	for _, source := range list(resource.Inputs, "spec", "sources") {
		folder := dig(source, "secretPath").(string)
		for name, value := range k[folder] {
			if _, taken := merged[name]; !taken {
				merged[name] = keptValue{value, folder}
			}
		}
	}
	written := map[string]string{}
	for key, text := range dig(resource.Inputs, "spec", "targets", 0, "template", "data").(map[string]any) {
		parsed, err := template.New(key).Funcs(k.functions()).Parse(text.(string))
		if err != nil {
			return nil, err
		}
		var out strings.Builder
		if err := parsed.Execute(&out, merged); err != nil {
			return nil, err
		}
		written[key] = out.String()
	}
	return written, nil
}

// functions are the ones that templates use: the operator's own secretFrom,
// and those of sprig, which it adds.
func (k kept) functions() template.FuncMap {
	return template.FuncMap{
		"secretFrom": func(folder, name string) (keptValue, error) {
			value, ok := k[folder][name]
			if !ok {
				return keptValue{}, fmt.Errorf("secretFrom: secret %q not found", name)
			}
			return keptValue{value, folder}, nil
		},
		"fail":       func(message string) (string, error) { return "", errors.New(message) },
		"replace":    func(old, replacement, text string) string { return strings.ReplaceAll(text, old, replacement) },
		"splitList":  func(separator, text string) []string { return strings.Split(text, separator) },
		"regexMatch": func(expression, text string) bool { return regexp.MustCompile(expression).MatchString(text) },
	}
}

func operated() object.App {
	a := app()
	a.Operator = &config.Infisical{
		Auth:    config.InfisicalAuth{Name: "platform", Namespace: "infisical"},
		Project: "8d2f3a1e-5b7c-4c1d-9e0f-2a6b4c8d0e1f", Environment: "dev",
	}
	return a
}

// token is what a source gives for a value that the operator is to fetch.
func token(value secret.StoredValue) pulumi.StringInput {
	return pulumi.ToSecret(pulumi.String(value.Token())).(pulumi.StringOutput)
}

// give hands a component the value of a place.
type give func(folder, name string) pulumi.StringInput

func byToken(folder, name string) pulumi.StringInput {
	return token(secret.StoredValue{Folder: folder, Name: name})
}

func (k kept) itself(folder, name string) pulumi.StringInput { return pulumi.String(k[folder][name]) }

// writers are the components that write Secrets, on an App and with values of
// the caller's.
func writers(a object.App, value give) map[string]program {
	database := value("/backend-secrets", "DATABASE_PASSWORD")
	cache := redisArgs()
	cache.App, cache.Password = a, value("/redis-auth", "password")
	server, managed := postgresArgs(), managedArgs()
	server.App, server.Password, server.AdminPassword = a, database, value("/postgres-credentials", "admin-password")
	managed.App, managed.Password = a, database
	api := backendArgs()
	api.App = a
	api.Settings.Database.Password, api.Settings.Queue.Password = database, value("/redis-auth", "password")
	api.Settings.SecretKey, api.Settings.OIDCClientSecret = value("/backend-secrets", "SECRET_KEY"), value("/backend-secrets", "OIDC_CLIENT_SECRET")
	return map[string]program{
		"redis":            registering("redis", redis.New, cache),
		"postgres":         registering("postgres", postgres.New, server),
		"managed postgres": registering("postgres", postgres.New, managed),
		"backend":          registering("backend", backend.New, api),
		"credentials":      registering("credentials", secret.NewCredentials, coreCredentials(a, value)),
	}
}

// coreCredentials has every kind of value that Edd Cloud has.
func coreCredentials(a object.App, value give) secret.CredentialsArgs {
	password := value("/edd-cloud-db", "PASSWORD")
	// Braces on either side of a value, and an action that is not one.
	braced := pulumi.Sprintf("{%s}{{ . }}%s{", password, password)
	return secret.CredentialsArgs{App: a, Secrets: map[string]secret.Credential{
		"edd-cloud-db": {Type: "Opaque", Protect: true, Values: pulumi.StringMap{
			"PASSWORD": password,
			"ROLE":     pulumi.String("core"),
			"BRACED":   braced,
			"DATABASE_URL": postgres.Database{
				Scheme: "postgres", Host: "haproxy", Port: 5432, Name: "core", User: "core", Password: password, SSLMode: "disable",
			}.URL(),
		}},
		"regcred": {Type: "kubernetes.io/dockerconfigjson", Values: pulumi.StringMap{
			".dockerconfigjson": value("/regcred", ".dockerconfigjson"),
		}},
		"wildcard-tls": {Type: "kubernetes.io/tls", Values: pulumi.StringMap{
			"tls.crt": value("/wildcard-tls", "tls.crt"), "tls.key": value("/wildcard-tls", "tls.key"),
		}},
	}}
}

// keeping has one text, and more of it, at every place that writers ask for.
// Each folder has the names of all others too, with values that nobody wants.
func keeping(text string) kept {
	wanted := map[string][]string{
		"/backend-secrets":      {"DATABASE_PASSWORD", "SECRET_KEY", "OIDC_CLIENT_SECRET"},
		"/redis-auth":           {"password"},
		"/postgres-credentials": {"admin-password"},
		"/edd-cloud-db":         {"PASSWORD"},
		"/regcred":              {".dockerconfigjson"},
		"/wildcard-tls":         {"tls.crt", "tls.key"},
	}
	all := kept{}
	for folder := range wanted {
		all[folder] = map[string]string{}
		for _, names := range wanted {
			for _, name := range names {
				all[folder][name] = "of another folder"
			}
		}
	}
	for folder, names := range wanted {
		for _, name := range names {
			all[folder][name] = text + name
		}
	}
	return all
}
