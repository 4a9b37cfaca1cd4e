package secrets

import (
	"encoding/base64"
	"testing"

	"platform/policy/pack"
	"platform/tests/packtest"
)

func TestAnnotation(t *testing.T) {
	service := func(metadata string) string {
		return "{apiVersion: v1, kind: Service, metadata: {name: a, " + metadata + "}}"
	}
	const annotations = "Service/a: metadata.annotations."
	inPod := func(kind, path string) string {
		return "{apiVersion: batch/v1, kind: " + kind + ", metadata: {name: a}, spec: " + path + "}"
	}
	packtest.Run(t, packtest.Named(Rules, "metadata-holds-no-secret"), map[string]packtest.Case{
		"plain":      {Objects: service("annotations: {platform/revision: 97aefd48219718ac}, labels: {app: a}")},
		"by name":    {Objects: service("annotations: {example.org/token: hunter2}"), Want: []string{annotations + "example.org/token"}},
		"by form":    {Objects: service("annotations: {a: 'https://a:hunter2@example.org'}"), Want: []string{annotations + "a"}},
		"a label":    {Objects: service("labels: {password: hunter2}"), Want: []string{"Service/a: metadata.labels.password"}},
		"near miss":  {Objects: service("annotations: {token/name: hunter2, auth-secret: /a}")},
		"marked":     {Objects: service("annotations: {a: <secret>b}"), Want: []string{annotations + "a"}},
		"absent":     {Objects: "{apiVersion: v1, kind: Service, metadata: {name: a}}"},
		"wrong type": {Objects: service("annotations: {a: true}"), Want: []string{annotations + "a"}},
		"not known":  {Objects: service("annotations: {a: <unknown>, token: hunter2}"), Undecided: []string{annotations + "a"}, Want: []string{annotations + "token"}},
		"of pods": {
			Objects: inPod("Job", "{template: {metadata: {annotations: {token: hunter2}}}}"), Want: []string{"Job/a: spec.template.metadata.annotations.token"},
		},
		"of pods of Jobs": {
			Objects: inPod("CronJob", "{jobTemplate: {spec: {template: {metadata: {annotations: {token: hunter2}}}}}}"),
			Want:    []string{"CronJob/a: spec.jobTemplate.spec.template.metadata.annotations.token"},
		},
	})
}

func TestArgs(t *testing.T) {
	packtest.Run(t, packtest.Named(Rules, "command-holds-no-secret"), map[string]packtest.Case{
		"plain":        {Objects: container("command: [server], args: [-p, '9080', --log=debug]")},
		"a flag":       {Objects: container("args: [--db-password=hunter2]"), Want: []string{at + "args[0]"}},
		"two words":    {Objects: container("command: [server, --token, hunter2]"), Want: []string{at + "command[2]"}},
		"a script":     {Objects: container("args: [-c, 'PGPASSWORD=hunter2 psql']"), Want: []string{at + "args[1]"}},
		"near miss":    {Objects: container("args: [--token-file, /run/token, --token, $(TOKEN), --password, '--user=a', --secret=$(A)]")},
		"not a flag":   {Objects: container("args: [token, hunter]")},
		"next but one": {Objects: container("args: [--token, $(TOKEN), hunter]")},
		"a probe":      {Objects: container("livenessProbe: {exec: {command: [redis-cli, --pass, hunter2]}}"), Want: []string{at + "livenessProbe.exec.command[2]"}},
		"a header":     {Objects: container("readinessProbe: {httpGet: {httpHeaders: [{name: X-Api-Key, value: hunter2}, {name: Host, value: a}]}}"), Want: []string{at + "readinessProbe.httpGet.httpHeaders[0].value"}},
		"at the stop":  {Objects: container("lifecycle: {preStop: {exec: {command: [login, 'postgres://a:hunter2@db']}}}"), Want: []string{at + "lifecycle.preStop.exec.command[1]"}},
		"marked":       {Objects: container("args: [<secret>b]"), Want: []string{at + "args[0]"}},
		"absent":       {Objects: container("image: a")},
		"wrong type":   {Objects: container("args: --password=hunter2"), Want: []string{at + "args"}},
		"not known":    {Objects: container("args: [<unknown>, --password=hunter2]"), Undecided: []string{at + "args[0]"}, Want: []string{at + "args[1]"}},
	})
}

func TestConfigMap(t *testing.T) {
	const at = "ConfigMap/a: "
	configMap64 := func(text string) string {
		return object("v1", "ConfigMap", "a", "binaryData: {k: '"+base64.StdEncoding.EncodeToString([]byte(text))+"'}")
	}
	packtest.Run(t, packtest.Named(Rules, "config-map-holds-no-secret"), map[string]packtest.Case{
		"plain":         {Objects: object("v1", "ConfigMap", "a", "data: {LOG_LEVEL: INFO, redis.conf: 'include /etc/auth.conf'}")},
		"by name":       {Objects: object("v1", "ConfigMap", "a", "data: {DB_PASSWORD: hunter2}"), Want: []string{at + "data.DB_PASSWORD"}},
		"in a file":     {Objects: object("v1", "ConfigMap", "a", "data: {a.yaml: 'password: hunter2', b.yaml: 'user: a'}"), Want: []string{at + "data.a.yaml"}},
		"decoded":       {Objects: configMap64("password: hunter2"), Want: []string{at + "binaryData.k"}},
		"near miss":     {Objects: object("v1", "ConfigMap", "a", "data: {a.sql: \"ALTER ROLE a PASSWORD :'password'\", TOKEN_TTL: 15m}")},
		"no base64":     {Objects: object("v1", "ConfigMap", "a", "binaryData: {k: 'cGFzc3dvcmQ6IGh1bnRlcjIy!'}")},
		"binary":        {Objects: configMap64("\x00password: hunter2")},
		"marked":        {Objects: object("v1", "ConfigMap", "a", "data: {A: <secret>b}, binaryData: {B: <secret>Yg==}"), Want: []string{at + "data.A", at + "binaryData.B"}},
		"absent":        {Objects: object("v1", "ConfigMap", "a", "immutable: true")},
		"wrong type":    {Objects: object("v1", "ConfigMap", "a", "data: {A: 1}"), Want: []string{at + "data.A"}},
		"not known":     {Objects: object("v1", "ConfigMap", "a", "data: {A: <unknown>, PASSWORD: hunter2}"), Undecided: []string{at + "data.A"}, Want: []string{at + "data.PASSWORD"}},
		"of any Secret": {Objects: object("v1", "Secret", "a", "data: {PASSWORD: hunter2}")},
	})
}

func TestElsewhere(t *testing.T) {
	issuer := func(spec string) string {
		return "{apiVersion: cert-manager.io/v1, kind: ClusterIssuer, metadata: {name: a}, spec: {" + spec + "}}"
	}
	const at = "ClusterIssuer/a: spec."
	packtest.Run(t, packtest.Named(Rules, "object-holds-no-secret"), map[string]packtest.Case{
		"referred":    {Objects: issuer("acme: {solvers: [{dns01: {apiTokenSecretRef: {name: a, key: api-token}}}]}")},
		"by form":     {Objects: issuer("acme: {solvers: [{url: 'https://a:hunter2@example.org'}]}"), Want: []string{at + "acme.solvers[0].url"}},
		"marked":      {Objects: issuer("token: <secret>b"), Want: []string{at + "token"}},
		"near miss":   {Objects: issuer("password: hunter2, secretKey: tK7pQ2mX9vR4bN8cW3jL6hD5, url: 'https://a:{{ .Value }}@b'")},
		"absent":      {Objects: issuer("")},
		"wrong type":  {Objects: issuer("token: 1, other: [true]")},
		"not known":   {Objects: issuer("a: <unknown>, b: 'https://a:hunter2@example.org'"), Want: []string{at + "b"}},
		"in a Secret": {Objects: object("v1", "Secret", "a", "spec: {a: 'https://a:hunter2@example.org'}")},
		"no object of Kubernetes": {
			Objects: issuer("a: 'https://a:hunter2@example.org'"), Change: func(objects []pack.Object) { objects[0].Kind = "" },
		},
	})
}

func TestEnvFrom(t *testing.T) {
	packtest.Run(t, packtest.Named(Rules, "env-takes-no-whole-secret"), map[string]packtest.Case{
		"one key":    {Objects: container("env: [{name: A, valueFrom: {secretKeyRef: {name: a, key: b}}}]")},
		"whole":      {Objects: container("envFrom: [{configMapRef: {name: a}}, {secretRef: {name: a}}]"), Want: []string{at + "envFrom[1].secretRef"}},
		"near miss":  {Objects: container("envFrom: [{configMapRef: {name: secret}, prefix: SECRET_}]")},
		"absent":     {Objects: container("envFrom: []")},
		"wrong type": {Objects: container("envFrom: {secretRef: a}"), Want: []string{at + "envFrom"}},
		"not known":  {Objects: container("envFrom: [<unknown>, {secretRef: {name: a}}]"), Undecided: []string{at + "envFrom[0]"}, Want: []string{at + "envFrom[1].secretRef"}},
	})
}

func TestEnv(t *testing.T) {
	packtest.Run(t, packtest.Named(Rules, "env-holds-no-secret"), map[string]packtest.Case{
		"plain":         {Objects: container("env: [{name: LOG_LEVEL, value: INFO}]")},
		"referred":      {Objects: container("env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: a, key: b}}}]")},
		"by name":       {Objects: container("env: [{name: A, value: b}, {name: DB_PASSWORD, value: hunter2}]"), Want: []string{at + "env[1].value"}},
		"by form":       {Objects: container("env: [{name: URL, value: 'postgres://a:hunter2@db'}]"), Want: []string{at + "env[0].value"}},
		"by randomness": {Objects: container("env: [{name: SALT, value: tK7pQ2mX9vR4bN8cW3jL6hD5}]"), Want: []string{at + "env[0].value"}},
		"near miss":     {Objects: container("env: [{name: PASSWORD_FILE, value: /run/password}, {name: URL, value: 'postgres://a:$(PASSWORD)@db'}]")},
		"marked":        {Objects: container("env: [{name: A, value: <secret>b}]"), Want: []string{at + "env[0].value"}},
		"absent":        {Objects: container("env: [{name: PASSWORD}]")},
		"wrong type":    {Objects: container("env: [{name: A, value: 1}]"), Want: []string{at + "env[0].value"}},
		"not known": {
			Objects:   container("env: [{name: A, value: <unknown>}, {name: PASSWORD, value: hunter2}]"),
			Undecided: []string{at + "env[0].value"}, Want: []string{at + "env[1].value"},
		},
		"prepared": {
			Objects: pod("initContainers: [{name: i, env: [{name: PASSWORD, value: hunter2}]}]"), Want: []string{"Deployment/api container i: spec.template.spec.initContainers[0].env[0].value"},
		},
	})
}

// The fixtures of packtest, by names that keep tables narrow.
var (
	documents = packtest.Join
	object    = packtest.InCore
	pod       = packtest.Deployment
	container = packtest.Container
)

// at is a path within that container.
const at = packtest.InContainer

// operatedBy is an InfisicalStaticSecret.
func operatedBy(name, spec string) string {
	return object("secrets.infisical.com/v1beta1", operatorKind, name, "spec: {"+spec+"}")
}

func TestOperatorAwait(t *testing.T) {
	const path = "InfisicalStaticSecret/a: metadata.annotations.pulumi.com/waitFor"
	operated := func(annotations string) string {
		return "{apiVersion: secrets.infisical.com/v1beta1, kind: InfisicalStaticSecret, metadata: {name: a, annotations: {" + annotations + "}}}"
	}
	packtest.Run(t, packtest.Named(Rules, "operated-secret-is-awaited"), map[string]packtest.Case{
		"awaited":    {Objects: operated("pulumi.com/waitFor: condition=Ready")},
		"absent":     {Objects: operated(""), Want: []string{path}},
		"near miss":  {Objects: operated("pulumi.com/waitfor: condition=Ready"), Want: []string{path}},
		"empty":      {Objects: operated("pulumi.com/waitFor: ''"), Want: []string{path}},
		"wrong type": {Objects: operated("pulumi.com/waitFor: true"), Want: []string{path}},
		"not known":  {Objects: operated("pulumi.com/waitFor: <unknown>"), Undecided: []string{path}},
		"a Secret":   {Objects: object("v1", "Secret", "a", "data: {}")},
	})
}

func TestOperatorReload(t *testing.T) {
	const path = "Deployment/api: metadata.annotations.secrets.infisical.com/auto-reload"
	operated := operatedBy("o", "targets: [{name: s, namespace: core}]")
	const reads = "{containers: [{name: a, env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]}]}"
	api := func(reload, spec string) string {
		return documents(operated, "{apiVersion: apps/v1, kind: Deployment, metadata: {name: api, namespace: core, annotations: {"+reload+"}}, spec: {template: {spec: "+spec+"}}}")
	}
	packtest.Run(t, packtest.Named(Rules, "operated-secret-reloads-its-readers"), map[string]packtest.Case{
		"reloaded":    {Objects: api("secrets.infisical.com/auto-reload: 'true'", reads)},
		"absent":      {Objects: api("", reads), Want: []string{path}},
		"near miss":   {Objects: api("secrets.infisical.com/auto-reload: 'yes'", reads), Want: []string{path}},
		"by volume":   {Objects: api("", "{volumes: [{secret: {secretName: s}}]}"), Want: []string{path}},
		"pulled with": {Objects: api("", "{imagePullSecrets: [{name: s}]}")},
		"another":     {Objects: api("", "{volumes: [{secret: {secretName: t}}]}")},
		"a ConfigMap": {Objects: api("", "{volumes: [{configMap: {name: s}}]}")},
		"holds data":  {Objects: api("", "{volumes: [{secret: {secretName: s}}, {persistentVolumeClaim: {claimName: d}}]}")},
		"a set's data": {
			Objects: documents(operated, "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: a, namespace: core}, spec: {volumeClaimTemplates: [{}], template: {spec: "+reads+"}}}"),
		},
		"reads nothing": {Objects: api("", "{}")},
		"wrong type":    {Objects: api("secrets.infisical.com/auto-reload: true", reads), Want: []string{path}},
		"not known":     {Objects: api("", "{volumes: [{secret: {secretName: <unknown>}}]}"), Undecided: []string{"Deployment/api: spec.template.spec.volumes[0].secret.secretName"}},
	})
}

func TestOperatorTarget(t *testing.T) {
	const auth = "infisicalAuthRef: {name: a, namespace: infisical}, "
	const sources = "sources: [{projectId: p, environmentSlug: prod, secretPath: /a}], "
	const targets = "targets: [{name: s, namespace: core, kind: Secret, creationPolicy: Orphan}]"
	const at = "InfisicalStaticSecret/a: spec."
	packtest.Run(t, packtest.Named(Rules, "operated-secret-names-source-and-target"), map[string]packtest.Case{
		"whole":      {Objects: operatedBy("a", auth+sources+targets)},
		"no login":   {Objects: operatedBy("a", sources+targets), Want: []string{at + "infisicalAuthRef.name", at + "infisicalAuthRef.namespace"}},
		"no source":  {Objects: operatedBy("a", auth+targets), Want: []string{at + "sources"}},
		"no target":  {Objects: operatedBy("a", auth+sources+"targets: []"), Want: []string{at + "targets"}},
		"no project": {Objects: operatedBy("a", auth+"sources: [{environmentSlug: prod, secretPath: /a}], "+targets), Want: []string{at + "sources[0].projectId"}},
		"no folder":  {Objects: operatedBy("a", auth+"sources: [{projectId: p, environmentSlug: prod}], "+targets), Want: []string{at + "sources[0].secretPath"}},
		"near miss":  {Objects: operatedBy("a", auth+"sources: [{projectId: p, environmentSlug: prod, secretPath: a/}], "+targets), Want: []string{at + "sources[0].secretPath"}},
		"owned":      {Objects: operatedBy("a", auth+sources+"targets: [{name: s, namespace: core, kind: Secret, creationPolicy: Owner}]"), Want: []string{at + "targets[0].creationPolicy"}},
		"ConfigMap":  {Objects: operatedBy("a", auth+sources+"targets: [{name: s, namespace: core, kind: ConfigMap, creationPolicy: Orphan}]"), Want: []string{at + "targets[0].kind"}},
		"nameless": {
			Objects: operatedBy("a", auth+sources+"targets: [{kind: Secret, creationPolicy: Orphan}]"), Want: []string{at + "targets[0].name", at + "targets[0].namespace"},
		},
		"absent":     {Objects: object("v1", "Secret", "a", "data: {}")},
		"wrong type": {Objects: operatedBy("a", auth+"sources: 1, "+targets), Want: []string{at + "sources"}},
		"not known": {
			Objects:   operatedBy("a", auth+sources+"targets: [{name: <unknown>, namespace: core, kind: <unknown>, creationPolicy: Owner}]"),
			Undecided: []string{at + "targets[0].name", at + "targets[0].kind"}, Want: []string{at + "targets[0].creationPolicy"},
		},
	})
}

func TestReferencesResolve(t *testing.T) {
	const in = "Deployment/api: spec.template.spec."
	const variable = in + "containers[0].env[0].valueFrom."
	secret := object("v1", "Secret", "s", "data: {k: <secret>x}, stringData: {l: <secret>y}")
	config := object("v1", "ConfigMap", "c", "data: {k: x}, binaryData: {b: eA==}")
	of := func(kind, name, key string) string {
		return container("env: [{name: A, valueFrom: {" + kind + "KeyRef: {name: " + name + ", key: " + key + "}}}]")
	}
	volume := func(source string) string { return documents(secret, config, pod("volumes: [{name: v, "+source+"}]")) }
	packtest.Run(t, packtest.Named(Rules, "pod-references-exist"), map[string]packtest.Case{
		"a key":         {Objects: documents(secret, of("secret", "s", "k"))},
		"a key as text": {Objects: documents(secret, of("secret", "s", "l"))},
		"a setting":     {Objects: documents(config, of("configMap", "c", "b"))},
		"no Secret":     {Objects: documents(config, of("secret", "c", "k")), Want: []string{variable + "secretKeyRef.name"}},
		"no ConfigMap":  {Objects: documents(secret, of("configMap", "s", "k")), Want: []string{variable + "configMapKeyRef.name"}},
		"no key":        {Objects: documents(secret, of("secret", "s", "K")), Want: []string{variable + "secretKeyRef.key"}},
		"elsewhere": {
			Objects: documents("{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: other}}", of("secret", "s", "k")), Want: []string{variable + "secretKeyRef.name"},
		},
		"optional":     {Objects: container("env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k, optional: true}}}]")},
		"provided":     {Objects: of("secret", "s", "k"), Parameters: map[string]any{"provided": []any{"s"}}},
		"whole":        {Objects: documents(secret, container("envFrom: [{secretRef: {name: s}}, {configMapRef: {name: c}}]")), Want: []string{in + "containers[0].envFrom[1].configMapRef.name"}},
		"whole Secret": {Objects: container("envFrom: [{secretRef: {name: s}}]"), Want: []string{in + "containers[0].envFrom[0].secretRef.name"}},
		"volumes":      {Objects: volume("secret: {secretName: s, items: [{key: k}]}")},
		"volume":       {Objects: volume("secret: {secretName: t}"), Want: []string{in + "volumes[0].secret.secretName"}},
		"volume's key": {Objects: volume("configMap: {name: c, items: [{key: k}, {key: m}]}"), Want: []string{in + "volumes[0].configMap.items[1].key"}},
		"projected": {
			Objects: volume("projected: {sources: [{secret: {name: s}}, {configMap: {name: d}}]}"), Want: []string{in + "volumes[0].projected.sources[1].configMap.name"},
		},
		"another volume": {Objects: volume("emptyDir: {}")},
		"pulled with":    {Objects: documents(secret, pod("imagePullSecrets: [{name: s}, {name: t}]")), Want: []string{in + "imagePullSecrets[1].name"}},
		"operated":       {Objects: documents(operatedBy("o", "targets: [{name: s, namespace: core, template: {data: {k: x}}}]"), of("secret", "s", "k"))},
		"operated key": {
			Objects: documents(operatedBy("o", "targets: [{name: s, namespace: core, template: {data: {k: x}}}]"), of("secret", "s", "l")), Want: []string{variable + "secretKeyRef.key"},
		},
		"operated elsewhere": {
			Objects: documents(operatedBy("o", "targets: [{name: s, namespace: other}]"), of("secret", "s", "k")), Want: []string{variable + "secretKeyRef.name"},
		},
		"certificate": {Objects: documents(object("cert-manager.io/v1", "Certificate", "c", "spec: {secretName: s}"), of("secret", "s", "tls.key"))},
		"certificate elsewhere": {
			Objects: documents("{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: c, namespace: other}, spec: {secretName: s}}", of("secret", "s", "tls.key")),
			Want:    []string{variable + "secretKeyRef.name"},
		},
		"certificate key":  {Objects: documents(object("cert-manager.io/v1", "Certificate", "c", "spec: {secretName: s}"), of("secret", "s", "key")), Want: []string{variable + "secretKeyRef.key"}},
		"absent":           {Objects: container("env: [{name: A, value: b}]")},
		"wrong type":       {Objects: documents(secret, of("secret", "1", "k")), Want: []string{variable + "secretKeyRef.name"}},
		"not known":        {Objects: documents(secret, of("secret", "<unknown>", "k")), Undecided: []string{variable + "secretKeyRef.name"}},
		"keys not known":   {Objects: documents(object("v1", "Secret", "s", "data: <unknown>"), of("secret", "s", "k")), Undecided: []string{"Deployment/api: data"}},
		"values not known": {Objects: documents(object("v1", "Secret", "s", "data: {k: <unknown>}"), of("secret", "s", "k"))},
	})
}
