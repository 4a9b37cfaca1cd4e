package components

import "fmt"

// What the Job does in the databases themselves, in a session in each.

// reader is a role beside a database's own: it reads the tables that the owner
// makes, and keeps its own in a schema of its name, which it finds before them.
type reader struct {
	database string
	owner    string // of the database, and of the tables
	role     string
	password secretKey // of the role
}

// login makes the role, and lets it into its database and no other.
func (r reader) login(password string) string {
	return fmt.Sprintf(`
\set role '%[1]s'
\set database '%[2]s'
\getenv password %[3]s
SELECT format('CREATE ROLE %%I', :'role') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'password';
SELECT format('REVOKE ALL ON DATABASE %%I FROM %%I', datname, :'role') FROM pg_database WHERE datallowconn AND datname <> :'database' \gexec
GRANT CONNECT ON DATABASE :"database" TO :"role";
`, r.role, r.database, password)
}

// rights are given in the database itself: on the tables that there are, and
// on those that the owner will make, for it makes them when it first starts.
func (r reader) rights() string {
	return fmt.Sprintf(`
\set role '%[1]s'
\set owner '%[2]s'
\connect '%[3]s'
SELECT format('CREATE SCHEMA %%I AUTHORIZATION %%I', :'role', :'role') WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = :'role') \gexec
GRANT USAGE ON SCHEMA public TO :"role";
GRANT SELECT ON ALL TABLES IN SCHEMA public TO :"role";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT SELECT ON TABLES TO :"role";
`, r.role, r.owner, r.database)
}

// inTurn has the database let one session after the other make tables. Two
// pods of a service that first start at the same moment both find no table and
// both make it: PostgreSQL lets one of them fail, "IF NOT EXISTS" or not, and
// its pod is restarted. With the lock, which the transaction keeps, the second
// waits, and then finds the table.
func (g grant) inTurn() string {
	return fmt.Sprintf(`
\connect '%[1]s'
SELECT 'CREATE SCHEMA platform' WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'platform') \gexec
CREATE OR REPLACE FUNCTION platform.in_turn() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_catalog.pg_advisory_xact_lock(%[2]d);
END $$;
SELECT 'CREATE EVENT TRIGGER platform_in_turn ON ddl_command_start
  WHEN TAG IN (''CREATE SCHEMA'', ''CREATE TABLE'', ''CREATE INDEX'', ''CREATE SEQUENCE'', ''CREATE TYPE'', ''CREATE EXTENSION'', ''ALTER TABLE'')
  EXECUTE FUNCTION platform.in_turn()' WHERE NOT EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'platform_in_turn') \gexec
`, g.database, inTurnLock)
}

// inTurnLock is the number of the advisory lock, which is one of each database.
const inTurnLock = 20260215
