package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

// hears is a stream and the durable name under which a service consumes it.
type hears struct{ stream, consumer string }

// service is what one service of Edd Cloud needs, makes and hears.
type service struct {
	variables []string
	tables    map[string]string
	stream    string // that it makes, with its subjects
	subjects  string // of stream
	hears     []hears
	start     func(ctx context.Context, set map[string]string, b *bus)
}

// services are by their roles.
var services = map[string]service{
	"auth-service": {
		variables: []string{"DATABASE_URL", "JWT_SECRET", "NATS_URL"},
		tables:    map[string]string{"users": "id bigserial PRIMARY KEY, name text UNIQUE", "sessions": "id text PRIMARY KEY"},
		stream:    "AUTH", subjects: "auth.>",
		start: func(ctx context.Context, _ map[string]string, b *bus) {
			b.publish(ctx, "auth.identity.started", map[string]string{"user": os.Getenv("DEFAULT_USERNAME")})
		},
	},
	"notification-service": {
		variables: []string{"DATABASE_URL", "JWT_SECRET", "NATS_URL"},
		tables:    map[string]string{"notifications": "id bigserial PRIMARY KEY, text text"},
		stream:    "NOTIFICATIONS", subjects: "notify.>", hears: []hears{{"NOTIFICATIONS", "notification-service"}},
	},
	"cluster-monitor": {variables: []string{"JWT_SECRET"}, stream: "CLUSTER", subjects: "cluster.>", start: watchCluster},
	"log-service":     {variables: []string{"JWT_SECRET", "GFS_JWT_SECRET"}, stream: "LOGS", subjects: "log.>", start: takeLogs},
	"alerting-service": {
		hears: []hears{{"CLUSTER", "alerting-metrics"}, {"CLUSTER", "alerting-pods"}, {"LOGS", "alerting-logs"}},
	},
}

// runService plays a service that has a health path and little else.
func runService(ctx context.Context, args []string) error {
	set, plan := options(args), services[role]
	b, mux, err := begin(ctx, set, plan)
	if err != nil {
		return err
	}
	if plan.start != nil {
		go plan.start(ctx, set, b)
	}
	return serve(ctx, or(set["addr"], set["http"], ":8080"), mux)
}

func or(values ...string) string {
	for _, value := range values {
		if value != "" {
			return value
		}
	}
	return ""
}

// begin does what every service does at its start: it reads its variables,
// makes its tables, then its stream, and begins to hear.
func begin(ctx context.Context, set map[string]string, plan service) (*bus, *http.ServeMux, error) {
	if err := need(plan.variables...); err != nil {
		return nil, nil, err
	}
	shipLogs(ctx, or(set["log-service"], set["log-service-grpc"]))
	if len(plan.tables) > 0 {
		pool, err := openDatabase(ctx, os.Getenv("DATABASE_URL"))
		if err != nil {
			return nil, nil, err
		}
		defer pool.Close()
		if err := createTables(ctx, pool, plan.tables); err != nil {
			return nil, nil, err
		}
	}
	b := openBus(ctx, or(set["nats"], os.Getenv("NATS_URL")))
	if plan.stream != "" {
		b.makeStream(ctx, plan.stream, plan.subjects)
	}
	bursts := newBursts(set["discord-webhook"])
	for _, one := range plan.hears {
		b.hear(ctx, one.stream, one.consumer, bursts.take)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", answer("ok"))
	mux.HandleFunc("GET /standin/consumers", b.consumers)
	mux.HandleFunc("GET /{$}", answer(role+" (stand-in)"))
	return b, mux, nil
}

// watchCluster tells every ten seconds how many nodes there are.
func watchCluster(ctx context.Context, _ map[string]string, b *bus) {
	api, err := openKube()
	for ; ctx.Err() == nil; pause(ctx, 10*time.Second) {
		var nodes struct{ Items []any }
		if err == nil {
			if asked := api.ask(ctx, http.MethodGet, "/api/v1/nodes", nil, &nodes); asked != nil {
				logInfo("nodes not listed", "error", asked.Error())
			}
		}
		b.publish(ctx, "cluster.metrics", map[string]int{"nodes": len(nodes.Items)})
	}
}

// takeLogs takes what other services log, and puts errors onto the bus.
func takeLogs(ctx context.Context, set map[string]string, b *bus) {
	listener, err := net.Listen("tcp", or(set["grpc"], ":50051"))
	if err != nil {
		logError("takes no logs", "error", err.Error())
		return
	}
	context.AfterFunc(ctx, func() { _ = listener.Close() })
	if _, _, err := send(ctx, set["master"], call{Op: "list"}, nil); err != nil {
		logInfo("no file system to keep logs in", "error", err.Error())
	}
	accept(listener, func(connection net.Conn) {
		for lines := bufio.NewScanner(connection); lines.Scan(); {
			var e entry
			if json.Unmarshal(lines.Bytes(), &e) == nil && e.Level != "info" {
				b.publish(ctx, "log."+e.Level+"."+e.Source, e)
			}
		}
	})
}

// bursts sends an alert for a service that logs too many errors.
type bursts struct {
	webhook string
	guard   sync.Mutex
	errors  map[string][]time.Time // by source
}

// An alert says that a source has logged burstSize errors within burstTime; it
// is sent once in that time.
const (
	burstSize = 10
	burstTime = 5 * time.Minute
)

func newBursts(webhook string) *bursts {
	return &bursts{webhook: webhook, errors: map[string][]time.Time{}}
}

func (b *bursts) take(subject string, _ []byte) {
	source, found := strings.CutPrefix(subject, "log.error.")
	if !found || !b.add(source, time.Now()) {
		return
	}
	logError("Error Burst", "of", source)
	if b.webhook == "" {
		return
	}
	client := http.Client{Timeout: 5 * time.Second}
	response, err := client.Post(b.webhook, "application/json", bytes.NewReader(fmt.Appendf(nil, `{"content":"Error Burst: %s"}`, source)))
	if err != nil {
		logInfo("alert not delivered")
		return
	}
	_ = response.Body.Close()
}

// add counts an error, and reports whether it makes a burst.
func (b *bursts) add(source string, at time.Time) bool {
	b.guard.Lock()
	defer b.guard.Unlock()
	var recent []time.Time
	for _, earlier := range b.errors[source] {
		if at.Sub(earlier) < burstTime {
			recent = append(recent, earlier)
		}
	}
	b.errors[source] = append(recent, at)
	if len(b.errors[source]) < burstSize {
		return false
	}
	b.errors[source] = nil
	return true
}
