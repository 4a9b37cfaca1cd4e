//go:build e2e && nodes

package e2e

import (
	"cmp"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// answers waits until Edd Cloud answers from outside, out of its database, its
// file system and its bus.
func (e *edd) answers(t *testing.T) {
	t.Helper()
	e.gets(t, http.MethodGet, healthHost, "/", nil, http.StatusOK)
	e.gets(t, http.MethodPut, storageHost, "/standin/files/alive", []byte("alive"), http.StatusCreated)
	assert.Equal(t, "alive", string(e.gets(t, http.MethodGet, storageHost, "/standin/files/alive", nil, http.StatusOK)))
	_, err := e.messages("CLUSTER")
	require.NoError(t, err)
}

// settled waits until every pod is back.
func (e *edd) settled(t *testing.T) {
	t.Helper()
	e.kubectl(t, "wait", "--for=condition=Available", "deployment", "--all", "--timeout=170s")
	e.kubectl(t, "rollout", "status", "daemonset/gfs-chunkserver", "--timeout=120s")
}

// bearsEnds ends the pods of each component in turn.
func (e *edd) bearsEnds(t *testing.T) {
	for _, component := range append(slices.Sorted(maps.Keys(placement)), "postgres") { // which has taken over
		t.Run(component, func(t *testing.T) {
			e.kill(t, component)
			e.settled(t)
			e.answers(t)
		})
	}
}

// bearsDrains drains each node in turn. What is bound to it by its data or its
// label waits for it to come back.
func (e *edd) bearsDrains(t *testing.T) {
	for node := range e.live.nodes() {
		t.Run(node, func(t *testing.T) {
			e.kubectl(t, "drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=150s")
			e.kubectl(t, "uncordon", node)
			e.settled(t)
			e.answers(t)
		})
	}
}

// rotatesEverything makes each value again that the program generates. The
// superuser's is told to the database by hand.
func (e *edd) rotatesEverything(t *testing.T) {
	for _, secret := range e.secrets(t) {
		t.Run(secret, func(t *testing.T) {
			begun := time.Now()
			out, err := e.try("rotate", "SECRET="+secret)
			if strings.Contains(out, "superuser") {
				e.changesSuperuser(t, superuser{role: "eddcloud", pod: "deployment/postgres", key: "POSTGRES_PASSWORD"}) // which has taken over
			} else {
				require.NoError(t, err, out)
			}
			t.Logf("took %s", time.Since(begun).Round(time.Second))
			assert.NotContains(t, out, "not as they should be", "every consumer hears")
			e.answers(t)
		})
	}
}

// name of a value of a Secret, as make rotate lists them.
var secretName = regexp.MustCompile(`(?m)^ +([a-z0-9-]+/\S+)$`)

// secrets are the values of the stack, by make rotate's own list.
func (e *edd) secrets(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, found := range secretName.FindAllStringSubmatch(e.refuse("rotate"), -1) {
		names = append(names, found[1])
	}
	require.NotEmpty(t, names)
	slices.Sort(names)
	return slices.Compact(names)
}

// otherTags are those of images that others publish; Edd Cloud's own are tagged
// with the time of their build.
var otherTags = map[string]string{"haproxy": "2.9.15-alpine", "image-cleanup": "1.37.0", "nats": "2.10.29-alpine", "postgres": "16.10-alpine"}

// rollsEveryImage deploys another tag of each image.
func (e *edd) rollsEveryImage(t *testing.T) {
	_, names, is := strings.Cut(e.refuse("image", "SERVICE=none", "TAG=none"), "use one of ")
	require.True(t, is, "the refusal names every service")
	names, _, _ = strings.Cut(names, "\n")
	for _, service := range strings.Split(names, ", ") {
		t.Run(service, func(t *testing.T) {
			e.make("image", "SERVICE="+service, "TAG="+cmp.Or(otherTags[service], "20261101-101500"))
			out := e.make("up")
			assert.NotContains(t, out, "not as they should be", "every consumer hears")
			e.answers(t)
		})
	}
}
