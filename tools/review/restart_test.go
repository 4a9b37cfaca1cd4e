package review_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"

	"platform/tools/review"
)

// workload is an object whose pods have one container, api.
func workload(spec, container, pod string) string {
	return fmt.Sprintf("{metadata: {name: api, namespace: core}, spec: {%s template: {metadata: {labels: {app: api}}, spec: {containers: [{name: api, %s}]%s}}}}", spec, container, pod)
}

func restartOf(t *testing.T, kind, old, now string, more ...apitype.StepEventMetadata) *review.Restart {
	t.Helper()
	s := sectionOf(t, append(more, one(t, apitype.OpUpdate, "apps/v1:"+kind, "api", old, now))...)
	if len(s.Restarts) == 0 {
		return nil
	}
	return &s.Restarts[0]
}

func TestRestartsAndTheirGaps(t *testing.T) {
	for name, c := range map[string]struct {
		kind, spec string
		restart    bool
		replicas   int
		gap        bool
	}{
		"one pod, successor first":   {"Deployment", "", true, 1, false},
		"one pod, replaced first":    {"Deployment", "strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}},", true, 1, true},
		"one pod, rounded to none":   {"Deployment", "strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 25%}},", true, 1, true},
		"two pods, one by one":       {"Deployment", "replicas: 2, strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}},", true, 2, false},
		"two pods, all at once":      {"Deployment", "replicas: 2, strategy: {rollingUpdate: {maxUnavailable: 100%}},", true, 2, true},
		"stopped first":              {"Deployment", "replicas: 2, strategy: {type: Recreate},", true, 2, true},
		"none runs":                  {"Deployment", "replicas: 0, strategy: {type: Recreate},", false, 0, false},
		"a set of one":               {"StatefulSet", "", true, 1, true},
		"a set of two":               {"StatefulSet", "replicas: 2,", true, 2, false},
		"a set that waits":           {"StatefulSet", "updateStrategy: {type: OnDelete},", false, 0, false},
		"on every node":              {"DaemonSet", "", true, 0, false},
		"on every node, all at once": {"DaemonSet", "updateStrategy: {rollingUpdate: {maxUnavailable: 100%}},", true, 0, true},
		"on every node, surging":     {"DaemonSet", "updateStrategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 100%}},", true, 0, false},
		"no rolling kind":            {"ReplicaSet", "", false, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			got := restartOf(t, c.kind, workload(c.spec, "image: a:1", ""), workload(c.spec, "image: a:2", ""))
			if !c.restart {
				assert.Nil(t, got)
				return
			}
			assert.Equal(t, &review.Restart{Workload: c.kind + "/core/api", Why: []string{"api: image a:1 → a:2"}, Replicas: c.replicas, Gap: c.gap}, got)
		})
	}
	alone := `, nodeSelector: {kubernetes.io/hostname: s0}`
	assert.True(t, restartOf(t, "DaemonSet", workload("", "image: a:1", alone), workload("", "image: a:2", alone)).Gap, "the one node has no other")
	assert.Nil(t, restartOf(t, "Deployment", workload("replicas: 1,", "image: a:1", ""), workload("replicas: 3,", "image: a:1", "")), "more pods are no new ones")
	assert.Equal(t, &review.Restart{Workload: "Deployment/core/api", Why: []string{"replicas: 2 → 0, nothing runs any more"}, Gap: true},
		restartOf(t, "Deployment", workload("replicas: 2,", "image: a:1", ""), workload("replicas: 0,", "image: a:1", "")))
}

// What an autoscaler runs at the least is there to answer.
func TestAutoscaledRestarts(t *testing.T) {
	scaler := one(t, apitype.OpSame, "autoscaling/v2:HorizontalPodAutoscaler", "api", "", "{metadata: {name: api, namespace: core}, spec: {minReplicas: 2, maxReplicas: 9, scaleTargetRef: {kind: Deployment, name: api}}}")
	const strategy = "strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}},"
	got := restartOf(t, "Deployment", workload(strategy, "image: a:1", ""), workload(strategy, "image: a:2", ""), scaler)
	assert.Equal(t, 2, got.Replicas)
	assert.False(t, got.Gap)
}

func TestWhyPodsAreMadeAnew(t *testing.T) {
	config := one(t, apitype.OpUpdate, "core/v1:ConfigMap", "settings", "{a: x}", "{a: z}")
	secret := one(t, apitype.OpUpdate, "core/v1:Secret", "keys", "{a: x}", "{a: z}")
	const revision = "metadata: {annotations: {platform/revision: %s}},"
	const reads = "envFrom: [{secretRef: {name: keys}}], env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: a}}}]"
	hashed := func(hash string) string {
		return strings.Replace(workload("", "image: a:1, "+reads, ""), "metadata: {labels: {app: api}},", fmt.Sprintf(revision, hash), 1)
	}
	for name, c := range map[string]struct {
		old, now string
		more     []apitype.StepEventMetadata
		want     []string
	}{
		"images first": {
			workload("", "image: a:1, args: [a], env: [{name: LEVEL, value: info}]", ""), workload("", "image: a:2, args: [b], env: [{name: LEVEL, value: debug}]", ""), nil,
			[]string{"api: image a:1 → a:2", "api: args[0]", "api: env LEVEL"},
		},
		"what it reads":    {hashed("x1"), hashed("x2"), []apitype.StepEventMetadata{config, secret}, []string{"ConfigMap settings changes", "Secret keys changes"}},
		"nobody knows":     {hashed("x1"), hashed("x2"), nil, []string{"annotation platform/revision changes"}},
		"not known yet":    {hashed("x1"), hashed(unknown), []apitype.StepEventMetadata{secret}, []string{"Secret keys changes"}},
		"a setting":        {workload("", "image: a:1", ""), workload("", "image: a:1, resources: {limits: {cpu: 2}}", ", nodeSelector: {a: b}"), nil, []string{"api: resources.limits", "nodeSelector.a"}},
		"labels":           {workload("", "image: a:1", ""), strings.Replace(workload("", "image: a:1", ""), "app: api", "app: other", 1), nil, []string{"metadata.labels"}},
		"new container":    {workload("", "image: a:1", ""), strings.Replace(workload("", "image: a:1", ""), "a:1}]", "a:1}, {name: more, image: b:1, tty: true}]", 1), nil, []string{"more: image b:1", "more: name", "more: tty"}},
		"image not known":  {workload("", "image: a:1", ""), workload("", "image: "+unknown, ""), nil, []string{"api: image a:1 → not known yet"}},
		"template unknown": {workload("", "image: a:1", ""), "{metadata: {name: api, namespace: core}, spec: {template: " + unknown + "}}", nil, []string{"api: image a:1 goes", "the template is not known yet", "metadata.labels", "api: name"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := restartOf(t, "Deployment", c.old, c.now, c.more...)
			if assert.NotNil(t, got) {
				assert.Equal(t, c.want, got.Why)
			}
		})
	}
	many := restartOf(t, "Deployment", workload("", "args: [a,a,a,a,a,a,a,a,a,a]", ""), workload("", "args: [b,b,b,b,b,b,b,b,b,b]", ""))
	assert.Len(t, many.Why, 9)
	assert.Equal(t, "and 2 more", many.Why[8])
}
