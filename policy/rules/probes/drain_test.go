package probes

import (
	"fmt"
	"testing"

	"platform/policy/packtest"
)

func TestDrainFits(t *testing.T) {
	const path = inPod + "terminationGracePeriodSeconds"
	of := func(grace int, content string) string {
		return deployment(fmt.Sprintf("terminationGracePeriodSeconds: %d, containers: [{name: a, %s}]", grace, content))
	}
	reading := func(grace int, text, mounted string) string {
		return deployment(fmt.Sprintf("terminationGracePeriodSeconds: %d, volumes: [{name: v, configMap: {name: conf}}], containers: [{name: a, volumeMounts: [{name: %s}]}]", grace, mounted)) +
			"\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: conf, namespace: core}, data: {conf: " + text + "}}"
	}
	const nats, haproxy = "'port: 1\n\nlame_duck_duration: \"45s\"'", "'global\n\n  hard-stop-after 45s'"
	packtest.Run(t, drainFits, map[string]packtest.Case{
		"PostgreSQL":            {Objects: of(60, "image: 'postgres:16'")},
		"PostgreSQL, less":      {Objects: of(59, "image: 'postgres:16'"), Want: []string{path}},
		"PostgreSQL, default":   {Objects: container("image: 'postgres:16'"), Want: []string{path}},
		"PostgreSQL by a shell": {Objects: of(59, "image: 'postgres:16', command: [sh, -c, 'exec docker-entrypoint.sh $@', postgres]"), Want: []string{path}},
		"its tools":             {Objects: of(30, "image: 'postgres:16', command: [pg_dump]")},
		"with a hook":           {Objects: of(64, "image: 'postgres:16', lifecycle: {preStop: {sleep: {seconds: 5}}}"), Want: []string{path}},
		"with room for both":    {Objects: of(65, "image: 'postgres:16', lifecycle: {preStop: {sleep: {seconds: 5}}}")},
		"a hook alone":          {Objects: of(1, "image: x, lifecycle: {preStop: {sleep: {seconds: 5}}}")},
		"Celery":                {Objects: of(60, "command: [sh, -c, 'exec celery -A app worker']")},
		"Celery, less":          {Objects: of(59, "command: [sh, -c, 'exec celery -A app worker']"), Want: []string{path}},
		"Celery's longest task": {Objects: of(299, "command: [celery, worker, --time-limit, '300']"), Want: []string{path}},
		"NATS":                  {Objects: reading(45, nats, "v")},
		"NATS, less":            {Objects: reading(44, nats, "v"), Want: []string{path}},
		"HAProxy":               {Objects: reading(45, haproxy, "v")},
		"HAProxy, less":         {Objects: reading(44, haproxy, "v"), Want: []string{path}},
		"HAProxy in ms":         {Objects: reading(45, "hard-stop-after 45000", "v")},
		"HAProxy in ms, less":   {Objects: reading(44, "hard-stop-after 45000", "v"), Want: []string{path}},
		"not mounted":           {Objects: reading(1, nats, "w")},
		"another setting":       {Objects: reading(1, "'x_lame_duck_duration: 45s'", "v")},
		"of another stack":      {Objects: deployment("volumes: [{name: v, configMap: {name: conf}}], containers: [{name: a, volumeMounts: [{name: v}]}]")},
		"as an argument":        {Objects: of(30, "args: ['--timeout-graceful-shutdown=31']"), Want: []string{path}},
		"as two arguments":      {Objects: of(30, "args: [--timeout-graceful-shutdown, '31']"), Want: []string{path}},
		"in the environment":    {Objects: of(30, "env: [{name: GRACEFUL_TIMEOUT, value: '31'}, {name: B, value: <unknown>}]"), Want: []string{path}},
		"no time":               {Objects: of(0, "args: ['--graceful-timeout=30x']")},
		"of a Job": {
			Objects: "{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {template: {spec: {containers: [{name: a, image: 'postgres:16'}]}}}}",
		},
		"before the others": {Objects: deployment("initContainers: [{name: i, image: 'postgres:16'}]")},
		"wrong type":        {Objects: deployment("terminationGracePeriodSeconds: long, containers: [{name: a, image: 'postgres:16'}]"), Want: []string{path}},
		"not known":         {Objects: deployment("terminationGracePeriodSeconds: <unknown>, containers: [{name: a, image: 'postgres:16'}]"), Undecided: []string{path}},
		"file not known":    {Objects: reading(1, "<unknown>", "v"), Undecided: []string{"Deployment/api container a: data.conf"}},
		"parameters": {
			Objects: of(30, "image: 'mongo:7'"), Want: []string{path}, Parameters: map[string]any{"programs": []any{"mongo=31"}, "settings": []any{}},
		},
	})
}
