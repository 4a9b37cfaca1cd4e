// Package infisicaltest is a double of an Infisical server for tests: log-in,
// list, retrieval, renewal, revocation and status over TLS on the loopback
// interface. It answers as two generations of the server do, with their traps,
// and can be told to misbehave.
package infisicaltest

import "time"

// Generation is which server is doubled.
type Generation int

// The generations: one was recorded, the other follows the server's source.
const (
	Generation2024 Generation = iota // of October 2024
	Generation2025                   // of late 2025: other statuses, lock-outs, masked values
)

// What [Simple] fills a world with.
const (
	ProjectID    = "25f3d5b9-b28f-41bf-a041-5ff2c322ffa1"
	ProjectSlug  = "homelab-test"
	ClientID     = "a4f2d7dc-2e33-4c15-bdaa-3329f4263ea0"
	ClientSecret = "test-client-secret-reader"
)

// World is what the server keeps, and how it is reached.
type World struct {
	Generation Generation
	Projects   []Project
	Identities []Identity

	ListsPerMinute  int // the rate limit of lists and retrievals; 0 means none
	LoginsPerMinute int // that of log-ins, renewals and revocations; 0 means none

	Hosts         []string // further names of the certificate, besides 127.0.0.1 and localhost
	OtherName     bool     // the certificate has none of those names
	Expired       bool     // the certificate has expired
	MaxTLSVersion uint16   // default: the newest
}

// Project is one project. Its environments exist by being listed.
type Project struct {
	ID           string
	Slug         string
	Environments []string
	Folders      []Folder // the root of an environment is there anyway
}

// Folder is one folder of one environment. The folders above it exist too.
type Folder struct {
	Environment string
	Path        string // absolute, without a slash at its end
	Secrets     []Secret
	Imports     []Import
}

// Secret is one secret.
type Secret struct {
	ID       string // default: made from its place; lists are sorted by it
	Key      string
	Value    string
	Comment  string
	Metadata map[string]string // shown by Generation2025
	Hidden   bool              // the value is masked
}

// Import is another folder whose secrets a folder shows too.
type Import struct {
	Environment string
	Path        string
}

// Identity is one machine identity with universal auth.
type Identity struct {
	ClientID     string
	ClientSecret string
	Grants       []Grant
	TokenTTL     time.Duration // default 1 hour
	TokenMaxTTL  time.Duration // default 2 hours

	SecretExpired bool // its client secret has expired
	SecretUsedUp  bool // its client secret has been used as often as it may
}

// Grant is an identity's membership in a project.
type Grant struct {
	Project      string   // ID
	Environments []string // that it may read; nil means all, also those that do not exist
	Paths        []string // that it may read, with all below; nil means all
	NoSecrets    bool     // it may read no secrets at all
}
