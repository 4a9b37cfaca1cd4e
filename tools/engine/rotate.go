package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"platform/config"
)

// superusers are the values that a database keeps itself: a new one in the
// Secret alone would lock everybody out.
var superusers = []string{"postgres-credentials/admin-password", "postgres-credentials/POSTGRES_PASSWORD"}

// CheckRotation is an error where [Session.Rotate] would refuse the secret. It
// makes nothing, so that a misspelt name costs no time.
func CheckRotation(opts Options, secret string) error {
	s, err := prepare(opts)
	if err != nil {
		return err
	}
	_, err = s.rotated(secret)
	return err
}

// Rotate has one generated value made again, named SECRET/KEY, or all of a
// Secret, and brings it to what reads it, in one deployment.
func (s *Session) Rotate(ctx context.Context, secret string, args ...string) error {
	values, err := s.rotated(secret)
	if err != nil {
		return err
	}
	for _, value := range values {
		fmt.Fprintf(s.out, "%s gets a new value\n", value)
		args = append(args, "--replace", generatedURN(s.Stack, value))
	}
	return s.Up(ctx, args...)
}

// rotated are the values that a name stands for. The error of a name that
// stands for none lists those that there are.
func (s *Session) rotated(secret string) ([]config.SecretValue, error) {
	all := s.Config.SecretValues()
	var found []config.SecretValue
	var names []string
	for _, value := range all {
		names = append(names, value.String())
		if value.String() == secret || value.Secret == secret {
			found = append(found, value)
		}
	}
	switch {
	case secret == "":
		return nil, fmt.Errorf("no secret is named; choose one with SECRET=, of\n  %s", strings.Join(names, "\n  "))
	case len(found) == 0:
		return nil, fmt.Errorf("stack %s has no secret %s; it has\n  %s", s.Stack, secret, strings.Join(names, "\n  "))
	}
	if err := s.generates(found); err != nil {
		return nil, err
	}
	for _, value := range found {
		if slices.Contains(superusers, value.String()) {
			return nil, fmt.Errorf("%s is the password of PostgreSQL's superuser, which the database has to be told by hand: "+
				"docs/operations.md, \"The superuser's password\", has the three steps", value)
		}
	}
	return found, nil
}

// generates is an error where the values are not this stack's to make.
func (s *Session) generates(values []config.SecretValue) error {
	shared := s.Config.Shared()
	cfg := shared.Secrets
	for _, value := range values {
		if _, given := shared.StackSecret(value); given || cfg.Source == config.SourceStack {
			return fmt.Errorf("%s is in %s: set another one with %s, then run %s",
				value, stackFile(s.Stack), config.SetSecret(value.String()), s.makeLine("up"))
		}
	}
	if cfg.Source == config.SourceGenerated {
		return nil
	}
	var places []string
	for _, value := range values {
		places = append(places, fmt.Sprintf("%s/%s", strings.TrimSuffix(value.Path, "/"), value.Name))
	}
	then := "run " + s.makeLine("up")
	if cfg.Delivery == config.DeliveryOperator {
		then = "wait for the operator"
	}
	return fmt.Errorf("stack %s has its values from %q, where they are changed: give %s a new value there, then %s",
		s.Stack, cfg.Source, strings.Join(places, " and "), then)
}
