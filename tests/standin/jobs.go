package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// queueKind names what brings work to the worker: Celery's broker, the table
// of jobs that a poller reads, or nothing but this process.
func (b *backend) queueKind() string {
	switch {
	case os.Getenv("CELERY_BROKER_URL") != "":
		return "queue"
	case isFalse("DISPATCH_JOBS_INLINE"):
		return "poller"
	}
	return "inline job"
}

// work has something done that takes a while, and waits for its end.
func (b *backend) work(ctx context.Context, takes time.Duration) error {
	switch b.queueKind() {
	case "queue":
		return runTask(ctx, takes, takes+10*time.Second)
	case "poller":
		return b.runJob(ctx, takes)
	}
	pause(ctx, takes)
	return ctx.Err()
}

// runJob leaves a job in the table and waits until a poller has done it.
func (b *backend) runJob(ctx context.Context, takes time.Duration) error {
	var id int64
	if err := b.pool.QueryRow(ctx, "INSERT INTO jobs (takes_ms) VALUES ($1) RETURNING id", takes.Milliseconds()).Scan(&id); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	limit := takes + 10*time.Second
	for end := time.Now().Add(limit); time.Now().Before(end) && ctx.Err() == nil; pause(ctx, 100*time.Millisecond) {
		var state string
		if err := b.pool.QueryRow(ctx, "SELECT state FROM jobs WHERE id = $1", id).Scan(&state); err != nil {
			return fmt.Errorf("database: %w", err)
		}
		if state == "FINISHED" {
			return nil
		}
	}
	return fmt.Errorf("no poller has done the job within %s", limit)
}

// poll does jobs of the table until the process is to end; one that it cannot
// end before that goes back.
func (b *backend) poll(ctx context.Context) {
	logInfo("poller starts")
	for ; ctx.Err() == nil; pause(ctx, 200*time.Millisecond) {
		var id, takes int64
		err := b.pool.QueryRow(ctx, `UPDATE jobs SET state = 'RUNNING' WHERE id = (
			SELECT id FROM jobs WHERE state = 'NOT_STARTED' ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1
		) RETURNING id, takes_ms`).Scan(&id, &takes)
		if err != nil { // most of all: there is none
			continue
		}
		pause(ctx, time.Duration(takes)*time.Millisecond)
		state := "FINISHED"
		if ctx.Err() != nil {
			state = "NOT_STARTED"
		}
		if _, err := b.pool.Exec(context.WithoutCancel(ctx), "UPDATE jobs SET state = $1 WHERE id = $2", state, id); err != nil {
			logError("job lost", "error", err.Error())
		}
	}
}
