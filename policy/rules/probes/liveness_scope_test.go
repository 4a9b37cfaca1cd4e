package probes

import (
	"testing"

	"platform/policy/packtest"
)

func TestLivenessScope(t *testing.T) {
	const path, command = inContainer + "livenessProbe.httpGet.path", inContainer + "livenessProbe.exec.command"
	get := func(path string) string { return "livenessProbe: {httpGet: {port: 80, path: " + path + "}}" }
	run := func(command string) string { return "livenessProbe: {exec: {command: [" + command + "]}}" }
	packtest.Run(t, livenessScope, map[string]packtest.Case{
		"its health":             right(get("/healthz")),
		"its readiness":          wrong(get("/ready"), path),
		"its readiness, longer":  wrong(get("'/readyz/?verbose=1'"), path),
		"its readiness, in full": wrong(get("/readiness"), path),
		"its health's readiness": wrong(get("/health/ready"), path),
		"its healthz' readiness": wrong(get("/healthz/ready"), path),
		"a word within":          right(get("/already")),
		"readiness of readiness": right("readinessProbe: {httpGet: {port: 80, path: /ready}}"),
		"itself":                 right(run("pg_isready, -h, 127.0.0.1, -U, postgres")),
		"itself by default":      right(run("pg_isready, -q")),
		"itself by variable":     right(run("sh, -c, 'pg_isready -h \"$HOST\"'")),
		"itself by socket":       right(run("pg_isready, -h, /var/run/postgresql")),
		"itself by address":      right(run("wget, 'http://localhost:80/x'")),
		"itself at any address":  right(run("nc, -h, 0.0.0.0")),
		"itself by IPv6":         right(run("wget, 'http://[::1]:80/x', --host=::1")),
		"a server":               wrong(run("pg_isready, -h, postgres-service"), command),
		"a server in a shell":    wrong(run("sh, -c, 'set -e; pg_isready -h postgres-service && exit 0'"), command),
		"a server after =":       wrong(run("mysqladmin, --host=db, ping"), command),
		"a server in two words":  wrong(run("mysqladmin, --host, db"), command),
		"itself with a path":     right(run("wget, 'http://localhost/health'")),
		"a server's address":     wrong(run("wget, -q, 'http://user:pass@api.core.svc:80/health'"), command),
		"what only begins so":    wrong(run("pg_isready, -h, localhost.example"), command),
		"nothing after it":       right(run("df, -h")),
		"absent":                 right("image: x"),
		"wrong type":             wrong(run("[]"), command+"[0]"),
		"not known":              {Objects: container(get("<unknown>")), Undecided: []string{path}},
		"parameters":             {Objects: container(get("/full")), Want: []string{path}, Parameters: map[string]any{"readinessPaths": []any{"/full"}}},
		"of a Job": {
			Objects: "{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {template: {spec: {containers: [{name: a, " + get("/ready") + "}]}}}}",
		},
	})
}
