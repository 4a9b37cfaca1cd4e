package secrets

import (
	"testing"

	"platform/policy/packtest"
)

func TestReferencesResolve(t *testing.T) {
	const in = "Deployment/api: spec.template.spec."
	const variable = in + "containers[0].env[0].valueFrom."
	secret := object("v1", "Secret", "s", "data: {k: <secret>x}, stringData: {l: <secret>y}")
	config := object("v1", "ConfigMap", "c", "data: {k: x}, binaryData: {b: eA==}")
	of := func(kind, name, key string) string {
		return container("env: [{name: A, valueFrom: {" + kind + "KeyRef: {name: " + name + ", key: " + key + "}}}]")
	}
	volume := func(source string) string { return documents(secret, config, pod("volumes: [{name: v, "+source+"}]")) }
	packtest.Run(t, referencesResolve, map[string]packtest.Case{
		"a key":         {Objects: documents(secret, of("secret", "s", "k"))},
		"a key as text": {Objects: documents(secret, of("secret", "s", "l"))},
		"a setting":     {Objects: documents(config, of("configMap", "c", "b"))},
		"no Secret":     {Objects: documents(config, of("secret", "c", "k")), Want: []string{variable + "secretKeyRef.name"}},
		"no ConfigMap":  {Objects: documents(secret, of("configMap", "s", "k")), Want: []string{variable + "configMapKeyRef.name"}},
		"no key":        {Objects: documents(secret, of("secret", "s", "K")), Want: []string{variable + "secretKeyRef.key"}},
		"elsewhere": {
			Objects: documents("{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: other}}", of("secret", "s", "k")), Want: []string{variable + "secretKeyRef.name"},
		},
		"optional":         {Objects: container("env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k, optional: true}}}]")},
		"issued by others": {Objects: of("secret", "eddisonso-wildcard-tls", "k")},
		"provided":         {Objects: of("secret", "s", "k"), Parameters: map[string]any{"provided": []any{"s"}}},
		"whole":            {Objects: documents(secret, container("envFrom: [{secretRef: {name: s}}, {configMapRef: {name: c}}]")), Want: []string{in + "containers[0].envFrom[1].configMapRef.name"}},
		"whole Secret":     {Objects: container("envFrom: [{secretRef: {name: s}}]"), Want: []string{in + "containers[0].envFrom[0].secretRef.name"}},
		"volumes":          {Objects: volume("secret: {secretName: s, items: [{key: k}]}")},
		"volume":           {Objects: volume("secret: {secretName: t}"), Want: []string{in + "volumes[0].secret.secretName"}},
		"volume's key":     {Objects: volume("configMap: {name: c, items: [{key: k}, {key: m}]}"), Want: []string{in + "volumes[0].configMap.items[1].key"}},
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
