package review_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/pack"
	"platform/policy/rules"
	"platform/tools/review"
)

// imaged is a Deployment with an image of somebody else's and with a second
// port of the same name as its Service may have.
func imaged(image string) string { return workload("", "image: "+image, "") }

// saying is the log of a preview in which a rule says something of a resource.
func saying(t *testing.T, event apitype.PolicyEvent, steps ...apitype.StepEventMetadata) review.Section {
	t.Helper()
	log := append(written(t, apitype.EngineEvent{PolicyEvent: &event}), logOf(t, steps...)...)
	s, err := review.New(planOf(t, log))
	require.NoError(t, err)
	return s
}

func TestNewFindingsAreToldFromOldOnes(t *testing.T) {
	// Of each kind one rule of the pack itself, so that the words are its own.
	const digest, quota = "foreign-image-has-digest", "autoscaler-has-its-target"
	rule := func(name string) pack.Rule {
		for _, r := range rules.All() {
			if r.Name == name {
				return r
			}
		}
		t.Fatalf("the pack has no rule %s", name)
		return pack.Rule{}
	}
	deployment := func(op apitype.OpType, old, now string) apitype.StepEventMetadata {
		return one(t, op, deployments, "api", old, now)
	}
	said := func(step apitype.StepEventMetadata, name, about, why string) apitype.PolicyEvent {
		return apitype.PolicyEvent{
			ResourceURN: step.URN, PolicyName: name, PolicyPackName: "platform", PolicyPackVersion: "1.0.0", EnforcementLevel: "advisory", Severity: "medium",
			Message: about + ": " + why + "; " + rule(name).Remedy + "; " + rule(name).Reference + "\n",
		}
	}
	const subject = "Deployment/api container api, spec.template.spec.containers[0].image"
	const words = "docker.io/library/redis is somebody else's, and its tag may move"
	changed := deployment(apitype.OpUpdate, imaged("docker.io/library/redis:1"), imaged("docker.io/library/redis:2"))
	fresh := deployment(apitype.OpUpdate, imaged("docker.io/eddisonso/a:1"), imaged("docker.io/library/redis:2"))
	created := deployment(apitype.OpCreate, "", imaged("docker.io/library/redis:2"))
	stays := deployment(apitype.OpSame, imaged("docker.io/library/redis:1"), imaged("docker.io/library/redis:1"))
	other := one(t, apitype.OpUpdate, "core/v1:ConfigMap", "x", "{a: x}", "{a: z}")
	another := said(changed, digest, subject, words)
	another.PolicyPackName = "somebody-elses"
	for name, c := range map[string]struct {
		event apitype.PolicyEvent
		steps []apitype.StepEventMetadata
		new   bool
	}{
		"there before":               {said(changed, digest, subject, words), []apitype.StepEventMetadata{changed}, false},
		"not there before":           {said(fresh, digest, subject, words), []apitype.StepEventMetadata{fresh}, true},
		"of a new object":            {said(created, digest, subject, words), []apitype.StepEventMetadata{created}, true},
		"of an object that stays":    {said(stays, digest, subject, words), []apitype.StepEventMetadata{stays, other}, false},
		"where nothing changes":      {said(stays, quota, "Deployment/api", "whatever"), []apitype.StepEventMetadata{stays}, false},
		"of the stack, object stays": {said(stays, quota, "Deployment/api", "whatever"), []apitype.StepEventMetadata{stays, other}, true},
		"other words":                {said(changed, digest, subject, "docker.io/library/other is somebody else's, and its tag may move"), []apitype.StepEventMetadata{changed}, true},
		"another place":              {said(changed, digest, strings.Replace(subject, "[0]", "[1]", 1), words), []apitype.StepEventMetadata{changed}, true},
		"of another pack":            {another, []apitype.StepEventMetadata{changed}, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := saying(t, c.event, c.steps...)
			require.NotEmpty(t, s.Findings)
			assert.Equal(t, c.new, s.Findings[0].New)
			assert.Equal(t, "Deployment/core/api", s.Findings[0].Object)
			assert.Equal(t, strings.TrimSpace(c.event.Message), s.Findings[0].Text)
			assert.Equal(t, "medium", s.Findings[0].Severity)
			assert.False(t, s.Findings[0].Mandatory)
		})
	}
}

func TestFindingsAreToldOnce(t *testing.T) {
	event := apitype.PolicyEvent{PolicyName: "r", EnforcementLevel: "mandatory", Message: "\x1b[31ma\n  b\x1b[0m\n", ResourceURN: "urn:pulumi:k3s-local::platform::pulumi:pulumi:Stack::platform-k3s-local"}
	log := append(written(t, apitype.EngineEvent{PolicyEvent: &event}, apitype.EngineEvent{PolicyEvent: &event}), logOf(t)...)
	s, err := review.New(planOf(t, log))
	require.NoError(t, err)
	assert.Equal(t, []review.Finding{{Rule: "r", Mandatory: true, Text: "a b"}}, s.Findings)
	assert.Equal(t, review.Refused, s.Verdict())
}
