package image

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
)

// Tags of the stack files, and newer and older ones.
const (
	tagNow   = "20260215-062053"
	tagNewer = "20260301-101500"
	tagOlder = "20260101-000000"
)

func stackFile(t *testing.T, stack string) string {
	t.Helper()
	text, err := os.ReadFile("../../Pulumi." + stack + ".yaml")
	require.NoError(t, err)
	return string(text)
}

// replaceOnce is a text with one place of it changed.
func replaceOnce(t *testing.T, text, old, with string) string {
	t.Helper()
	require.Equal(t, 1, strings.Count(text, old), old)
	return strings.Replace(text, old, with, 1)
}

// TestOnlyTheImageChanges compares every other byte.
func TestOnlyTheImageChanges(t *testing.T) {
	const frontend, backend = "ghcr.io/epfl-enac/epfl/co2-calculator/frontend:", "ghcr.io/epfl-enac/epfl/co2-calculator/backend:"
	for name, tc := range map[string]struct{ stack, service, tag, old, line, with string }{
		"service of k3s": {"k3s", "auth-service", tagNewer, tagNow, "eddisonso/ecloud-auth:" + tagNow, "eddisonso/ecloud-auth:" + tagNewer},
		"gateway":        {"k3s", "gateway", tagNewer, tagNow, "eddisonso/ecloud-gateway:" + tagNow, "eddisonso/ecloud-gateway:" + tagNewer},
		"master alone": {
			"k3s", "gfs-master", tagNewer, tagNow,
			"master:\n      image: eddisonso/ecloud-gfs:" + tagNow, "master:\n      image: eddisonso/ecloud-gfs:" + tagNewer,
		},
		"database of k3s": {"k3s", "postgres", "16.4-alpine", "16-alpine", "image: postgres:16-alpine", "image: postgres:16.4-alpine"},
		"cleanup":         {"k3s", "image-cleanup", "1.37", "1.36.1", "mirrored-library-busybox:1.36.1", "mirrored-library-busybox:1.37"},
		"frontend":        {"prod", "frontend", "v1.0.1", "v1.0.0", frontend + "v1.0.0", frontend + "v1.0.1"},
		"backend":         {"prod", "backend", "v2.0.0-rc.1", "v1.0.0", backend + "v1.0.0", backend + "v2.0.0-rc.1"},
		"commit": {
			"dev", "backend", "0ea47cf58fb14164140c4a92314e82d2a0be8456", "9ea47cf58fb14164140c4a92314e82d2a0be8456",
			backend + "9ea47cf58fb14164140c4a92314e82d2a0be8456", backend + "0ea47cf58fb14164140c4a92314e82d2a0be8456",
		},
		"exporter": {"staging", "redis-exporter", "v1.75.0", "v1.74.0", "redis_exporter:v1.74.0", "redis_exporter:v1.75.0"},
		"digest": {
			"prod", "redis", "7.4-alpine@sha256:" + strings.Repeat("ab", 32), "7.4-alpine",
			"image: redis:7.4-alpine", "image: redis:7.4-alpine@sha256:" + strings.Repeat("ab", 32),
		},
	} {
		t.Run(name, func(t *testing.T) {
			before := stackFile(t, tc.stack)
			result, err := Edit{Stack: tc.stack, Service: tc.service, Tag: tc.tag}.Apply([]byte(before))
			require.NoError(t, err)
			assert.Equal(t, replaceOnce(t, before, tc.line, tc.with), string(result.Content))
			assert.Equal(t, []any{tc.old, tc.tag, "", true}, []any{result.Old, result.New, result.Consent, result.Changed})
		})
	}
}

// TestEveryFormOfYAML writes the same service in other ways. All are left in
// the way that they were found.
func TestEveryFormOfYAML(t *testing.T) {
	const plain = "      image: eddisonso/ecloud-auth:" + tagNow + "\n"
	for name, form := range map[string]string{
		"double quotes": "      image: \"eddisonso/ecloud-auth:TAG\"   # pinned, always\n",
		"single quotes": "      'image': 'eddisonso/ecloud-auth:TAG'\n",
		"registry":      "      image: docker.io/eddisonso/ecloud-auth:TAG\n",
		"commented":     "      # eddisonso/ecloud-auth:TAGS are times\n      image: eddisonso/ecloud-auth:TAG # é ü — not eddisonso/ecloud-auth:TAGS\n",
	} {
		t.Run(name, func(t *testing.T) {
			with := func(tag string) string {
				return replaceOnce(t, stackFile(t, "k3s"), plain, strings.ReplaceAll(form, "TAG", tag))
			}
			before := strings.ReplaceAll(with("TAG"), "TAGS", "T_A_GS")
			result, err := Edit{Stack: "k3s", Service: "auth-service", Tag: tagNewer}.Apply([]byte(strings.ReplaceAll(before, "TAG", tagNow)))
			require.NoError(t, err)
			assert.Equal(t, strings.ReplaceAll(before, "TAG", tagNewer), string(result.Content))
		})
	}
	for name, whole := range map[string]func(string) string{
		"windows": func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") },
		"no end":  func(text string) string { return strings.TrimRight(text, "\n") },
		"letters of bytes": func(text string) string {
			return strings.Replace(text, "  platform:tls: {", "  platform:tls: { # ü\n    ", 1)
		},
		"own salt":        func(text string) string { return "encryptionsalt: v1:x\n" + text },
		"unprefixed keys": func(text string) string { return strings.ReplaceAll(text, "  platform:services:", "  services:") },
	} {
		t.Run(name, func(t *testing.T) {
			before := whole(stackFile(t, "k3s"))
			result, err := Edit{Stack: "k3s", Service: "auth-service", Tag: tagNewer}.Apply([]byte(before))
			require.NoError(t, err)
			assert.Equal(t, replaceOnce(t, before, "ecloud-auth:"+tagNow, "ecloud-auth:"+tagNewer), string(result.Content))
		})
	}
	t.Run("on one line behind letters of several bytes", func(t *testing.T) {
		before := replaceOnce(t, stackFile(t, "k3s"), "  platform:haproxy:\n    image: haproxy:2.9-alpine\n    platforms: [linux/amd64, linux/arm64]\n    nodeSelector: {db-role: replica}\n",
			"  platform:haproxy: {nodeSelector: {db-role: replica}, platforms: [ \"linux/amd64\" ,'linux/arm64'], image: haproxy:2.9-alpine}\n")
		result, err := Edit{Stack: "k3s", Service: "haproxy", Tag: "2.9.1-alpine"}.Apply([]byte(before))
		require.NoError(t, err)
		assert.Equal(t, replaceOnce(t, before, "haproxy:2.9-alpine", "haproxy:2.9.1-alpine"), string(result.Content))
	})
}

func TestRefusals(t *testing.T) {
	auth := "      image: eddisonso/ecloud-auth:" + tagNow + "\n"
	for name, tc := range map[string]struct {
		edit   Edit
		change func(string) string
		want   string
	}{
		"unknown service": {
			edit: Edit{Stack: "k3s", Service: "auth", Tag: tagNewer},
			want: "service auth (stack k3s): the stack file has no image of that name; use one of alerting-service, auth-service, cluster-monitor",
		},
		"image of the base": {
			edit: Edit{Stack: "k3s-local", Service: "auth-service", Tag: tagNewer},
			want: "the stack file has no image of that name; set it in Pulumi.k3s.yaml, which this stack shares with others",
		},
		"service of another platform": {
			edit: Edit{Stack: "prod", Service: "gateway", Tag: "v1"},
			want: "use one of backend, frontend, postgres, redis, redis-exporter; if it is in config/epfl.yaml, which this stack shares with others, set it there",
		},
		"unknown stack":       {edit: Edit{Stack: "moon", Service: "backend", Tag: "v1.0.1"}, change: func(string) string { return "config: {backend: {image: a:v1.0.0}}" }, want: "is not one of dev, k3s"},
		"older":               {edit: Edit{Stack: "k3s", Service: "auth-service", Tag: tagOlder}, want: tagOlder + " is older than " + tagNow + ", which the stack file has; if that is meant, say why with --allow-older"},
		"older version":       {edit: Edit{Stack: "prod", Service: "backend", Tag: "v0.9.0"}, want: "v0.9.0 is older than v1.0.0"},
		"older database":      {edit: Edit{Stack: "prod", Service: "postgres", Tag: "15-alpine"}, want: "15-alpine is older than 16-alpine"},
		"not a time":          {edit: Edit{Stack: "k3s", Service: "auth-service", Tag: "v1.0.0"}, want: "is not tagged with the time of its build"},
		"no such time":        {edit: Edit{Stack: "k3s", Service: "auth-service", Tag: "20261301-000000"}, want: "a time that does not exist"},
		"latest":              {edit: Edit{Stack: "prod", Service: "backend", Tag: "latest"}, want: "which changes without notice"},
		"not a tag":           {edit: Edit{Stack: "prod", Service: "backend", Tag: "v1 # x"}, want: `tag "v1 # x" is no tag; write TAG, or TAG@sha256:DIGEST`},
		"another repository":  {edit: Edit{Stack: "prod", Service: "redis", Tag: "5000/redis:7"}, want: "is no tag"},
		"newline":             {edit: Edit{Stack: "prod", Service: "redis", Tag: "7\n"}, want: "is no tag"},
		"reason of two lines": {edit: Edit{Stack: "k3s", Service: "auth-service", Tag: tagOlder, AllowOlder: "a\n  platform:protect: false"}, want: "the reason for an older tag is not one line"},
		"digest lost": {
			edit: Edit{Stack: "prod", Service: "redis", Tag: "7.5"},
			change: func(text string) string {
				return strings.Replace(text, "redis:7.4-alpine", "redis:7.4@sha256:"+strings.Repeat("ab", 32), 1)
			},
			want: "pinned by a digest, which tag 7.5 alone would take off",
		},
		"another error of the file": {
			edit:   Edit{Stack: "prod", Service: "backend", Tag: "v1.0.1"},
			change: func(text string) string { return strings.Replace(text, "maxReplicas: 10", "maxReplicas: 0", 1) },
			want:   "the file is left as it is, since with v1.0.1 it is refused: 1 error",
		},
		"no version": {
			edit:   Edit{Stack: "prod", Service: "redis", Tag: "7.5"},
			change: func(text string) string { return strings.Replace(text, "image: redis:7.4-alpine", "image: redis", 1) },
			want:   "names no version",
		},
		"several lines": {
			edit: Edit{Stack: "k3s", Service: "auth-service", Tag: tagNewer},
			change: func(text string) string {
				return strings.Replace(text, auth, "      image: >-\n        eddisonso/ecloud-auth:"+tagNow+"\n", 1)
			},
			want: "edit it by hand",
		},
		"anchor": {
			edit: Edit{Stack: "k3s", Service: "auth-service", Tag: tagNewer},
			change: func(text string) string {
				return strings.Replace(text, "image: eddisonso/ecloud-auth:", "image: &auth eddisonso/ecloud-auth:", 1)
			},
			want: "edit it by hand",
		},
		"escapes": {
			edit: Edit{Stack: "k3s", Service: "auth-service", Tag: tagNewer},
			change: func(text string) string {
				return strings.Replace(text, auth, "      image: \"\\x65ddisonso/ecloud-auth:"+tagNow+"\"\n", 1)
			},
			want: "edit it by hand",
		},
		"not YAML":  {edit: Edit{Stack: "k3s", Service: "auth-service", Tag: tagNewer}, change: func(string) string { return "config: [" }, want: "is not valid YAML"},
		"no config": {edit: Edit{Stack: "k3s", Service: "auth-service", Tag: tagNewer}, change: func(string) string { return "" }, want: "has no map under config"},
	} {
		t.Run(name, func(t *testing.T) {
			before := "" // of an unknown stack
			if tc.edit.Stack != "moon" {
				before = stackFile(t, tc.edit.Stack)
			}
			if tc.change != nil {
				before = tc.change(before)
			}
			path := filepath.Join(t.TempDir(), "Pulumi.yaml")
			require.NoError(t, os.WriteFile(path, []byte(before), 0o600))
			_, err := tc.edit.File(t.Context(), path)
			require.ErrorContains(t, err, tc.want)
			after, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Equal(t, before, string(after), "nothing is written")
		})
	}
}

func TestFileIsReplacedWhole(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "Pulumi.k3s.yaml")
	r := newRegistry(t)
	r.push(tagNewer, imageFor(t, "linux/arm64"))
	before := strings.ReplaceAll(stackFile(t, "k3s"), " eddisonso/", " "+r.host+"/eddisonso/")
	require.NoError(t, os.WriteFile(path, []byte(before), 0o640))
	edit := Edit{Stack: "k3s", Service: "auth-service", Tag: tagNewer}
	result, err := edit.File(t.Context(), path)
	require.NoError(t, err)
	assert.True(t, result.Changed)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(result.Content), string(after))
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o640), info.Mode().Perm())
	files, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, files, 1, "nothing is left beside it")

	again, err := edit.File(t.Context(), path)
	require.NoError(t, err)
	assert.False(t, again.Changed, "the same tag")
	written, err := os.Stat(path)
	require.NoError(t, err)
	assert.True(t, os.SameFile(info, written), "and the file is not touched")

	_, err = edit.File(t.Context(), filepath.Join(folder, "none"))
	require.ErrorContains(t, err, "stack k3s: open")
}

// TestServicesAreThoseOfTheConfiguration keeps the names here those that
// consents and commands use: what config calls a component has an image here
// by the same name, or runs the one of postgres.
func TestServicesAreThoseOfTheConfiguration(t *testing.T) {
	cfg, err := config.ParseFile[config.EddCloud]("k3s", "../../Pulumi.k3s.yaml")
	require.NoError(t, err)
	file, err := parse([]byte(stackFile(t, "k3s")))
	require.NoError(t, err)
	images := file.images()
	for component, build := range cfg.Images() {
		if _, server := cfg.Postgres.Servers[component]; server {
			component = "postgres"
		}
		require.Contains(t, images, component)
		assert.Equal(t, build.Image, images[component].Value, component)
	}
}

// TestEveryImageHasAService looks through the files for images that no name
// leads to.
func TestEveryImageHasAService(t *testing.T) {
	for _, stack := range []string{"local", "dev", "staging", "prod", "k3s", "k3s-local"} {
		text := stackFile(t, stack)
		file, err := parse([]byte(text))
		require.NoError(t, err)
		assert.Len(t, file.images(), strings.Count(text, "image: "), stack)
	}
}
