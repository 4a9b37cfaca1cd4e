package engine

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// secretShown is what the engine shows in the place of a secret value.
const secretShown = "[secret]"

// shortestBare is the length from which on a value is masked wherever it
// stands; a shorter one only in quotes, for it may be part of any word.
const shortestBare = 6

// mask holds a diff back until it is known which values in it are secret. The
// engine masks what is marked secret, each side of a change on its own: where a
// plain value becomes secret it prints the old one in clear, and where a secret
// one becomes plain, the new one (pulumi/pulumi#9330).
type mask struct {
	out    io.Writer
	events *eventLog
	held   bytes.Buffer
}

// Write takes part of a diff.
func (m *mask) Write(text []byte) (int, error) { return m.held.Write(text) }

// Close writes the diff. Without the log of events it shows nothing of it.
func (m *mask) Close() error {
	steps, err := m.events.steps()
	if err != nil {
		return fmt.Errorf("the diff is held back, for it may show secret values: %w", err)
	}
	_, err = masking(steps).WriteString(m.out, m.held.String())
	return err
}

// masking replaces every value that is secret on the other side of a change.
func masking(steps []apitype.StepEventMetadata) *strings.Replacer {
	var pairs []string
	for _, step := range steps {
		if step.Old == nil || step.New == nil {
			continue
		}
		for _, value := range append(halfSecret(step.Old.Inputs, step.New.Inputs), halfSecret(step.Old.Outputs, step.New.Outputs)...) {
			pairs = append(pairs, strconv.Quote(value), strconv.Quote(secretShown))
			for _, line := range strings.Split(value, "\n") {
				if len(line) >= shortestBare {
					pairs = append(pairs, line, secretShown)
				}
			}
		}
	}
	return strings.NewReplacer(pairs...)
}

// halfSecret are the plain texts of one value that are secret in the other.
func halfSecret(a, b any) []string {
	switch {
	case isSecret(a) && isSecret(b):
		return nil
	case isSecret(a):
		return texts(b)
	case isSecret(b):
		return texts(a)
	}
	var found []string
	switch a := a.(type) {
	case map[string]any:
		other, _ := b.(map[string]any)
		for key, value := range a {
			found = append(found, halfSecret(value, other[key])...)
		}
	case []any:
		other, _ := b.([]any)
		for i := range min(len(a), len(other)) {
			found = append(found, halfSecret(a[i], other[i])...)
		}
	}
	return found
}

// isSecret tells whether a value of the log is a masked one, in either of the
// forms that it has there.
func isSecret(value any) bool {
	wrapped, _ := value.(map[string]any)
	return value == secretShown || wrapped[wrapKey] == secretWrap
}

// texts are all texts and numbers in a value.
func texts(value any) []string {
	switch v := value.(type) {
	case nil, bool:
		return nil
	case map[string]any:
		var found []string
		for _, inner := range v {
			found = append(found, texts(inner)...)
		}
		return found
	case []any:
		var found []string
		for _, inner := range v {
			found = append(found, texts(inner)...)
		}
		return found
	case string:
		if v == "" {
			return nil
		}
		return []string{v}
	default:
		return []string{fmt.Sprint(v)}
	}
}
