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
		"planned alone":            {planned, nil},
		"killed within a sentence": {pre("update", "web") + `{"resOutp`, []string{"web"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := logOf(t, tc.log).unfinished()
			require.NoError(t, err)
			assert.ElementsMatch(t, tc.want, got)
		})
	}
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
	require.Error(t, err, "what is judged is whole")
}
