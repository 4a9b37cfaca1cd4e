package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// What an image does depends on its version.
func TestTagDecides(t *testing.T) {
	for image, want := range map[string]struct{ live, ready, injected, namespace string }{
		"ghcr.io/x/backend:v1.0.0":                 {"/healthz", "/ready", "/tmp/injectEnv.js", "core"},
		"ghcr.io/x/backend:v0.10.1":                {"/healthz", "/ready", "/usr/share/nginx/html/injectEnv.js", "core"},
		"ghcr.io/x/backend:v0.7.0":                 {"/health", "/health", "/usr/share/nginx/html/injectEnv.js", "core"},
		"ghcr.io/x/backend:9ea47cf58":              {"/health", "/health", "/usr/share/nginx/html/injectEnv.js", "core"},
		"eddisonso/ecloud-gateway:20260215-062053": {"/health", "/health", "/usr/share/nginx/html/injectEnv.js", "default"},
		"eddisonso/ecloud-gateway:20260609-204554": {"/health", "/health", "/usr/share/nginx/html/injectEnv.js", "core"},
	} {
		t.Setenv("STANDIN_IMAGE", image)
		live, ready := healthPaths()
		assert.Equal(t, want.live, live, image)
		assert.Equal(t, want.ready, ready, image)
		assert.Equal(t, want.injected, injectedFile(), image)
		assert.Equal(t, want.namespace, hostKeyNamespace(), image)
	}
}

func TestOptions(t *testing.T) {
	assert.Equal(t, map[string]string{"addr": ":8080", "log-service": "log-service:50051"}, options([]string{"-addr", ":8080", "-log-service", "log-service:50051"}))
	assert.Empty(t, options(nil))
	assert.Equal(t, "celery@pod", after([]string{"-A", "app.worker", "--hostname", "celery@pod"}, "--hostname", "-n"))
	assert.Empty(t, after([]string{"--hostname"}, "--hostname"))
}

func TestNeedNamesWhatIsNotSet(t *testing.T) {
	t.Setenv("STANDIN_SET", "x")
	assert.NoError(t, need("STANDIN_SET"))
	assert.EqualError(t, need("STANDIN_SET", "STANDIN_A", "STANDIN_B"), "STANDIN_A, STANDIN_B: not set")
}
