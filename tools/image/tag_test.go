package image

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestOlder(t *testing.T) {
	for name, tc := range map[string]struct {
		old, image string
		want       bool
	}{
		"time":                      {"eddisonso/a:20260215-062053", "eddisonso/a:20260215-062052", true},
		"same time":                 {"eddisonso/a:20260215-062053", "eddisonso/a:20260215-062053", false},
		"newer time":                {"eddisonso/a:20260215-062053", "eddisonso/a:20260215-062054", false},
		"version":                   {"a:v1.2.3", "a:v1.2.2", true},
		"as numbers":                {"a:v1.9.0", "a:v1.10.0", false},
		"without v":                 {"a:1.9.0", "a:v1.8.0", true},
		"pre-release":               {"a:v1.0.0", "a:v1.0.0-rc.1", true},
		"release":                   {"a:v1.0.0-rc.1", "a:v1.0.0", false},
		"variant":                   {"postgres:16", "postgres:16-alpine", false},
		"other variant":             {"postgres:16-alpine", "postgres:16-bookworm", false},
		"older variant":             {"postgres:16-alpine", "postgres:15-bookworm", true},
		"fewer numbers":             {"a:7.4-alpine", "a:7-alpine", true},
		"commits":                   {"a:9ea47cf", "a:0ea47cf", false},
		"commits of digits":         {"a:9123456", "a:1123456", false},
		"version to commit":         {"a:v1.0.0", "a:0ea47cf", false},
		"time to version":           {"a:20260215-062053", "a:v1.0.0", false},
		"pinned":                    {"a:v1.2.3@sha256:00", "a:v1.2.2@sha256:01", true},
		"port":                      {"registry.example.org:5000/a:v2.0.0", "registry.example.org:5000/a:v1.0.0", true},
		"nothing that has an order": {"a:main", "a:next", false},
	} {
		assert.Equal(t, tc.want, older(tc.old, tc.image), name)
	}
}

func TestSplit(t *testing.T) {
	for image, want := range map[string][2]string{
		"redis:7":                  {"redis", "7"},
		"redis":                    {"redis", ""},
		"host:5000/a":              {"host:5000/a", ""},
		"host:5000/a:1":            {"host:5000/a", "1"},
		"host:5000/a:1@sha256:00":  {"host:5000/a", "1@sha256:00"},
		"redis@sha256:00":          {"redis", "@sha256:00"},
		"docker.io/eddisonso/a:20": {"docker.io/eddisonso/a", "20"},
	} {
		repository, version := split(image)
		assert.Equal(t, want, [2]string{repository, version}, image)
	}
}
