package review_test

import (
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review"
)

const policies = "networking.k8s.io/v1:NetworkPolicy"

func TestWhoNewlyReachesWhom(t *testing.T) {
	pod := func(name string) apitype.StepEventMetadata {
		inputs := "{metadata: {name: " + name + ", namespace: core, labels: {app: " + name + "}}, spec: {containers: [{name: a, ports: [{containerPort: 80}]}]}}"
		return one(t, apitype.OpSame, "core/v1:Pod", name, inputs, inputs)
	}
	deny := "{metadata: {name: p, namespace: core}, spec: {podSelector: {matchLabels: {app: b}}, policyTypes: [Ingress]%s}}"
	closed := fmt.Sprintf(deny, "")
	open := fmt.Sprintf(deny, ", ingress: [{from: [{podSelector: {matchLabels: {app: a}}}], ports: [{port: 80}, {port: 22}]}]")
	update := one(t, apitype.OpUpdate, policies, "p", closed, open)
	assert.Equal(t, []review.Reach{{
		From: "core/a", To: "core/b", Gained: "TCP 80", Silent: "TCP 22", Because: []string{"no policy restricts what leaves core/a", "NetworkPolicy p"},
	}}, sectionOf(t, pod("a"), pod("b"), update).Reach)
	back := one(t, apitype.OpUpdate, policies, "p", open, closed)
	assert.Equal(t, []review.Reach{{From: "core/a", To: "core/b", Lost: "TCP 80"}}, sectionOf(t, pod("a"), pod("b"), back).Reach)
	assert.Empty(t, sectionOf(t, pod("a"), pod("b"), one(t, apitype.OpSame, policies, "p", open, open)).Reach)
	assert.Contains(t, names(sectionOf(t, pod("a"), pod("b"), one(t, apitype.OpDelete, policies, "p", closed, "")).Reach), "core/a to core/b: TCP 80")
}

func names(all []review.Reach) []string {
	var texts []string
	for _, one := range all {
		texts = append(texts, one.From+" to "+one.To+": "+one.Gained)
	}
	return texts
}

func TestWhatCannotBeToldIsAFinding(t *testing.T) {
	for name, step := range map[string]apitype.StepEventMetadata{
		"not known":         one(t, apitype.OpCreate, policies, "p", "", "{metadata: {name: p, namespace: core}, spec: {podSelector: "+unknown+"}}"),
		"checked by nobody": one(t, apitype.OpCreate, "cilium.io/v2:CiliumNetworkPolicy", "p", "", "{metadata: {name: p, namespace: core}}"),
	} {
		t.Run(name, func(t *testing.T) {
			s := sectionOf(t, step)
			require.Len(t, s.Findings, 1)
			assert.Equal(t, "reach-can-be-told", s.Findings[0].Rule)
			assert.True(t, s.Findings[0].New)
			assert.Equal(t, review.Review, s.Verdict())
		})
	}
}
