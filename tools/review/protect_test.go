package review_test

import (
	"bytes"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/tools/review"
)

// What the engine keeps because it is protected is a refusal that names it, and
// not a plan that is missing. The logs are those of previews of the stack prod
// in which claims get another storage class or leave the program.
func TestProtectionIsARefusal(t *testing.T) {
	const namespace = "PersistentVolumeClaim/co2-calculator-prod/"
	const class, both = "spec.storageClassName cannot change in place", "a waiver names it and its protection is off"
	for name, c := range map[string]struct {
		want    []review.Risk
		stopped bool
	}{
		"protected-replaced": {want: []review.Risk{
			{Object: namespace + "db-dump-archives", Op: review.OpReplace, Why: class, Loses: "its data go with it", Refused: true, Until: both},
			{Object: namespace + "redis-data", Op: review.OpReplace, Why: class, Loses: "its data go with it", Refused: true, Until: both},
			{Object: "Deployment/co2-calculator-prod/redis", Op: review.OpReplace, Loses: "what it serves stops; its claim redis-data goes with its data"},
		}},
		"protected-chain": {stopped: true, want: []review.Risk{
			{Object: "PersistentVolumeClaim/postgres", Op: review.OpReplace, Loses: "its data go with it", Refused: true, Until: both},
			{Object: "StatefulSet/postgres", Op: review.OpReplace, Why: "it is replaced with PersistentVolumeClaim/postgres", Loses: "what it runs stops, and another does not follow by itself", Refused: true, Until: both},
		}},
		"protected-removed": {stopped: true, want: []review.Risk{
			{Object: namespace + "db-dump-archives", Op: review.OpForget, Loses: "nothing; it would stay in the cluster, and nobody would manage it", Refused: true, Until: "its protection is off"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			p := planOf(t, events(t, name))
			p.Failure = "pulumi preview: exit status 1\n    error: unable to replace resource \"urn:pulumi:prod::a::b::c\"\n    as it is currently marked for protection"
			s, err := review.New(p)
			require.NoError(t, err)
			assert.Empty(t, s.Error)
			assert.Equal(t, c.want, s.Risks)
			assert.Equal(t, c.stopped, s.Stopped)
			assert.Equal(t, []review.Verdict{review.Refused}, s.Verdicts())
			assert.Equal(t, c.stopped, s.Capacity == nil, "sums of a part are wrong")
		})
	}
}

// A waiver does not outdo protection.
func TestAWaiverLeavesProtection(t *testing.T) {
	p := planOf(t, events(t, "protected-replaced"))
	p.Config.Shared().Waivers = []config.Waiver{{Resource: "PersistentVolumeClaim/co2-calculator-prod/redis-data", Change: config.WaiveReplace, Reason: "only a queue"}}
	s, err := review.New(p)
	require.NoError(t, err)
	assert.Equal(t, review.Risk{
		Object: "PersistentVolumeClaim/co2-calculator-prod/redis-data", Op: review.OpReplace, Why: "spec.storageClassName cannot change in place", Loses: "its data go with it",
		Waived: "only a queue", Refused: true, Until: "its protection is off",
	}, s.Risks[1])
}

// Another error is reported beside the refusal.
func TestAErrorBesideProtection(t *testing.T) {
	log := events(t, "protected-replaced")
	p := planOf(t, append(written(t, apitype.EngineEvent{DiagnosticEvent: &apitype.DiagnosticEvent{Severity: "error", Message: "no disk"}}), log...))
	s, err := review.New(p)
	require.NoError(t, err)
	assert.Equal(t, "no disk", s.Error)
	assert.Equal(t, []review.Verdict{review.Failed, review.Refused}, s.Verdicts())
	cut, err := review.New(planOf(t, log[:bytes.LastIndex(log, []byte(`"summaryEvent"`))]))
	require.NoError(t, err)
	assert.Equal(t, review.Failed, cut.Verdict(), "the log ends early")
}
