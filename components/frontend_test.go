package components_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/frontend"
)

// What nginx and the image's start script write to, on a root that is
// read-only.
func TestFrontendWritesWhereItMust(t *testing.T) {
	pod := run(t, registering("frontend", frontend.New, frontendArgs())).pod(t, "Deployment")
	mounts := map[any]any{}
	for _, mount := range list(containers(pod)["frontend"], "volumeMounts") {
		assert.Nil(t, dig(mount, "readOnly"))
		mounts[dig(mount, "mountPath")] = dig(mount, "subPath")
	}
	assert.Equal(t, map[any]any{
		"/tmp": nil, "/var/cache/nginx": nil, "/var/run": nil,
		"/usr/share/nginx/html/injectEnv.js": "injectEnv.js", // a file: the static ones beside it must stay visible
	}, mounts)
}

// A mount of one file of an empty volume becomes a folder, unless somebody
// makes the file before.
func TestFrontendFileExistsBeforeItIsMounted(t *testing.T) {
	pod := run(t, registering("frontend", frontend.New, frontendArgs())).pod(t, "Deployment")
	inits := list(pod, "spec", "initContainers")
	require.Len(t, inits, 1)
	mount := dig(inits, 0, "volumeMounts", 0)
	for _, other := range list(containers(pod)["frontend"], "volumeMounts") {
		if dig(other, "subPath") != nil {
			assert.Equal(t, dig(other, "name"), dig(mount, "name"))
			file := dig(mount, "mountPath").(string) + "/" + dig(other, "subPath").(string)
			assert.True(t, strings.HasSuffix(dig(inits, 0, "command", 2).(string), "> "+file))
		}
	}
}

func TestFrontendRunsAsItsImageDoes(t *testing.T) {
	pod := run(t, registering("frontend", frontend.New, frontendArgs())).pod(t, "Deployment")
	assert.Equal(t, 101.0, dig(pod, "spec", "securityContext", "runAsUser"))
	nginx := containers(pod)["frontend"]
	assert.Equal(t, 8080.0, dig(nginx, "ports", 0, "containerPort"), "who is not root cannot bind 80")
	assert.Equal(t, "/healthz", dig(nginx, "livenessProbe", "httpGet", "path"))
	assert.Equal(t, "/ready", dig(nginx, "readinessProbe", "httpGet", "path"))
}

func TestFrontendEnvironment(t *testing.T) {
	args := frontendArgs()
	pod := run(t, registering("frontend", frontend.New, args)).pod(t, "Deployment")
	assert.Equal(t, map[string]any{"API_BASE_URL": "/api", "APP_ENVIRONMENT": "dev"}, environment(containers(pod)["frontend"]))
	args.SentryDSN = "https://key@sentry.epfl.ch/1"
	pod = run(t, registering("frontend", frontend.New, args)).pod(t, "Deployment")
	assert.Equal(t, "https://key@sentry.epfl.ch/1", environment(containers(pod)["frontend"])["APP_SENTRY_DSN"])
}

// A newer image writes the file below /tmp, which is writable: mounted there as
// well, it could not be replaced.
func TestFrontendMountsNoFileWhereAFolderIsWritable(t *testing.T) {
	args := frontendArgs()
	args.InjectedFile = "/tmp/injectEnv.js"
	pod := run(t, registering("frontend", frontend.New, args)).pod(t, "Deployment")
	assert.Empty(t, list(pod, "spec", "initContainers"))
	var mounts []any
	for _, mount := range list(containers(pod)["frontend"], "volumeMounts") {
		assert.Nil(t, dig(mount, "subPath"))
		mounts = append(mounts, dig(mount, "mountPath"))
	}
	assert.Equal(t, []any{"/tmp", "/var/cache/nginx", "/var/run"}, mounts)
}

func TestFrontendIsAskedWhereToldTo(t *testing.T) {
	args := frontendArgs()
	args.LivePath, args.ReadyPath = "/live", "/up"
	nginx := containers(run(t, registering("frontend", frontend.New, args)).pod(t, "Deployment"))["frontend"]
	assert.Equal(t, "/live", dig(nginx, "startupProbe", "httpGet", "path"))
	assert.Equal(t, "/live", dig(nginx, "livenessProbe", "httpGet", "path"))
	assert.Equal(t, "/up", dig(nginx, "readinessProbe", "httpGet", "path"))
}
