package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// openDatabase connects to the database of a URL.
func openDatabase(ctx context.Context, url string) (*pgxpool.Pool, error) {
	settings, err := pgxpool.ParseConfig(strings.Replace(url, "postgresql+psycopg://", "postgresql://", 1))
	if err != nil {
		return nil, fmt.Errorf("database: the URL cannot be read") // the parser's error shows it
	}
	settings.MaxConns, settings.ConnConfig.ConnectTimeout = 4, 5*time.Second
	return pgxpool.NewWithConfig(ctx, settings)
}

// createTables makes the tables that are missing, as the images do at their
// start: two replicas that do so at once stand in each other's way, and one of
// them ends. The pause gives them the time that the images' many tables take.
func createTables(ctx context.Context, pool *pgxpool.Pool, tables map[string]string) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	defer func() { _ = tx.Rollback(ctx) }()
	made := false
	for name, columns := range tables {
		var there bool
		if err := tx.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", name).Scan(&there); err != nil {
			return fmt.Errorf("database: %w", err)
		}
		if there {
			continue
		}
		made = true
		if _, err := tx.Exec(ctx, "CREATE TABLE IF NOT EXISTS "+name+" ("+columns+")"); err != nil {
			return fmt.Errorf("database: table %s: %w", name, err)
		}
	}
	if made {
		pause(ctx, 500*time.Millisecond)
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	return nil
}
