package engine

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"platform/tools/images"
)

// standInsFile is where the embedded cluster of the stack keeps the names of
// the images that were made here, for whoever shows what it runs later.
func (s *Session) standInsFile() string { return filepath.Join(s.clusterDir(), "stand-ins.json") }

// keepStandIns writes it.
func (s *Session) keepStandIns(names []string) error {
	text, err := json.MarshalIndent(names, "", "  ")
	if err == nil {
		err = os.MkdirAll(s.clusterDir(), 0o700)
	}
	if err == nil {
		err = os.WriteFile(s.standInsFile(), text, 0o600)
	}
	if err != nil {
		return fmt.Errorf("stand-ins of stack %s: %w", s.Stack, err)
	}
	return nil
}

// standsIn reports whether an image is one of them. Where nobody has kept any, as
// with simulated nodes and on other clusters, none is.
func (s *Session) standsIn() func(ref string) bool {
	names := s.keptStandIns()
	return func(ref string) bool {
		name, err := images.Name(ref)
		return err == nil && slices.Contains(names, name)
	}
}

// keptStandIns are the names that were kept; none where nobody has.
func (s *Session) keptStandIns() []string {
	var names []string
	text, err := os.ReadFile(s.standInsFile())
	if !s.cluster || err != nil || json.Unmarshal(text, &names) != nil {
		return nil
	}
	return names
}
