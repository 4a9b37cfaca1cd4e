package review_test

import (
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review"
)

const mebi = 1 << 20

// asks is a part of a container that requests processor and memory.
const asks = "resources: {requests: {cpu: 100m, memory: 64Mi}}"

// capacityOf is what new objects ask, as "what arch amount".
func capacityOf(t *testing.T, objects ...apitype.StepEventMetadata) []string {
	t.Helper()
	var all []string
	for _, c := range sectionOf(t, objects...).Capacity {
		assert.Zero(t, c.Before)
		all = append(all, fmt.Sprintf("%s %s %d", c.What, c.Arch, c.After))
	}
	return all
}

func TestWhatPodsAskFor(t *testing.T) {
	const arm = ", nodeSelector: {backend: 'true'}"
	const tolerant = ", tolerations: [{operator: Exists}]"
	scaler := one(t, apitype.OpSame, "autoscaling/v2:HorizontalPodAutoscaler", "api", "", "{metadata: {name: api, namespace: core}, spec: {minReplicas: 2, maxReplicas: 9, scaleTargetRef: {kind: Deployment, name: api}}}")
	elsewhere := one(t, apitype.OpSame, "autoscaling/v2:HorizontalPodAutoscaler", "b", "", "{metadata: {name: b, namespace: other}, spec: {maxReplicas: 9, scaleTargetRef: {kind: Deployment, name: api}}}")
	affine := func(key, operator, values string) string {
		return fmt.Sprintf(", affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: %s, operator: %s%s}]}]}}}", key, operator, values)
	}
	for name, c := range map[string]struct {
		kind, inputs string
		more         []apitype.StepEventMetadata
		want         []string
	}{
		"anywhere":             {"apps/v1:Deployment", workload("", asks, ""), nil, []string{"cpu any 100", "memory any 67108864"}},
		"by selector":          {"apps/v1:Deployment", workload("replicas: 3,", asks, arm), nil, []string{"cpu arm64 300", "memory arm64 201326592"}},
		"by architecture":      {"apps/v1:Deployment", workload("", asks, ", nodeSelector: {kubernetes.io/arch: amd64}"), nil, []string{"cpu amd64 100", "memory amd64 67108864"}},
		"of no node":           {"apps/v1:Deployment", workload("", asks, ", nodeSelector: {kubernetes.io/arch: riscv64}"), nil, []string{"cpu riscv64 100", "memory riscv64 67108864"}},
		"by affinity":          {"apps/v1:Deployment", workload("", asks, affine("kubernetes.io/arch", "NotIn", ", values: [arm64]")), nil, []string{"cpu amd64 100", "memory amd64 67108864"}},
		"by a label":           {"apps/v1:Deployment", workload("", asks, affine("size", "Exists", "")), nil, []string{"cpu arm64 100", "memory arm64 67108864"}},
		"by name":              {"apps/v1:Deployment", workload("", asks, ", nodeName: s0"), nil, []string{"cpu amd64 100", "memory amd64 67108864"}},
		"an upper bound":       {"apps/v1:Deployment", workload("", asks, arm), []apitype.StepEventMetadata{scaler}, []string{"cpu arm64 900", "memory arm64 603979776"}},
		"another's":            {"apps/v1:Deployment", workload("", asks, arm), []apitype.StepEventMetadata{elsewhere}, []string{"cpu arm64 100", "memory arm64 67108864"}},
		"switched off":         {"apps/v1:Deployment", workload("replicas: 0,", asks, ""), nil, nil},
		"on each node":         {"apps/v1:DaemonSet", workload("", asks, ""), nil, []string{"cpu amd64 100", "cpu arm64 400", "memory amd64 67108864", "memory arm64 268435456"}},
		"on tainted ones":      {"apps/v1:DaemonSet", workload("", asks, ", nodeSelector: {role: chunkserver}"+tolerant), nil, []string{"cpu amd64 300", "memory amd64 201326592"}},
		"on tainted, repelled": {"apps/v1:DaemonSet", workload("", asks, ", nodeSelector: {role: chunkserver}"), nil, nil},
		"on tainted, half": {
			"apps/v1:DaemonSet", workload("", asks, ", nodeSelector: {role: chunkserver}, tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoSchedule}]"), nil, nil,
		},
		"of another effect": {
			"apps/v1:DaemonSet", workload("", asks, ", nodeSelector: {role: chunkserver}, tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoExecute}, {key: node-role.kubernetes.io/etcd, operator: Exists}]"), nil, nil,
		},
		"a Job":         {"batch/v1:Job", workload("parallelism: 2,", asks, arm), nil, []string{"cpu arm64 200", "memory arm64 134217728"}},
		"limits alone":  {"apps/v1:Deployment", workload("", "resources: {limits: {cpu: 1}}", arm), nil, []string{"cpu arm64 1000"}},
		"what prepares": {"apps/v1:Deployment", workload("", asks, arm+", initContainers: [{name: i, resources: {requests: {cpu: 1}}}]"), nil, []string{"cpu arm64 1000", "memory arm64 67108864"}},
		"sidecars": {
			"apps/v1:Deployment", workload("", asks, arm+", initContainers: [{name: s, restartPolicy: Always, resources: {requests: {cpu: 50m}}}, {name: i, resources: {requests: {cpu: 120m}}}]"), nil,
			[]string{"cpu arm64 170", "memory arm64 67108864"},
		},
		"a claim": {claims, "{spec: {resources: {requests: {storage: 5Gi}}}}", nil, []string{"storage  5368709120"}},
		"a set's claims": {
			"apps/v1:StatefulSet", workload("replicas: 3, volumeClaimTemplates: [{spec: {resources: {requests: {storage: 1Gi}}}}],", "image: a", ""), nil, []string{"storage  3221225472"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, capacityOf(t, append(c.more, one(t, apitype.OpCreate, c.kind, "api", "", c.inputs))...))
		})
	}
}

func TestCapacityBeforeAndAfter(t *testing.T) {
	const arm = ", nodeSelector: {backend: 'true'}"
	s := sectionOf(
		t,
		one(t, apitype.OpUpdate, "apps/v1:Deployment", "api", workload("", asks, arm), workload("replicas: 200,", asks, arm)),
		one(t, apitype.OpDelete, claims, "data", "{metadata: {name: data, namespace: core}, spec: {resources: {requests: {storage: 5Gi}}}}", ""),
	)
	assert.Equal(t, []review.Capacity{
		{Arch: "arm64", What: "cpu", Unit: "millicores", Before: 100, After: 20000, Has: 16000},
		{Arch: "arm64", What: "memory", Unit: "bytes", Before: 64 * mebi, After: 200 * 64 * mebi, Has: 32 << 30},
		{What: "storage", Unit: "bytes", Before: 5 << 30},
	}, s.Capacity)
}

func TestWhatIsNotCountedIsTold(t *testing.T) {
	s := sectionOf(t, one(t, apitype.OpCreate, "apps/v1:Deployment", "api", "", workload("replicas: "+unknown+",", asks, "")))
	assert.Contains(t, s.Findings, review.Finding{
		Rule: "capacity-can-be-told", Object: "Deployment/core/api", New: true, Text: "what it asks of the nodes is not known before the deployment, and is not counted",
	})
	assert.Equal(t, review.Review, s.Verdict())
}

// Nobody's slip of the keyboard makes a sum negative.
func TestSumsOfAnySize(t *testing.T) {
	for _, c := range sectionOf(t, one(t, apitype.OpCreate, "apps/v1:Deployment", "api", "", workload("replicas: 1000,", "resources: {requests: {cpu: 1e30, memory: 1e30}}", ""))).Capacity {
		assert.Positive(t, c.After)
	}
}

// A soft taint keeps no pod off.
func TestSoftTaints(t *testing.T) {
	p := planOf(t, logOf(t, one(t, apitype.OpCreate, "apps/v1:DaemonSet", "api", "", workload("", asks, ", nodeSelector: {role: chunkserver}"))))
	nodes := p.Config.Shared().Topology.Nodes
	for i := range nodes {
		for j := range nodes[i].Taints {
			nodes[i].Taints[j].Effect = "PreferNoSchedule"
		}
	}
	s, err := review.New(p)
	require.NoError(t, err)
	require.Len(t, s.Capacity, 2)
	assert.EqualValues(t, 300, s.Capacity[0].After)
}
