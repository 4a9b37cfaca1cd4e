package main

import (
	"os"
	"strings"
	"time"

	"github.com/Masterminds/semver/v3"
)

// tag is the tag of the image that this process plays.
func tag() string {
	image := os.Getenv("STANDIN_IMAGE")
	return image[strings.LastIndex(image, ":")+1:]
}

// since reports whether the image's tag is a release that is not older than
// another one. A commit is older, as those are that the stacks name; a time is
// no release.
func since(release string) bool {
	version, err := semver.StrictNewVersion(strings.TrimPrefix(tag(), "v"))
	return err == nil && !version.LessThan(semver.MustParse(release))
}

// madeBefore reports whether the image's tag is a time before another.
func madeBefore(limit time.Time) bool {
	at, err := time.Parse("20060102-150405", tag())
	return err == nil && at.Before(limit)
}

// healthPaths are those that the backend's image answers: /health until
// v0.8.1, and two of their own since.
func healthPaths() (live, ready string) {
	if since("0.8.1") {
		return "/healthz", "/ready"
	}
	return "/health", "/health"
}

// injectedFile is what the frontend's start script writes.
func injectedFile() string {
	if since("0.10.2") {
		return "/tmp/injectEnv.js"
	}
	return "/usr/share/nginx/html/injectEnv.js"
}

// hostKeyNamespace is where the gateway's image looks for its host key: builds
// of February 2026 ask in default, later ones in core.
func hostKeyNamespace() string {
	if madeBefore(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)) {
		return "default"
	}
	return "core"
}
