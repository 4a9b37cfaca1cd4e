package config

import (
	"strings"

	"github.com/distribution/reference"
	"k8s.io/apimachinery/pkg/util/version"
)

// What the images of the co2-calculator answer and write changed with their
// releases. The defaults follow the release that the tag names, such as v1.0.3.
// A tag that names none, such as a commit, counts as older than all of them:
// where that is wrong, the stack file states the setting.
//
//	setting                          before                               since
//	backend.livePath, .readyPath     /health                              v0.8.1: /healthz, /ready
//	frontend.livePath, .readyPath    /healthz, /ready
//	frontend.injectedFile            /usr/share/nginx/html/injectEnv.js   v0.10.2: /tmp/injectEnv.js
const (
	// DefaultHealthPath answers both probes of an older backend: the platform's
	// own health check asks it too.
	DefaultHealthPath = "/health"
	// DefaultLivePath tells of both programs whether they run.
	DefaultLivePath = "/healthz"
	// DefaultReadyPath tells of both programs whether they can serve.
	DefaultReadyPath = "/ready"
	// DefaultInjectedFile is what the start script of an older frontend writes,
	// among the static files.
	DefaultInjectedFile = "/usr/share/nginx/html/injectEnv.js"
	// TemporaryInjectedFile is what the start script of a newer frontend writes.
	TemporaryInjectedFile = "/tmp/injectEnv.js"
)

var (
	healthzSince  = release{version.MustParseSemantic("v0.8.1")}
	injectedSince = release{version.MustParseSemantic("v0.10.2")}
)

// release is the version that the tag of an image names. The zero value is
// that of a tag that names none.
type release struct{ version *version.Version }

// releaseOf reads the release from a tag vMAJOR.MINOR.PATCH.
func releaseOf(image string) release {
	tag := Tag(image)
	parsed, err := version.ParseSemantic(tag)
	if err != nil || !strings.HasPrefix(tag, "v") {
		return release{}
	}
	return release{parsed}
}

func (r release) since(first release) bool {
	return r.version != nil && r.version.AtLeast(first.version)
}

func (r release) backendLive() string {
	if r.since(healthzSince) {
		return DefaultLivePath
	}
	return DefaultHealthPath
}

func (r release) backendReady() string {
	if r.since(healthzSince) {
		return DefaultReadyPath
	}
	return DefaultHealthPath
}

func (r release) injectedFile() string {
	if r.since(injectedSince) {
		return TemporaryInjectedFile
	}
	return DefaultInjectedFile
}

// Tag is the tag of an image; empty where it has none or is not an image.
func Tag(image string) string {
	named, err := reference.ParseNormalizedNamed(image)
	if err != nil {
		return ""
	}
	if tagged, ok := named.(reference.Tagged); ok {
		return tagged.Tag()
	}
	return ""
}
