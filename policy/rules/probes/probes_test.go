package probes

import (
	"testing"

	"platform/tests/packtest"
)

// The fixtures of packtest, by names that keep tables narrow.
var deployment, container = packtest.Deployment, packtest.Container

// inContainer is where findings about a case's container are, and inPod where
// those about its pod are that the container is the reason of.
const (
	inContainer = packtest.InContainer
	inPod       = "Deployment/api container a: spec.template.spec."
)

// wrong is the case of a container that breaks the rule there, and right of
// one that does not.
func wrong(content string, at ...string) packtest.Case {
	return packtest.Case{Objects: container(content), Want: at}
}

func right(content string) packtest.Case { return packtest.Case{Objects: container(content)} }

func TestLivenessScope(t *testing.T) {
	const path, command = inContainer + "livenessProbe.httpGet.path", inContainer + "livenessProbe.exec.command"
	get := func(path string) string { return "livenessProbe: {httpGet: {port: 80, path: " + path + "}}" }
	run := func(command string) string { return "livenessProbe: {exec: {command: [" + command + "]}}" }
	packtest.Run(t, packtest.Named(Rules, "liveness-asks-its-container-alone"), map[string]packtest.Case{
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

func TestPreStopFits(t *testing.T) {
	const path = inPod + "terminationGracePeriodSeconds"
	of := func(grace, hook string) string {
		return deployment(grace + "containers: [{name: a, lifecycle: {preStop: {" + hook + "}}}]")
	}
	packtest.Run(t, packtest.Named(Rules, "grace-period-covers-pre-stop"), map[string]packtest.Case{
		"enough":           {Objects: of("terminationGracePeriodSeconds: 30, ", "sleep: {seconds: 20}")},
		"a second less":    {Objects: of("terminationGracePeriodSeconds: 29, ", "sleep: {seconds: 20}"), Want: []string{path}},
		"by default":       {Objects: of("", "sleep: {seconds: 20}")},
		"not by default":   {Objects: of("", "sleep: {seconds: 21}"), Want: []string{path}},
		"a command":        {Objects: of("", "exec: {command: [/bin/sleep, '25']}"), Want: []string{path}},
		"a shell":          {Objects: of("", "exec: {command: [sh, -c, 'sleep 1m; true']}"), Want: []string{path}},
		"two sleeps":       {Objects: of("", "exec: {command: [sh, -c, 'sleep 15; sleep 15']}"), Want: []string{path}},
		"a short command":  {Objects: of("", "exec: {command: [sleep, '5']}")},
		"sleep of nothing": {Objects: of("", "exec: {command: [sleep]}")},
		"no hook":          {Objects: deployment("terminationGracePeriodSeconds: 1, containers: [{name: a}]")},
		"wrong type":       {Objects: of("terminationGracePeriodSeconds: '1', ", "sleep: {seconds: 20}"), Want: []string{path}},
		"not known":        {Objects: of("terminationGracePeriodSeconds: <unknown>, ", "sleep: {seconds: 20}"), Undecided: []string{path}},
		"parameters":       {Objects: of("", "sleep: {seconds: 5}"), Want: []string{path}, Parameters: map[string]any{"floor": 26.0}},
	})
}

func TestProbePort(t *testing.T) {
	const ports = "ports: [{name: http, containerPort: 80}, {name: dns, containerPort: 53, protocol: UDP}], "
	const path = inContainer + "livenessProbe."
	packtest.Run(t, packtest.Named(Rules, "probe-port-is-declared"), map[string]packtest.Case{
		"by number":    right(ports + "livenessProbe: {httpGet: {port: 80}}"),
		"by name":      right(ports + "livenessProbe: {tcpSocket: {port: http}}"),
		"gRPC":         right(ports + "livenessProbe: {grpc: {port: 80}}"),
		"by command":   right("livenessProbe: {exec: {command: [a]}}"),
		"other number": wrong(ports+"livenessProbe: {httpGet: {port: 81}}", path+"httpGet.port"),
		"other name":   wrong(ports+"livenessProbe: {tcpSocket: {port: https}}", path+"tcpSocket.port"),
		"other gRPC":   wrong(ports+"livenessProbe: {grpc: {port: 81}}", path+"grpc.port"),
		"by UDP":       wrong(ports+"livenessProbe: {tcpSocket: {port: dns}}", path+"tcpSocket.port"),
		"of each probe": wrong(ports+"readinessProbe: {tcpSocket: {port: 81}}, startupProbe: {tcpSocket: {port: 82}}",
			inContainer+"readinessProbe.tcpSocket.port", inContainer+"startupProbe.tcpSocket.port"),
		"none declared": wrong("livenessProbe: {tcpSocket: {port: 80}}", path+"tcpSocket.port"),
		"no port asked": wrong("ports: [{containerPort: 80}], livenessProbe: {tcpSocket: {}}", path+"tcpSocket.port"),
		"of another container": {
			Objects: deployment("containers: [{name: a, livenessProbe: {tcpSocket: {port: 80}}}, {name: b, ports: [{containerPort: 80}]}]"),
			Want:    []string{path + "tcpSocket.port"},
		},
		"absent":     right(ports + "image: x"),
		"wrong type": wrong(ports+"livenessProbe: {tcpSocket: {port: true}}", path+"tcpSocket.port"),
		"not known": {
			Objects: container(ports + "livenessProbe: {tcpSocket: {port: <unknown>}}, readinessProbe: {tcpSocket: {port: 81}}"),
			Want:    []string{inContainer + "readinessProbe.tcpSocket.port"}, Undecided: []string{path + "tcpSocket.port"},
		},
	})
}

func TestProbesSet(t *testing.T) {
	const all = "livenessProbe: {}, readinessProbe: {}, startupProbe: {}"
	packtest.Run(t, packtest.Named(Rules, "serving-container-has-probes"), map[string]packtest.Case{
		"all":       right(all),
		"absent":    wrong("command: [a]", inContainer+"livenessProbe", inContainer+"readinessProbe", inContainer+"startupProbe"),
		"near miss": wrong("livenessProbe: {}, readinessProbe: {}, startupProbe: null", inContainer+"startupProbe"),
		"not known": {Objects: container("livenessProbe: <unknown>, readinessProbe: {}, startupProbe: {}"), Undecided: []string{inContainer + "livenessProbe"}},
		"of a Job":  {Objects: "{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {template: {spec: {containers: [{name: a}]}}}}"},
	})
}

func TestTimeToEnd(t *testing.T) {
	const at = "Deployment/api: spec.template.spec.terminationGracePeriodSeconds"
	packtest.Run(t, packtest.Named(Rules, "pod-has-time-to-end"), map[string]packtest.Case{
		"enough":     {Objects: deployment("terminationGracePeriodSeconds: 10")},
		"absent":     {Objects: deployment("containers: []")},
		"none":       {Objects: deployment("terminationGracePeriodSeconds: 0"), Want: []string{at}},
		"too little": {Objects: deployment("terminationGracePeriodSeconds: 9"), Want: []string{at}},
		"wrong type": {Objects: deployment("terminationGracePeriodSeconds: 10s"), Want: []string{at}},
		"not known":  {Objects: deployment("terminationGracePeriodSeconds: <unknown>"), Undecided: []string{at}},
	})
}

func TestWaitsBeforeEnd(t *testing.T) {
	const at = inContainer + "lifecycle.preStop"
	const service = "{apiVersion: v1, kind: Service, metadata: {name: api, namespace: core}, spec: {selector: {app: api}}}"
	const port = "ports: [{containerPort: 80}]"
	served := func(fields string) string { return packtest.Join(container(port+fields), service) }
	packtest.Run(t, packtest.Named(Rules, "served-pod-waits-before-it-ends"), map[string]packtest.Case{
		"waits":         {Objects: served(", lifecycle: {preStop: {sleep: {seconds: 5}}}")},
		"absent":        {Objects: served(""), Want: []string{at}},
		"not served":    {Objects: container(port)},
		"no port":       {Objects: packtest.Join(container("command: [a]"), service)},
		"at the start":  {Objects: served(", lifecycle: {postStart: {}}"), Want: []string{at}},
		"stopped first": {Objects: packtest.But(served(""), "spec: {template", "spec: {strategy: {type: Recreate}, template")},
		"wrong type":    {Objects: served(", lifecycle: 5"), Want: []string{inContainer + "lifecycle"}},
		"not known":     {Objects: served(", lifecycle: <unknown>"), Undecided: []string{inContainer + "lifecycle"}},
	})
}
