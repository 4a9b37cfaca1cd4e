package config

import "time"

// SecretSource says where secret values come from.
type SecretSource string

// The sources of secret values.
const (
	SourceGenerated SecretSource = "generated" // made by pulumi-random, kept encrypted in the state
	SourceInfisical SecretSource = "infisical" // read from Infisical
	SourceMasked    SecretSource = "masked"    // unknown values: for previews and renderings without access
	SourceFixed     SecretSource = "fixed"     // test values, for rendering only
	SourceStack     SecretSource = "stack"     // the stack file alone, under secretValues
)

// SecretSources lists every [SecretSource], in the order errors print them.
var SecretSources = []SecretSource{SourceGenerated, SourceInfisical, SourceStack, SourceMasked, SourceFixed}

// SecretDelivery says who writes the Secrets of the namespace.
type SecretDelivery string

// The ways in which secret values reach the cluster.
const (
	DeliveryPulumi   SecretDelivery = "pulumi"   // this program writes Secrets
	DeliveryOperator SecretDelivery = "operator" // the Infisical operator writes them, and this program what tells it how
)

// SecretDeliveries lists every [SecretDelivery], in the order errors print them.
var SecretDeliveries = []SecretDelivery{DeliveryPulumi, DeliveryOperator}

// Secrets chooses the source of secret values and who delivers them.
type Secrets struct {
	Source    SecretSource   `key:"source"`
	Delivery  SecretDelivery `key:"delivery"` // default pulumi
	Infisical Infisical      `key:"infisical"`
}

// Infisical says where a stack's values are kept. The credentials to read them
// with come from the environment of the program alone: [InfisicalClientID] and
// [InfisicalClientSecret], or [InfisicalToken].
type Infisical struct {
	URL            string                 `key:"url"`            // of the server, https, without /api
	Project        string                 `key:"project"`        // its ID, a UUID
	Environment    string                 `key:"environment"`    // its slug there, such as prod
	Path           string                 `key:"path"`           // folder that holds one folder a Secret; default /
	CACertificate  string                 `key:"caCertificate"`  // file of PEM; empty means the system's authorities
	AttemptTimeout time.Duration          `key:"attemptTimeout"` // for one request; default 10s, or timeout if that is less
	Timeout        time.Duration          `key:"timeout"`        // for all of them, retries included; default 45s, at most 10m
	Values         map[string]SecretPlace `key:"values"`         // exceptions, by SECRET/KEY
	Auth           InfisicalAuth          `key:"auth"`           // how the operator logs in; for that delivery alone
}

// InfisicalAuth names the resource InfisicalAuth of the operator, which whoever
// runs the cluster makes: it holds the identity, so it is no part of a stack.
type InfisicalAuth struct {
	Name      string `key:"name"`      // needed by the operator
	Namespace string `key:"namespace"` // that it lies in; needed by the operator
}

// SecretPlace is where one value is kept that is not where it is expected, or
// that may be missing. One place serves two values only where that is meant:
// where each of them, but for one, says both path and name.
type SecretPlace struct {
	Path     string `key:"path"`     // folder, from the root of the project on; default that of its Secret
	Name     string `key:"name"`     // default the key of its Secret
	Optional bool   `key:"optional"` // empty where it is missing; not for passwords, keys and what Kubernetes parses
}

// The variables of the environment that credentials for Infisical come from:
// a pair for universal auth, or an access token in its place.
const (
	InfisicalClientID     = "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID"
	InfisicalClientSecret = "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET"
	InfisicalToken        = "INFISICAL_TOKEN"
)

// SecretValue is one value that a stack needs from its secret source: where it
// goes, where Infisical keeps it, and what form it has.
type SecretValue struct {
	Secret string // the Kubernetes Secret that will hold it, such as backend-secrets
	Key    string // its key there, such as SECRET_KEY

	Path     string // its folder in Infisical, absolute
	Name     string // its name in that folder
	Optional bool   // empty where the source has none

	Format    CredentialFormat
	MinLength int // characters; 0 means that it must not be empty
	Length    int // characters, where the source makes the value up; 0 means 32
}

// MadeLength is how many characters a made-up value has: with 62 letters and
// digits to draw from, 32 hold 190 bits.
func (v SecretValue) MadeLength() int {
	if v.Length == 0 {
		return 32
	}
	return v.Length
}

// String is NAME/KEY, as messages name a secret. It never holds the value.
func (v SecretValue) String() string { return v.Secret + "/" + v.Key }
