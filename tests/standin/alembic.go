package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
)

// revision is the state of the schema that this image needs.
const revision = "0001_standin"

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
	for _, statement := range []string{
		"CREATE TABLE IF NOT EXISTS alembic_version (version_num varchar(32) PRIMARY KEY)",
		"CREATE TABLE IF NOT EXISTS items (id bigserial PRIMARY KEY, text text NOT NULL, at timestamptz NOT NULL DEFAULT now())",
		"CREATE TABLE IF NOT EXISTS jobs (id bigserial PRIMARY KEY, state text NOT NULL DEFAULT 'NOT_STARTED', takes_ms bigint NOT NULL DEFAULT 0)",
		"INSERT INTO alembic_version VALUES ('" + revision + "') ON CONFLICT DO NOTHING",
	} {
		if _, err := pool.Exec(ctx, statement); err != nil {
			return fmt.Errorf("alembic: %w", err)
		}
	}
	logInfo("schema is up to date", "revision", revision)
	return nil
}

// migrated is an error where the schema is not what this image needs.
func migrated(ctx context.Context, pool *pgxpool.Pool) error {
	var found string
	if err := pool.QueryRow(ctx, "SELECT version_num FROM alembic_version").Scan(&found); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if found != revision {
		return fmt.Errorf("database: the schema is at %s, and %s is needed", found, revision)
	}
	return nil
}
