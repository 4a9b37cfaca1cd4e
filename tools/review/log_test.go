package review_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review"
)

// TestLogsThatAreNoneAreNeverSafe takes what jobs that died leave behind.
func TestLogsThatAreNoneAreNeverSafe(t *testing.T) {
	whole := logOf(t, one(t, apitype.OpUpdate, claims, "a", "{spec: {resources: {requests: {storage: 1Gi}}}}", "{spec: {resources: {requests: {storage: 2Gi}}}}"))
	lines := bytes.SplitAfter(whole, []byte("\n"))
	for name, c := range map[string]struct {
		log     []byte
		want    string
		changes int
	}{
		"empty":            {nil, "the log of events is empty", 0},
		"blank":            {[]byte("\n \n"), "the log of events is empty", 0},
		"no JSON":          {[]byte("error: no such stack\n"), "the log of events is no JSON from event 1 on", 0},
		"another document": {[]byte(`[1, 2]`), "the log of events is no JSON from event 1 on", 0},
		"of a wrong type":  {[]byte(`{"resourcePreEvent": {"metadata": {"op": 5}}}`), "the log of events is no JSON from event 1 on", 0},
		"cut in an event":  {whole[:len(whole)-10], "the log of events is no JSON from event 2 on", 1},
		"cut between two":  {lines[0], "the log of events ends before the preview did", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := review.New(planOf(t, c.log))
			require.NoError(t, err)
			assert.Contains(t, s.Error, c.want)
			assert.Contains(t, s.Error, "run the preview again with --event-log", "the remedy")
			assert.Len(t, s.Changes, c.changes, "what is known all the same")
			assert.NotEqual(t, review.Safe, s.Verdict())
			assert.Empty(t, s.Capacity, "sums of a part are wrong")
		})
	}
}

func TestPlansThatAreNone(t *testing.T) {
	p := planOf(t, nil)
	p.Events = iotest.ErrReader(errors.New("disk on fire"))
	_, err := review.New(p)
	assert.ErrorContains(t, err, "log of events: disk on fire")
	p.Events = io.MultiReader(strings.NewReader("{}"), iotest.ErrReader(errors.New("disk on fire")))
	_, err = review.New(p)
	assert.ErrorContains(t, err, "disk on fire")
	for name, change := range map[string]func(*review.Plan){
		"stack": func(p *review.Plan) { p.Stack = "" }, "log": func(p *review.Plan) { p.Events = nil }, "configuration": func(p *review.Plan) { p.Config = nil },
	} {
		p := planOf(t, nil)
		change(&p)
		_, err := review.New(p)
		assert.ErrorContains(t, err, name)
	}
}

func TestErrorsAreToldOnceAndReadable(t *testing.T) {
	diagnostic := func(severity, message string) apitype.EngineEvent {
		return apitype.EngineEvent{DiagnosticEvent: &apitype.DiagnosticEvent{Severity: severity, Message: message}}
	}
	failed := apitype.EngineEvent{SummaryEvent: &apitype.SummaryEvent{Result: apitype.OperationResultFailed}}
	mandatory := apitype.EngineEvent{PolicyEvent: &apitype.PolicyEvent{PolicyName: "r", EnforcementLevel: "mandatory", Message: "no"}}
	for name, c := range map[string]struct {
		events  []apitype.EngineEvent
		failure string
		want    string
	}{
		"colors":         {[]apitype.EngineEvent{diagnostic("error", "<{%fg 1%}>bad<{%reset%}> \x1b[31mthing\x1b[0m\a\u202e!\n"), failed}, "", "bad thing!"},
		"titles":         {[]apitype.EngineEvent{diagnostic("error", "\x1b]0;title\x07a\tb\r\n"), failed}, "", "a b"},
		"once":           {[]apitype.EngineEvent{diagnostic("error", "one\n"), diagnostic("error", "one"), diagnostic("error", "two\nlines"), failed}, "", "one\ntwo\nlines"},
		"others":         {[]apitype.EngineEvent{diagnostic("warning", "mind"), diagnostic("info", "so"), failed}, "", "the preview failed and the log does not say why; run make preview"},
		"of the engine":  {[]apitype.EngineEvent{{ErrorEvent: &apitype.ErrorEvent{Error: "panic"}}, failed}, "", "panic"},
		"of the command": {[]apitype.EngineEvent{diagnostic("error", "one"), diagnostic("error", "two"), failed}, "pulumi: one\n", "pulumi: one\ntwo"},
		"refused":        {[]apitype.EngineEvent{mandatory, diagnostic("error", "preview failed\n"), failed}, "", ""},
		"refused aloud":  {[]apitype.EngineEvent{mandatory, diagnostic("error", "preview failed\n"), failed}, "pulumi preview: exit status 1\nPolicies: no", ""},
		"refused, too":   {[]apitype.EngineEvent{mandatory, diagnostic("error", "preview failed\n"), diagnostic("error", "no disk"), failed}, "", "no disk"},
	} {
		t.Run(name, func(t *testing.T) {
			p := planOf(t, written(t, c.events...))
			p.Failure = c.failure
			s, err := review.New(p)
			require.NoError(t, err)
			assert.Equal(t, c.want, s.Error)
			verdict := review.Failed
			if c.want == "" {
				verdict = review.Refused
			}
			assert.Equal(t, verdict, s.Verdict())
		})
	}
}
