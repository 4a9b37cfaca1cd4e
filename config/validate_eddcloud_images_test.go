package config

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOwnImageRejects(t *testing.T) {
	const key = "gateway.image"
	const auth = "tag it YYYYMMDD-HHMMSS (UTC), such as eddisonso/ecloud-gateway:20260215-062053"
	digest := "eddisonso/ecloud-gateway@sha256:" + strings.Repeat("0a", 32)
	// Without a time of its own the image leaves the consent of the fixture aside.
	image := func(image string) []change { return []change{{key, image}, {"rollback", absent}} }
	rejectCore(t, map[string]bad{
		"latest":           {image("eddisonso/ecloud-gateway:latest"), key, `"eddisonso/ecloud-gateway:latest" is tagged latest, which the deploy workflow does not push: it may be stale`, auth},
		"no tag":           {image("eddisonso/ecloud-gateway"), key, `"eddisonso/ecloud-gateway" is not tagged with the time of its build`, auth},
		"of the registry":  {image("docker.io/eddisonso/ecloud-gateway:latest"), key, `"docker.io/eddisonso/ecloud-gateway:latest" is tagged latest, which the deploy workflow does not push: it may be stale`, auth},
		"of its index":     {image("index.docker.io/eddisonso/ecloud-gateway:v1"), key, `"index.docker.io/eddisonso/ecloud-gateway:v1" is not tagged with the time of its build`, auth},
		"version":          {image("eddisonso/ecloud-gateway:v1.2.3"), key, `"eddisonso/ecloud-gateway:v1.2.3" is not tagged with the time of its build`, auth},
		"digest":           {image(digest), key, `"` + digest + `" is not tagged with the time of its build`, auth},
		"no such day":      {image("eddisonso/ecloud-gateway:20260230-062053"), key, `"eddisonso/ecloud-gateway:20260230-062053" is tagged with a time that does not exist`, auth},
		"no such hour":     {image("eddisonso/ecloud-gateway:20260215-242053"), key, `"eddisonso/ecloud-gateway:20260215-242053" is tagged with a time that does not exist`, auth},
		"short":            {image("eddisonso/ecloud-gateway:20260215-0620"), key, `"eddisonso/ecloud-gateway:20260215-0620" is not tagged with the time of its build`, auth},
		"longer":           {image("eddisonso/ecloud-gateway:20260215-062053-rc"), key, `"eddisonso/ecloud-gateway:20260215-062053-rc" is not tagged with the time of its build`, auth},
		"other's unpinned": {image("ghcr.io/eddisonso/ecloud-gateway"), key, `"ghcr.io/eddisonso/ecloud-gateway" names no version`, "pin it as repository:tag or repository@digest"},
		"other's latest":   {image("eddison/gateway:latest"), key, `"eddison/gateway:latest" is tagged latest, which changes without notice`, "pin it as repository:tag or repository@digest"},
	})
	acceptCore(t, map[string][]change{
		"tag and digest":  image("eddisonso/ecloud-gateway:20260215-062053@" + digest[len("eddisonso/ecloud-gateway@"):]),
		"leap day":        image("eddisonso/ecloud-gateway:20280229-235959"),
		"other's version": image("ghcr.io/eddisonso/ecloud-gateway:v1"),
	})
}

func TestImagePlatformRejects(t *testing.T) {
	platforms := func(of string, list ...any) []change { return on(of+".platforms", list) }
	rejectCore(t, map[string]bad{
		"none":    {on("nats.platforms", absent), "nats.platforms", "it lists none, and the nodes are not all alike", "list what the image was built for, of linux/amd64, linux/arm64"},
		"unknown": {platforms("nats", "arm64"), "nats.platforms[0]", `"arm64" is not a value it knows`, "choose one of linux/amd64, linux/arm64"},
		"twice":   {platforms("nats", "linux/arm64", "linux/arm64"), "nats.platforms[1]", `"linux/arm64" is listed already`, "remove one of the two"},
		"some nodes": {
			platforms("services[blog]", "linux/arm64"), "services[blog].platforms",
			"the empty selector matches big (amd64), and the image is built for linux/arm64 alone",
			"build it for linux/amd64 too and list that, or set kubernetes.io/arch: arm64 in services[blog].nodeSelector,",
		},
		"every node": {
			platforms("services[log-service]", "linux/amd64"), "services[log-service].platforms",
			"backend=true matches arm-1 (arm64), arm-2 (arm64), and the image is built for linux/amd64 alone", "build it for linux/arm64 too and list that",
		},
		"a server's": {
			platforms("postgres", "linux/amd64"), "postgres.platforms",
			"db=true matches arm-2 (arm64), and the image is built for linux/amd64 alone", "build it for linux/arm64 too and list that",
		},
		"chunkservers": {
			platforms("gfs.chunkserver", "linux/arm64"), "gfs.chunkserver.platforms",
			"role=chunkserver matches tainted (amd64), and the image is built for linux/arm64 alone", "build it for linux/amd64 too and list that",
		},
		"tainted ones too": {
			platforms("imageCleanup", "linux/arm64"), "imageCleanup.platforms",
			"the empty selector matches big (amd64), tainted (amd64), and the image is built for linux/arm64 alone", "build it for linux/amd64 too and list that",
		},
	})
	acceptCore(t, map[string][]change{
		"narrowed": {{"services[blog].platforms", []any{"linux/arm64"}}, {"services[blog].nodeSelector", map[string]any{"kubernetes.io/arch": "arm64"}}},
		"idle server": {
			{"postgres.platforms", []any{"linux/arm64"}}, {"postgres.servers[postgres].enabled", false},
		},
	})
}

func TestRollbackRejects(t *testing.T) {
	rejectCore(t, map[string]bad{
		"component": {on("rollback[gatway]", "20260215-062053"), "rollback[gatway]", `"gatway" is no component`, "did you mean gateway? correct it"},
		"tag":       {on("rollback[gateway]", "v1"), "rollback[gateway]", `"v1" is not a time YYYYMMDD-HHMMSS`, "write the tag that is consented to, such as 20260215-062053"},
		"no time":   {on("rollback[gateway]", "20261315-062053"), "rollback[gateway]", `"20261315-062053" is not a time YYYYMMDD-HHMMSS`, "write the tag that is consented to, such as 20260215-062053"},
		"stale":     {on("rollback[gateway]", "20260101-000000"), "rollback[gateway]", "it consents to 20260101-000000, and the image is 20260215-062053: the consent is stale", "remove it, or write 20260215-062053 if that is consented to,"},
		"not ours":  {on("rollback[nats]", "20260215-062053"), "rollback[nats]", "the image of nats is not tagged with a time, so that none is older", "remove it"},
	})
	acceptCore(t, map[string][]change{
		"a service":    on("rollback[log-service]", "20260215-062053"),
		"a file share": on("rollback[simple-file-share-frontend]", "20260215-062053"),
		"chunkservers": on("rollback[gfs-chunkserver]", "20260215-062053"),
		"no consent":   on("rollback", absent),
	})
}

func TestTagTime(t *testing.T) {
	at, ok := TagTime("eddisonso/ecloud-auth:20260215-062053")
	require.True(t, ok)
	assert.Equal(t, time.Date(2026, 2, 15, 6, 20, 53, 0, time.UTC), at)
	later, ok := TagTime("docker.io/eddisonso/ecloud-auth:20260215-062054@sha256:" + strings.Repeat("0a", 32))
	require.True(t, ok)
	assert.True(t, later.After(at))
	for _, image := range []string{
		"", "eddisonso/Auth:20260215-062053", "eddisonso/auth", "eddisonso/auth:latest", "eddisonso/auth:20260230-062053",
		"eddisonso/auth:20260215-062053.5", "20260215-062053",
	} {
		_, ok := TagTime(image)
		assert.False(t, ok, image)
	}
}

func TestImagesNameEveryComponent(t *testing.T) {
	c, err := parseCore(t, on("postgres.servers[postgres].enabled", false)...)
	require.NoError(t, err)
	images := c.Images()
	for component, image := range map[string]string{
		"gateway": "eddisonso/ecloud-gateway:20260215-062053", "gfs-master": "eddisonso/ecloud-gfs:20260215-062053",
		"gfs-chunkserver": "eddisonso/ecloud-gfs:20260215-062053", "haproxy": "haproxy:2.9-alpine", "nats": "nats:2.10-alpine",
		"image-cleanup": "docker.io/rancher/mirrored-library-busybox:1.36.1", "postgres": "postgres:16-alpine",
		"postgres-replica": "postgres:16-alpine", "blog": "ghcr.io/someone/blog:v1", "log-service": "eddisonso/ecloud-logging:20260215-062053",
		"simple-file-share-frontend": "docker.io/eddisonso/ecloud-frontend:20260215-062053",
	} {
		assert.Equal(t, image, images[component].Image, component)
		delete(images, component)
	}
	assert.Empty(t, images)
}
