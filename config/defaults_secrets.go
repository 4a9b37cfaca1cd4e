package config

import (
	"reflect"
	"time"
)

// The defaults of where secret values are kept. Server, project and
// environment have none: guessed, they would be somebody else's.
const (
	// DefaultSecretDelivery needs nothing in the cluster.
	DefaultSecretDelivery = DeliveryPulumi
	// DefaultInfisicalPath is the root of a project.
	DefaultInfisicalPath = "/"
	// DefaultInfisicalAttempt is long for one answer, and leaves room for two
	// more attempts. Servers whose database hangs keep a request for 30 s.
	DefaultInfisicalAttempt = 10 * time.Second
	// DefaultInfisicalTimeout is what a preview may spend on secrets, retries
	// included, before it says that the server does not answer.
	DefaultInfisicalTimeout = 45 * time.Second
)

// applyDefaults leaves settings of Infisical alone where nobody asks for any:
// filled in, they would look as if somebody had.
func (s *Secrets) applyDefaults() {
	setDefault(&s.Delivery, DefaultSecretDelivery)
	if s.asksInfisical() {
		s.Infisical.applyDefaults()
	}
}

// asksInfisical reports whether the settings of Infisical must be whole: where
// values come from it, where its operator delivers them, and where settings
// are kept for the day they are needed, beneath another source.
func (s Secrets) asksInfisical() bool {
	return s.Source == SourceInfisical || s.Delivery == DeliveryOperator || !reflect.ValueOf(s.Infisical).IsZero()
}

func (i *Infisical) applyDefaults() {
	setDefault(&i.Path, DefaultInfisicalPath)
	setDefault(&i.Timeout, DefaultInfisicalTimeout)
	attempt := DefaultInfisicalAttempt
	if i.Timeout > 0 {
		attempt = min(attempt, i.Timeout)
	}
	setDefault(&i.AttemptTimeout, attempt)
}
