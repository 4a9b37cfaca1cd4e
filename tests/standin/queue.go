package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"
)

// queueName is the list that Celery's workers read, whose length the Redis
// exporter measures.
const queueName = "celery"

// task is a message of the queue.
type task struct {
	ID    string        `json:"id"`
	Takes time.Duration `json:"takes"` // how long the worker is to be busy with it
}

// resultKey is where a task's result is.
func (t task) resultKey() string { return "celery-task-meta-" + t.ID }

// runTask puts a task on the queue and waits for its result.
func runTask(ctx context.Context, takes, limit time.Duration) error {
	broker, err := openRedis(ctx, os.Getenv("CELERY_BROKER_URL"))
	if err != nil {
		return err
	}
	defer func() { _ = broker.Close() }() // the answer is there
	t := task{ID: rand.Text(), Takes: takes}
	message, err := json.Marshal(t)
	if err != nil {
		return err
	}
	if _, err := broker.do("LPUSH", queueName, string(message)); err != nil {
		return err
	}
	for end := time.Now().Add(limit); time.Now().Before(end) && ctx.Err() == nil; {
		switch result, err := broker.do("GET", t.resultKey()); {
		case err == nil:
			logInfo("task done", "id", t.ID, "result", fmt.Sprint(result))
			return nil
		case !errors.Is(err, errNil):
			return err
		}
		pause(ctx, 50*time.Millisecond)
	}
	return fmt.Errorf("no worker has done the task within %s", limit)
}

// takeTask does one task of the queue, if there is one within a second. A
// process that is told to stop does the task that it has to its end.
func takeTask(broker *redis, store *redis) error {
	answer, err := broker.do("BRPOP", queueName, "1")
	if errors.Is(err, errNil) {
		return nil
	}
	if err != nil {
		return err
	}
	list, ok := answer.([]any)
	if !ok || len(list) != 2 {
		return fmt.Errorf("redis: %v is no message", answer)
	}
	var t task
	if err := json.Unmarshal([]byte(fmt.Sprint(list[1])), &t); err != nil {
		return fmt.Errorf("message: %w", err)
	}
	logInfo("task begins", "id", t.ID)
	time.Sleep(t.Takes)
	if _, err := store.do("SET", t.resultKey(), "SUCCESS", "EX", "3600"); err != nil {
		return err
	}
	logInfo("task ends", "id", t.ID)
	return nil
}
