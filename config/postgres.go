package config

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
)

// PostgresMode says who runs the database.
type PostgresMode string

// The modes of the database.
const (
	PostgresStatefulSet PostgresMode = "statefulset" // this program runs it
	PostgresManaged     PostgresMode = "managed"     // a service elsewhere; only a connection is configured
)

// PostgresModes lists every [PostgresMode].
var PostgresModes = []PostgresMode{PostgresStatefulSet, PostgresManaged}

// Postgres configures the database.
type Postgres struct {
	Mode         PostgresMode      `key:"mode"` // default statefulset
	Image        string            `key:"image"`
	Resources    Resources         `key:"resources"`
	NodeSelector map[string]string `key:"nodeSelector"`
	StorageGiB   int               `key:"storageGiB"`
	StorageClass string            `key:"storageClass"`
	Database     string            `key:"database"` // default co2calculator
	User         string            `key:"user"`     // the application's role, which owns the database; default co2calculator
	Backup       Backup            `key:"backup"`
	Managed      Managed           `key:"managed"`
}

// Managed points at a database that somebody else runs.
type Managed struct {
	Host    string       `key:"host"`
	Port    int          `key:"port"`    // default 5432
	SSLMode string       `key:"sslMode"` // default verify-full
	CIDR    netip.Prefix `key:"cidr"`    // where the host's addresses lie, for the network policies
}

// SSLModes lists the libpq sslmode values that a managed database may have.
var SSLModes = []string{"require", "verify-ca", "verify-full"}

const (
	// DefaultPostgresMode runs the database in the cluster.
	DefaultPostgresMode = PostgresStatefulSet
	// DefaultDatabase is the name of the database.
	DefaultDatabase = "co2calculator"
	// DefaultUser is the role that owns the database.
	DefaultUser = "co2calculator"
	// DefaultManagedPort is PostgreSQL's own.
	DefaultManagedPort = 5432
	// DefaultSSLMode checks the certificate and the name of a managed database.
	DefaultSSLMode = "verify-full"
)

// applyDefaults leaves the settings of the other mode, and those of a backup
// that is off, as they are: filled in, they would look as if somebody had
// asked for them.
func (p *Postgres) applyDefaults() {
	setDefault(&p.Mode, DefaultPostgresMode)
	setDefault(&p.Database, DefaultDatabase)
	setDefault(&p.User, DefaultUser)
	if p.Backup.Enabled {
		setDefault(&p.Backup.Schedule, DefaultBackupSchedule)
		setDefault(&p.Backup.KeepDays, DefaultBackupKeepDays)
	}
	if p.Mode == PostgresManaged {
		setDefault(&p.Managed.Port, DefaultManagedPort)
		setDefault(&p.Managed.SSLMode, DefaultSSLMode)
	}
}

func (p Postgres) validate(into *collector) {
	const key = "postgres"
	into.identifier(key+".database", p.Database, DefaultDatabase)
	if into.identifier(key+".user", p.User, DefaultUser) && p.User == PostgresAdmin {
		into.add(key+".user", "choose another, such as "+DefaultUser, "%q is the superuser, and the application is none", p.User)
	}
	if !oneOf(into, key+".mode", p.Mode, PostgresModes) || !into.clean(key+".mode") {
		return // what belongs to it is not known
	}
	if p.Mode == PostgresManaged {
		p.refuseOwn(into, key)
		p.Managed.validate(into, key+".managed")
		return
	}
	if p.Managed != (Managed{}) {
		into.add(key+".managed", fmt.Sprintf("remove it or set %s.mode to %s", key, PostgresManaged),
			"it is set, and mode is %s", p.Mode)
	}
	into.image(key+".image", p.Image)
	into.resources(key+".resources", p.Resources)
	into.labels(key+".nodeSelector", p.NodeSelector)
	into.positive(key+".storageGiB", p.StorageGiB)
	if p.Backup.Enabled {
		p.Backup.validate(into, key+".backup")
	}
}

// refuseOwn reports what only a database of our own has.
func (p Postgres) refuseOwn(into *collector, key string) {
	for _, own := range []struct {
		field string
		set   bool
	}{
		{"image", p.Image != ""},
		{"resources", p.Resources != (Resources{})},
		{"nodeSelector", len(p.NodeSelector) != 0},
		{"storageGiB", p.StorageGiB != 0},
		{"storageClass", p.StorageClass != ""},
		{"backup.enabled", p.Backup.Enabled},
	} {
		if own.set {
			into.add(key+"."+own.field, "remove it", "it is set, and mode is %s: whoever runs the database sees to that", p.Mode)
		}
	}
}

func (m Managed) validate(into *collector, key string) {
	into.host(key+".host", m.Host, exampleHost)
	into.between(key+".port", m.Port, 1, 65535)
	oneOf(into, key+".sslMode", m.SSLMode, SSLModes)
	into.prefix(key+".cidr", m.CIDR)
}

// identifierBytes is the longest name that PostgreSQL keeps whole.
const identifierBytes = 63

// identifier is a PostgreSQL name that never needs quotes.
var identifier = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

// identifier checks a name that PostgreSQL takes without quotes.
func (c *collector) identifier(key, name, example string) bool {
	remedy := "write lower-case letters, digits and underscores, such as " + example
	switch {
	case len(name) > identifierBytes:
		c.add(key, remedy, "%s has %d bytes and PostgreSQL keeps %d", quoted(name), len(name), identifierBytes)
	case strings.HasPrefix(name, "pg_"):
		c.add(key, remedy, "%s starts with pg_, which PostgreSQL keeps for itself", quoted(name))
	case !identifier.MatchString(name):
		c.add(key, remedy, "%s is not a PostgreSQL name that needs no quotes", quoted(name))
	default:
		return true
	}
	return false
}
