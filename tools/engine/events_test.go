package engine

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pre and after are the engine's events before and after a step of a resource.
func pre(op, urn string) string {
	return `{"resourcePreEvent":{"metadata":{"op":"` + op + `","urn":"` + urn + `"}}}` + "\n"
}

func after(op, urn string) string {
	return `{"resOutputsEvent":{"metadata":{"op":"` + op + `","urn":"` + urn + `"}}}` + "\n"
}

func TestUnfinished(t *testing.T) {
	failed := `{"resOpFailedEvent":{"metadata":{"op":"update","urn":"web"},"status":0,"steps":3}}` + "\n"
	planned := `{"resourcePreEvent":{"metadata":{"op":"update","urn":"web"},"planning":true}}` + "\n"
	for name, tc := range map[string]struct {
		log  string
		want []string
	}{
		"nothing":                  {"", nil},
		"all done":                 {pre("update", "web") + after("update", "web"), nil},
		"cancelled":                {pre("same", "ns") + pre("update", "web") + pre("update", "db") + after("update", "db") + failed, []string{"web"}},
		"of several":               {pre("update", "web") + pre("update", "db") + failed, []string{"web", "db"}},
		"a creation":               {pre("create", "web"), nil}, // which is no resource of the state
		"a deletion":               {pre("delete", "web"), []string{"web"}},
		"planned alone":            {planned, nil},
		"killed within a sentence": {pre("update", "web") + `{"resOutp`, []string{"web"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := logOf(t, tc.log).unfinished()
			require.NoError(t, err)
			assert.ElementsMatch(t, tc.want, got.changed)
		})
	}
}

// What was being created may be in the cluster, and what is retained is.
func TestUnfinishedMayBeLost(t *testing.T) {
	step := func(event, op, urn, kind, more string) string {
		side := map[string]string{"create": "new", "create-replacement": "new", "delete": "old"}[op]
		return `{"` + event + `":{"metadata":{"op":"` + op + `","urn":"` + urn + `","` + side + `":{"urn":"` + urn + `","type":"` + kind + `","inputs":{"kind":"X","metadata":{"name":"` + urn + `"}}` + more + `}}}}` + "\n"
	}
	const object = "kubernetes:core/v1:Secret"
	left, err := logOf(t, step("resourcePreEvent", "create", "begun", object, "")+
		step("resourcePreEvent", "create-replacement", "replacing", object, "")+
		step("resourcePreEvent", "create", "value", "random:index/randomPassword:RandomPassword", "")+
		step("resourcePreEvent", "create", "done", object, "")+step("resOutputsEvent", "create", "done", object, "")+
		step("resOutputsEvent", "delete", "deleted", object, "")+
		step("resOutputsEvent", "delete", "retained", object, `,"retainOnDelete":true`)).unfinished()
	require.NoError(t, err)
	assert.Empty(t, left.changed)
	var lost []string
	for _, resource := range left.lost {
		lost = append(lost, wanted(resource).GetName())
	}
	assert.Equal(t, []string{"begun", "replacing", "retained"}, lost)
}

func TestCauseIsNoEcho(t *testing.T) {
	failure := func(message string) string {
		return `{"diagnosticEvent":{"severity":"error","message":"` + message + `"}}` + "\n"
	}
	const echoes = "failed to run policy: rpc error: code = Canceled desc = context canceled"
	for name, tc := range map[string]struct{ log, want string }{
		"nothing":      {"", ""},
		"echoes alone": {failure(echoes) + failure("update failed"), ""},
		"in a list":    {failure("<{%reset%}>an unhandled error occurred: program failed:\\n2 errors occurred:\\n\\t* platform:cluster.context: wrong\\n\\t* more"), "platform:cluster.context: wrong"},
		"behind one":   {failure("<{%reset%}>error: "+echoes) + failure("<{%reset%}>error: it does not fit\\nand more") + failure("update failed"), "it does not fit"},
	} {
		assert.Equal(t, tc.want, logOf(t, tc.log).cause(), name)
	}
}

func TestInterruptedByAKey(t *testing.T) {
	assert.False(t, logOf(t, pre("update", "web")).interrupted())
	assert.True(t, logOf(t, `{"stdoutEvent":{"message":"^C received; cancelling. If you would like to terminate immediately, press ^C again.\n","color":"always"}}`).interrupted())
}

func TestUnfinishedOfAWrongLog(t *testing.T) {
	log := logOf(t, "no JSON")
	_, err := log.unfinished()
	require.ErrorContains(t, err, "log of events")
	require.NoError(t, os.Remove(log.path()))
	got, err := log.unfinished()
	require.NoError(t, err, "a command that began nothing writes none")
	assert.Empty(t, got)
}

func TestStepsOfACutLog(t *testing.T) {
	_, err := logOf(t, pre("update", "web")+`{"resOutp`).steps()
	require.Error(t, err, "what is checked is whole")
}

// On a terminal the CLI writes errors where it draws, which nobody reads but the
// user: the log of events has them, too.
func TestErrorsOfTheEngineHint(t *testing.T) {
	log, err := newEventLog()
	require.NoError(t, err)
	t.Cleanup(log.remove)
	assert.Empty(t, log.errors(), "nothing was logged")
	require.NoError(t, os.WriteFile(log.path(), []byte(`{"diagnosticEvent": {"message": "already exists, but that is fine", "severity": "info"}}
{"diagnosticEvent": {"message": "secrets \"redis-auth\" already exists", "severity": "error"}}
{"diagnosticEvent": {"mess`), 0o600))
	assert.Equal(t, "secrets \"redis-auth\" already exists\n", log.errors())
	w := &watch{hints: []advice{{"currently locked by", "wait"}, {"already exists", "recover"}}}
	w.look(log.errors())
	assert.Equal(t, "recover", w.hint)
}

func TestAdviceOfAStateThatRefersToWhatIsGone(t *testing.T) {
	w := &watch{hints: (&Session{Stack: "dev"}).advice()}
	w.look("error: failed to save snapshot: dev.json: snapshot integrity failure; it was already written, but is invalid")
	assert.Equal(t, "its state refers to what is gone: make recover STACK=dev repairs it", w.hint)
}

func TestPhase(t *testing.T) {
	const (
		prelude = `{"preludeEvent":{"config":null}}` + "\n"
		planned = `{"summaryEvent":{"isPreview":true}}` + "\n"
		done    = `{"summaryEvent":{"isPreview":false}}` + "\n"
		cancel  = `{"cancelEvent":{}}` + "\n"
	)
	for name, tc := range map[string]struct {
		log  string
		want phase
	}{
		"it starts":                {"", starting},
		"it writes a first event":  {`{"prelu`, starting},
		"it runs":                  {prelude + pre("create", "web"), running},
		"it writes an event":       {prelude + `{"resOutp`, running},
		"it has planned":           {prelude + planned, running},
		"it asks":                  {prelude + planned + cancel, running},
		"it does what was planned": {prelude + planned + cancel + prelude, running},
		"it is done":               {prelude + planned + cancel + prelude + done, finishing},
		"it writes the state":      {prelude + done + cancel, finishing},
		"it failed to begin":       {prelude + cancel, running},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tc.want, logOf(t, tc.log).phase()) })
	}
}
