package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// revisions are the states of the schema, the oldest first, with the release
// that each came with, and what makes it of the one before.
var revisions = []struct{ name, since, statement string }{
	{"0001_standin", "0.0.0", `
		CREATE TABLE IF NOT EXISTS items (id bigserial PRIMARY KEY, text text NOT NULL, at timestamptz NOT NULL DEFAULT now());
		CREATE TABLE IF NOT EXISTS jobs (id bigserial PRIMARY KEY, state text NOT NULL DEFAULT 'NOT_STARTED', takes_ms bigint NOT NULL DEFAULT 0)`},
	{"0002_notes", "2.0.0", "ALTER TABLE items ADD COLUMN note text"},
}

// knownRevisions counts those that this image has. A tag that is no release is
// one of the first.
func knownRevisions() int {
	known := 1
	for known < len(revisions) && since(revisions[known].since) {
		known++
	}
	return known
}

// runAlembic plays the command alembic: upgrade head makes the tables.
func runAlembic(ctx context.Context, args []string) error {
	if strings.Join(args, " ") != "upgrade head" {
		return fmt.Errorf("alembic: %q is not played; upgrade head is", strings.Join(args, " "))
	}
	if err := need("DB_URL"); err != nil {
		return err
	}
	pool, err := openDatabase(ctx, os.Getenv("DB_URL"))
	if err != nil {
		return err
	}
	defer pool.Close()
	if _, err := pool.Exec(ctx, "CREATE TABLE IF NOT EXISTS alembic_version (version_num varchar(32) PRIMARY KEY)"); err != nil {
		return fmt.Errorf("alembic: %w", err)
	}
	at, err := schemaRevision(ctx, pool)
	if err != nil {
		return err
	}
	known := revisions[:knownRevisions()]
	if at > len(known) {
		return fmt.Errorf("alembic: Can't locate revision identified by '%s'", revisions[at-1].name)
	}
	for _, next := range known[at:] {
		step := next.statement + "; DELETE FROM alembic_version; INSERT INTO alembic_version VALUES ('" + next.name + "')"
		if _, err := pool.Exec(ctx, step, pgx.QueryExecModeSimpleProtocol); err != nil { // one transaction
			return fmt.Errorf("alembic: %s: %w", next.name, err)
		}
	}
	logInfo("schema is up to date", "revision", known[len(known)-1].name)
	return nil
}

// schemaRevision counts the revisions that the database has, from none.
func schemaRevision(ctx context.Context, pool *pgxpool.Pool) (int, error) {
	var name string
	err := pool.QueryRow(ctx, "SELECT version_num FROM alembic_version").Scan(&name)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("database: %w", err)
	}
	for i, revision := range revisions {
		if revision.name == name {
			return i + 1, nil
		}
	}
	return 0, fmt.Errorf("database: nobody knows revision %q", name)
}

// migrated is an error where the schema is older than what this image needs.
func migrated(ctx context.Context, pool *pgxpool.Pool) error {
	at, err := schemaRevision(ctx, pool)
	if err != nil {
		return err
	}
	if needed := knownRevisions(); at < needed {
		return fmt.Errorf("database: the schema is at revision %d, and %d (%s) is needed", at, needed, revisions[needed-1].name)
	}
	return nil
}
