package engine

import (
	"bytes"
	"fmt"
	"io"

	"platform/policy/secret"
)

// mask holds a diff back until it is known which values in it are secret on one
// side of a change alone: of these the engine shows the other side. What it
// writes to knows them from then on.
type mask struct {
	out    io.Writer
	events *eventLog
	known  *secret.Known
	wait   func() // until the values of the state are known
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
	for _, step := range steps {
		if step.Old != nil && step.New != nil {
			m.known.Add(secret.PlacesOf(step.Old, step.New).Halves(step.Old, step.New)...)
		}
	}
	m.wait()
	_, err = io.WriteString(m.out, m.known.Hide(m.held.String()))
	return err
}
