package infisical

import (
	"context"

	"platform/config"
	"platform/tests/infisicaltest"
)

// The traps of the SDK and of the server: success that is not success. Each
// has a test of its own, under the number that the decision record gives it, in
// the files trap_*_test.go.

// one asks for a single value of a folder.
func one(s *infisicaltest.Server, path, name string) (*Result, error) {
	return in(s, "prod", path, name)
}

func in(s *infisicaltest.Server, environment, path, name string) (*Result, error) {
	c := settings(s)
	c.Environment = environment
	values := []config.SecretValue{{Secret: "x", Key: "y", Path: path, Name: name}}
	return read(context.Background(), "prod", c, values, universal(), quick)
}
