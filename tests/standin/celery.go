package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// runCelery plays the command celery of the backend's image: its worker, and
// the question whether one lives.
func runCelery(ctx context.Context, args []string) error {
	if err := need("CELERY_BROKER_URL", "CELERY_RESULT_BACKEND"); err != nil {
		return err
	}
	switch {
	case slices.Contains(args, "worker"):
		return runWorker(ctx, args)
	case slices.Contains(args, "inspect"):
		return inspect(ctx, after(args, "-d"))
	}
	return fmt.Errorf("celery: %q is not played; worker and inspect ping are", strings.Join(args, " "))
}

// after is the argument that follows one of the names.
func after(args []string, names ...string) string {
	at := slices.IndexFunc(args, func(arg string) bool { return slices.Contains(names, arg) })
	if at < 0 || at == len(args)-1 {
		return ""
	}
	return args[at+1]
}

// aliveKey is what a worker renews while it takes tasks.
func aliveKey(node string) string { return "standin-worker-" + node }

func inspect(ctx context.Context, node string) error {
	broker, err := openRedis(ctx, os.Getenv("CELERY_BROKER_URL"))
	if err != nil {
		return err
	}
	defer func() { _ = broker.Close() }() // only read from
	if _, err := broker.do("GET", aliveKey(node)); err != nil {
		return fmt.Errorf("no nodes replied within time constraint: %w", err)
	}
	fmt.Printf("->  %s: OK\n        pong\n", node)
	return nil
}

// heartbeat finds the file that an included module touches. A module that is
// nowhere on the search path keeps the worker from starting.
func heartbeat(module string) (string, error) {
	if module == "" {
		return "", nil
	}
	for _, folder := range filepath.SplitList(os.Getenv("PYTHONPATH")) {
		text, err := os.ReadFile(filepath.Join(folder, module+".py"))
		if err != nil {
			continue
		}
		if found := regexp.MustCompile(`Path\("([^"]+)"\)`).FindSubmatch(text); found != nil {
			return string(found[1]), nil
		}
		return "", nil
	}
	return "", fmt.Errorf("no module named %q", module)
}

// runWorker takes tasks until it is told to stop, and then ends the ones that
// it has.
func runWorker(ctx context.Context, args []string) error {
	if err := makeStorage(); err != nil {
		return err
	}
	beat, err := heartbeat(after(args, "--include", "-I"))
	if err != nil {
		return err
	}
	node := after(args, "--hostname", "-n")
	processes, err := strconv.Atoi(after(args, "--concurrency", "-c"))
	if err != nil {
		processes = 1
	}
	logInfo("worker starts", "node", node, "concurrency", strconv.Itoa(processes))
	var all sync.WaitGroup
	for range processes {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := takeTasks(ctx, node, beat); err != nil {
					logError("broker lost", "error", err.Error())
					pause(ctx, 2*time.Second)
				}
			}
		})
	}
	all.Wait()
	if beat != "" {
		_ = os.Remove(beat)
	}
	logInfo("worker stopped: every task that it had is done")
	return nil
}

// takeTasks takes tasks until the broker fails or the process is to end, and
// tells before each that it does.
func takeTasks(ctx context.Context, node, beat string) error {
	broker, err := openRedis(ctx, os.Getenv("CELERY_BROKER_URL"))
	if err != nil {
		return err
	}
	defer func() { _ = broker.Close() }() // only read from
	store, err := openRedis(ctx, os.Getenv("CELERY_RESULT_BACKEND"))
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }() // as above
	for ctx.Err() == nil {
		if _, err := broker.do("SET", aliveKey(node), "1", "EX", "10"); err != nil {
			return err
		}
		if beat != "" {
			if err := touch(beat); err != nil {
				return err
			}
		}
		if err := takeTask(broker, store); err != nil {
			return err
		}
	}
	return nil
}

func touch(path string) error {
	now := time.Now()
	if err := os.Chtimes(path, now, now); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.WriteFile(path, nil, 0o644)
}
