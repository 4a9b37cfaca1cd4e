//go:build e2e

package e2e

import (
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// kill ends all pods of a component at once and without a word, as a node that
// is out of memory does, and waits for as many others.
func (r *real) kill(t *testing.T, component string) {
	t.Helper()
	killed := map[types.UID]bool{}
	for _, pod := range r.podsOf(t, component) {
		killed[pod.UID] = true
		r.kubectl(t, "delete", "pod", pod.Name, "--grace-period=0", "--force", "--wait=true")
	}
	require.NotEmpty(t, killed, "pods of %s", component)
	require.Eventually(t, func() bool {
		ready := 0
		for _, pod := range r.podsOf(t, component) {
			at := slices.IndexFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool { return c.Type == corev1.PodReady })
			if at >= 0 && pod.Status.Conditions[at].Status == corev1.ConditionTrue && !killed[pod.UID] {
				ready++
			}
		}
		return ready >= len(killed)
	}, realPatience, 300*time.Millisecond, "other pods of %s", component)
}

// bearsEnds ends the pods of each component in turn.
func bearsEnds(t *testing.T, r *real) {
	r.must(t, http.MethodPost, "/api/standin/items?text=survives", http.StatusCreated)
	for _, component := range []string{"frontend", "backend", "celery-worker", "postgres", "redis"} {
		t.Run(component, func(t *testing.T) {
			r.kill(t, component)
			r.works(t)
			assert.Contains(t, r.must(t, http.MethodGet, "/api/standin/items", http.StatusOK), "survives")
		})
	}
}

// atQuota is an error of a quota, with what would be enough.
var atQuota = regexp.MustCompile(`(platform:quota\.\S+) .* raise it to (\S+) or`)

// fitsQuota gives the namespace just what the program asks for at least, and
// then has everything run at once that may: as many pods as the autoscaler may
// start, a backup, and other images. A rollout waits for pods that end, for they
// count until they are gone; it may not fail.
func fitsQuota(t *testing.T, r *real) {
	before, err := os.ReadFile(r.stackFile("local"))
	require.NoError(t, err)
	r.edit("local", "platform:quota", map[string]any{
		"requests": map[string]any{"cpu": "1m", "memory": "1Mi"}, "limits": map[string]any{"cpu": "1m", "memory": "1Mi"}, "pods": 1, "storageGiB": 1,
	})
	least := atQuota.FindAllStringSubmatch(r.refuse("preview"), -1)
	require.Len(t, least, 6, "each part of the quota is too small")
	for _, part := range least {
		r.edit("local", part[1], number(part[2]))
	}
	r.make("up")
	r.kubectl(t, "patch", "hpa", "backend-hpa", "--type=merge", "--patch", `{"spec":{"minReplicas":4}}`) // as under load
	require.Eventually(t, func() bool { return r.live.deployments()["backend"].Status.ReadyReplicas == 4 }, realPatience, time.Second, "as many as may be")

	for _, component := range []string{"frontend", "backend"} {
		image, is := settingOf(t, r.checkout, "platform:"+component+".image").(string)
		require.True(t, is)
		r.edit("local", "platform:"+component+".image", image[:strings.LastIndex(image, ":")]+":v1.0.2")
	}
	load := r.load("/api/standin/items")
	r.kubectl(t, "create", "job", "backup-meanwhile", "--from=cronjob/db-dump")
	r.make("up")
	load.none(t)
	r.kubectl(t, "wait", "--for=condition=Complete", "job/backup-meanwhile", "--timeout=120s")
	r.kubectl(t, "delete", "job", "backup-meanwhile")

	r.kubectl(t, "patch", "hpa", "backend-hpa", "--type=merge", "--patch", `{"spec":{"minReplicas":2}}`)
	require.NoError(t, os.WriteFile(r.stackFile("local"), before, 0o644))
	r.make("up")
	r.works(t)
}

// number is the number that a text is, or else the text.
func number(text string) any {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return text
}
