package engine

import "path/filepath"

// program is what the engine asks for the resources.
func (s *Session) program() executable {
	return executable{
		what: "the program", path: filepath.Join(s.root, "bin", "platform"), source: ".",
		parts: []string{"go.mod", "go.sum", "main.go", "stacks", "components", "config"},
	}
}
