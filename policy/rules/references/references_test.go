package references

import (
	"testing"

	"platform/tests/packtest"
)

const at = packtest.InContainer

// secret is one in the namespace of the fixtures, of a type and values.
func secret(name, fields string) string { return packtest.InCore("v1", "Secret", name, fields) }

var documents = packtest.Join

func TestLiteral(t *testing.T) {
	const value = at + "env[0].value"
	ours := secret("db", "data: {DB_URL: x}")
	with := func(variable string) string { return packtest.Container("env: [{" + variable + "}]") }
	packtest.Run(t, packtest.Named(Rules, "variable-of-a-secret-is-a-reference"), map[string]packtest.Case{
		"by reference": {Objects: documents(ours, with("name: DB_URL, valueFrom: {secretKeyRef: {name: db, key: DB_URL}}"))},
		"in clear":     {Objects: documents(ours, with("name: DB_URL, value: x")), Want: []string{value}},
		"as text":      {Objects: documents(secret("db", "stringData: {DB_URL: x}"), with("name: DB_URL, value: x")), Want: []string{value}},
		"by its name":  {Objects: with("name: ROLE_PASSWORD_0, value: x"), Want: []string{value}},
		"a switch":     {Objects: with("name: DISABLE_AUTH, value: 'true'")},
		"empty":        {Objects: with("name: ROLE_PASSWORD_0, value: ''"), Want: []string{value}},
		"near miss":    {Objects: with("name: PASSWORD_LENGTH, value: x")},
		"another":      {Objects: documents(ours, with("name: DB_HOST, value: x"))},
		"elsewhere":    {Objects: documents(packtest.But(ours, "namespace: core", "namespace: other"), with("name: DB_URL, value: x"))},
		"absent":       {Objects: documents(ours, packtest.Container("command: [a]"))},
		"wrong type":   {Objects: documents(ours, with("name: 1, value: x")), Want: []string{at + "env[0].name"}},
		"not known":    {Objects: documents(ours, with("name: <unknown>, value: x")), Undecided: []string{at + "env[0].name"}},
	})
}

func TestMountedFile(t *testing.T) {
	const mount = at + "volumeMounts[0]"
	volumes := "volumes: [{name: auth, secret: {secretName: redis-auth}}, {name: config, configMap: {name: redis}}], "
	pod := packtest.Deployment(volumes + "containers: [{name: a, args: [--include, /auth/b.conf], volumeMounts: [{name: auth, mountPath: /auth}, {name: config, mountPath: /etc}]}]")
	config := packtest.InCore("v1", "ConfigMap", "redis", "data: {redis.conf: 'include /auth/a.conf'}")
	packtest.Run(t, packtest.Named(Rules, "file-of-a-secret-exists"), map[string]packtest.Case{
		"there":      {Objects: documents(pod, config, secret("redis-auth", "data: {a.conf: a, b.conf: b}"))},
		"of a file":  {Objects: documents(pod, config, secret("redis-auth", "data: {b.conf: b}")), Want: []string{mount}},
		"of words":   {Objects: documents(pod, config, secret("redis-auth", "data: {a.conf: a}")), Want: []string{mount}},
		"of others":  {Objects: documents(pod, config)},
		"near miss":  {Objects: documents(packtest.But(pod, "/auth/b.conf", "/other/b.conf"), config, secret("redis-auth", "data: {a.conf: a}"))},
		"absent":     {Objects: documents(packtest.Container("command: [a]"), secret("redis-auth", "data: {a: a}"))},
		"wrong type": {Objects: documents(packtest.But(pod, "mountPath: /auth", "mountPath: 1"), config, secret("redis-auth", "data: {a: a}")), Want: []string{mount + ".mountPath"}},
		"not known":  {Objects: documents(packtest.But(pod, "mountPath: /auth", "mountPath: <unknown>"), config, secret("redis-auth", "data: {a: a}")), Undecided: []string{mount + ".mountPath"}},
	})
}

func TestNotOptional(t *testing.T) {
	with := func(ref string) string {
		return packtest.Container("env: [{name: A, valueFrom: {secretKeyRef: {" + ref + "}}}]")
	}
	const ref = at + "env[0].valueFrom.secretKeyRef.optional"
	packtest.Run(t, packtest.With(packtest.Named(Rules, "reference-is-not-optional"), map[string]any{"optional": []any{"gateway-token-key/TOKEN_ENCRYPTION_KEY"}}), map[string]packtest.Case{
		"required":    {Objects: with("name: a, key: b, optional: false")},
		"absent":      {Objects: with("name: a, key: b")},
		"optional":    {Objects: with("name: a, key: b, optional: true"), Want: []string{ref}},
		"listed":      {Objects: with("name: gateway-token-key, key: TOKEN_ENCRYPTION_KEY, optional: true")},
		"another key": {Objects: with("name: gateway-token-key, key: TOKEN, optional: true"), Want: []string{ref}},
		"all of it":   {Objects: packtest.Container("envFrom: [{configMapRef: {name: a, optional: true}}]"), Want: []string{at + "envFrom[0].configMapRef.optional"}},
		"as files":    {Objects: packtest.Deployment("volumes: [{name: v, secret: {secretName: a, optional: true}}]"), Want: []string{packtest.InPod + "volumes[0].secret.optional"}},
		"wrong type":  {Objects: with("name: a, key: b, optional: 'true'"), Want: []string{ref}},
		"not known":   {Objects: with("name: a, key: b, optional: <unknown>"), Undecided: []string{ref}},
	})
}
