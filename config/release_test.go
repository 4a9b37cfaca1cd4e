package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The releases are those of the images: the backend answers /healthz and
// /ready since v0.8.1, and the frontend writes its variables below /tmp since
// v0.10.2.
func TestDefaultsFollowTheRelease(t *testing.T) {
	const static, temporary = "/usr/share/nginx/html/injectEnv.js", "/tmp/injectEnv.js"
	for tag, want := range map[string]struct{ live, ready, injected string }{
		":v0.7.0":     {"/health", "/health", static},
		":v0.8.0":     {"/health", "/health", static},
		":v0.8.1-rc1": {"/health", "/health", static},
		":v0.8.1":     {"/healthz", "/ready", static},
		":v0.10.1":    {"/healthz", "/ready", static},
		":v0.10.2":    {"/healthz", "/ready", temporary},
		":v1.0.3":     {"/healthz", "/ready", temporary},
		":v10.0.0":    {"/healthz", "/ready", temporary},
		":v1.0.3@sha256:9ea47cf58fb14164140c4a92314e82d2a0be84569ea47cf58fb14164140c4a92": {"/healthz", "/ready", temporary},
		":9ea47cf58fb14164140c4a92314e82d2a0be8456":                                       {"/health", "/health", static},
		":1.0.3": {"/health", "/health", static},
		":v1":    {"/health", "/health", static},
		":main":  {"/health", "/health", static},
		"@sha256:9ea47cf58fb14164140c4a92314e82d2a0be84569ea47cf58fb14164140c4a92": {"/health", "/health", static},
	} {
		c, err := parseChanged(t, change{"backend.image", "registry:5000/backend" + tag}, change{"frontend.image", "registry:5000/frontend" + tag})
		require.NoError(t, err, tag)
		assert.Equal(t, []string{want.live, want.ready}, []string{c.Backend.LivePath, c.Backend.ReadyPath}, tag)
		assert.Equal(t, want.injected, c.Frontend.InjectedFile, tag)
		assert.Equal(t, []string{"/healthz", "/ready"}, []string{c.Frontend.LivePath, c.Frontend.ReadyPath}, tag)
	}
}

func TestStackFileOverrulesTheRelease(t *testing.T) {
	c, err := parseChanged(t, change{"backend.readyPath", "/health"}, change{"frontend.readyPath", "/"}, change{"frontend.injectedFile", "/www/env.js"})
	require.NoError(t, err)
	assert.Equal(t, []string{"/healthz", "/health"}, []string{c.Backend.LivePath, c.Backend.ReadyPath})
	assert.Equal(t, []string{"/healthz", "/", "/www/env.js"}, []string{c.Frontend.LivePath, c.Frontend.ReadyPath, c.Frontend.InjectedFile})
}

func TestTag(t *testing.T) {
	assert.Equal(t, "v1", Tag("registry:5000/a/b:v1"))
	assert.Empty(t, Tag("registry:5000/a/b"))
	assert.Empty(t, Tag("No:Image:"))
}
