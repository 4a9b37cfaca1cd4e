package components_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/object"
	"platform/components/redis"
	"platform/components/secret"
	"platform/tests/recorder"
)

const staticSecret = "InfisicalStaticSecret"

// everyByte has each ASCII character that a value may hold, what text/template,
// URLs, JSON and Redis read, and letters of more than one byte.
func everyByte() string {
	var text strings.Builder
	for b := byte(1); b < 0x80; b++ {
		text.WriteByte(b)
	}
	return text.String() + "é漢😀"
}

// Whoever delivers, a Secret has the same bytes under the same keys.
func TestOperatorWritesWhatTheProgramWould(t *testing.T) {
	for sample, text := range map[string]string{
		"letters":   "letters9",
		"every":     everyByte(),
		"space":     "a b+c%20 d%2B",
		"template":  `{{ .Value }} {{- fail "x" -}} {{/* */}} }}`,
		"JSON":      `{"auths": {"registry.example": {"auth": "dXNlcjpwdw=="}}}`,
		"PEM":       "-----BEGIN CERTIFICATE-----\nMIIB+/=\n-----END CERTIFICATE-----\n",
		"a token's": secret.StoredValue{Folder: "/a", Name: "b"}.Token() + " ",
		"not UTF-8": "a\xff\xfeb",
	} {
		values := keeping(text)
		plain, operated := writers(app(), values.itself), writers(operated(), byToken)
		for name := range plain {
			t.Run(sample+"/"+name, func(t *testing.T) {
				written, delivered := run(t, plain[name]).of("Secret"), run(t, operated[name])
				require.NotEmpty(t, written)
				assert.Empty(t, delivered.of("Secret"), "the program writes none")
				assert.Len(t, delivered.of(staticSecret), len(written))
				for _, kept := range written {
					content, err := values.write(delivered.one(t, staticSecret, kept.Name))
					require.NoError(t, err)
					assert.Equal(t, decoded(t, kept), content, kept.Name)
				}
			})
		}
	}
}

// The Secret that the operator makes is the one that pods name, and it
// outlives its resource.
func TestOperatorSecretHasNameTypeAndLabels(t *testing.T) {
	values := keeping("v")
	plain := run(t, writers(app(), values.itself)["credentials"])
	delivered := run(t, writers(operated(), byToken)["credentials"])
	for _, kept := range plain.of("Secret") {
		resource := delivered.one(t, staticSecret, kept.Name)
		target := dig(resource.Inputs, "spec", "targets", 0)
		assert.Equal(t, dig(kept.Inputs, "metadata", "name"), dig(target, "name"))
		assert.Equal(t, dig(kept.Inputs, "metadata", "namespace"), dig(target, "namespace"))
		assert.Equal(t, dig(kept.Inputs, "metadata", "labels"), dig(target, "metadata", "labels"))
		assert.Equal(t, dig(kept.Inputs, "metadata", "labels"), dig(resource.Inputs, "metadata", "labels"))
		assert.Equal(t, map[string]any{}, dig(target, "metadata", "annotations"), "else it gets those of the resource")
		assert.Equal(t, kept.Inputs["type"], dig(target, "secretType"))
		assert.Equal(t, "Secret", dig(target, "kind"))
		assert.Equal(t, "Orphan", dig(target, "creationPolicy"))
		assert.Equal(t, kept.Protect, resource.Protect)
		assert.Equal(t, kept.Parent, resource.Parent)
		assert.Equal(t, "condition=secrets.infisical.com/LastReconcileStatus", dig(resource.Inputs, "metadata", "annotations", "pulumi.com/waitFor"))
		assert.Equal(t, "5m", resource.CreateTimeout)
		assert.Equal(t, map[string]any{"name": "platform", "namespace": "infisical"}, dig(resource.Inputs, "spec", "infisicalAuthRef"))
		assert.Equal(t, "60s", dig(resource.Inputs, "spec", "syncOptions", "refreshInterval"))
		for _, source := range list(resource.Inputs, "spec", "sources") {
			assert.Equal(t, "8d2f3a1e-5b7c-4c1d-9e0f-2a6b4c8d0e1f", dig(source, "projectId"))
			assert.Equal(t, "dev", dig(source, "environmentSlug"))
		}
	}
	assert.True(t, delivered.one(t, staticSecret, "edd-cloud-db").Protect)
}

// A template is no secret: it can be read in a diff and in what is rendered.
func TestTemplatesStandInClear(t *testing.T) {
	for name, want := range map[string]map[string]any{
		"regcred": {".dockerconfigjson": `{{ with (index . ".dockerconfigjson").Value }}{{ . }}{{ else }}{{ fail ".dockerconfigjson is missing or empty in folder /regcred" }}{{ end }}`},
		"wildcard-tls": {
			"tls.crt": `{{ with (index . "tls.crt").Value }}{{ . }}{{ else }}{{ fail "tls.crt is missing or empty in folder /wildcard-tls" }}{{ end }}`,
			"tls.key": `{{ with (index . "tls.key").Value }}{{ . }}{{ else }}{{ fail "tls.key is missing or empty in folder /wildcard-tls" }}{{ end }}`,
		},
		"edd-cloud-db": {
			"PASSWORD": `{{ with (index . "PASSWORD").Value }}{{ . }}{{ else }}{{ fail "PASSWORD is missing or empty in folder /edd-cloud-db" }}{{ end }}`,
			"ROLE":     "core",
			"BRACED": `{{ "{" }}{{ with (index . "PASSWORD").Value }}{{ . }}{{ else }}{{ fail "PASSWORD is missing or empty in folder /edd-cloud-db" }}{{ end }}` +
				`{{ "}{{ . }}" }}{{ with (index . "PASSWORD").Value }}{{ . }}{{ else }}{{ fail "PASSWORD is missing or empty in folder /edd-cloud-db" }}{{ end }}{{ "{" }}`,
			"DATABASE_URL": `postgres://core:{{ with (index . "PASSWORD").Value }}{{ range splitList "" . }}{{ if regexMatch "[-A-Za-z0-9_.~$&+,;=]" . }}{{ . }}{{ else }}` +
				`%{{ printf "% X" . | replace " " "%" }}{{ end }}{{ end }}{{ else }}{{ fail "PASSWORD is missing or empty in folder /edd-cloud-db" }}{{ end }}@haproxy:5432/core?sslmode=disable`,
		},
	} {
		resource := run(t, writers(operated(), byToken)["credentials"]).one(t, staticSecret, name)
		assert.Equal(t, want, dig(resource.Inputs, "spec", "targets", 0, "template", "data"))
	}
	resource := run(t, writers(operated(), byToken)["postgres"]).one(t, staticSecret)
	assert.Equal(t, map[string]any{
		"admin-password": `{{ with (secretFrom "/postgres-credentials" "admin-password").Value }}{{ . }}{{ else }}{{ fail "admin-password is missing or empty in folder /postgres-credentials" }}{{ end }}`,
		"user-password":  `{{ with (secretFrom "/backend-secrets" "DATABASE_PASSWORD").Value }}{{ . }}{{ else }}{{ fail "DATABASE_PASSWORD is missing or empty in folder /backend-secrets" }}{{ end }}`,
	}, dig(resource.Inputs, "spec", "targets", 0, "template", "data"))
	assert.Equal(t, []any{"/backend-secrets", "/postgres-credentials"}, []any{
		dig(resource.Inputs, "spec", "sources", 0, "secretPath"), dig(resource.Inputs, "spec", "sources", 1, "secretPath"),
	})
}

// A value that is not there stops the operator: the Secret stays as it was.
func TestMissingValuesAreNotWritten(t *testing.T) {
	for name, program := range writers(operated(), byToken) {
		t.Run(name, func(t *testing.T) {
			for _, resource := range run(t, program).of(staticSecret) {
				for what, values := range map[string]kept{"missing": {}, "empty": keeping("").emptied()} {
					_, err := values.write(resource)
					require.Error(t, err, "%s %s", resource.Name, what)
				}
			}
		})
	}
}

// emptied has the same names, all without a value.
func (k kept) emptied() kept {
	for _, names := range k {
		for name := range names {
			names[name] = ""
		}
	}
	return k
}

// credential writes one Secret with one key, beside those that are given.
func credential(a object.App, values pulumi.StringMap) program {
	return registering("credentials", secret.NewCredentials, secret.CredentialsArgs{
		App: a, Secrets: map[string]secret.Credential{"one": {Type: "Opaque", Values: values}},
	})
}

func TestOptionalValuesMayBeMissing(t *testing.T) {
	optional := secret.StoredValue{Folder: "/a", Name: "NAME", Optional: true}
	resource := run(t, credential(operated(), pulumi.StringMap{
		"NAME": token(optional), "URL": redis.Queue{Host: "h", Port: 1, Password: token(optional)}.URL(),
	})).one(t, staticSecret)
	for want, values := range map[string]kept{"": {}, "v": {"/a": {"NAME": "v"}}} {
		content, err := values.write(resource)
		require.NoError(t, err)
		assert.Equal(t, map[string]string{"NAME": want, "URL": "redis://:" + want + "@h:1/0"}, content)
	}
}

func TestOperatorSecretErrors(t *testing.T) {
	const leak = "c4n4ry"
	whole := secret.StoredValue{Folder: "/a", Name: "NAME"}.Token()
	optional := token(secret.StoredValue{Folder: "/a", Name: "NAME", Optional: true})
	for name, tc := range map[string]struct {
		values pulumi.StringMap
		want   string // "" means accepted
	}{
		"one place":  {pulumi.StringMap{"K": byToken("/a", "NAME")}, ""},
		"two places": {pulumi.StringMap{"K": byToken("/a", "NAME"), "L": byToken("/b", "NAME")}, ""},
		"no place": {
			pulumi.StringMap{"K": byToken("/a", "NAME"), "L": pulumi.ToSecret(pulumi.String(leak)).(pulumi.StringOutput)},
			`secret "one": key L: holds no value that the operator could fetch; take it from the secret source`,
		},
		"optional of two folders": {
			pulumi.StringMap{"K": optional, "L": byToken("/b", "NAME")},
			`secret "one": key K: NAME in folder /a may be missing, which the operator cannot tell where a Secret reads several folders; make it mandatory`,
		},
		"a torn token": {
			pulumi.StringMap{"K": pulumi.ToSecret(pulumi.String("InfisicalValueabV")).(pulumi.StringOutput)},
			`key K: names no place in Infisical`,
		},
		"an unknown spelling": {
			pulumi.StringMap{"K": pulumi.String(strings.TrimSuffix(whole, "V") + "Q"), "L": byToken("/a", "NAME")},
			`key K: is written in no way that the operator knows`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := recorder.Run("dev", credential(operated(), tc.values))
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
			assert.NotContains(t, err.Error(), leak)
		})
	}
}

// The operator takes no resource without a source, and there is nothing to
// hide.
func TestSecretOfLiteralsStaysOne(t *testing.T) {
	resources := run(t, credential(operated(), pulumi.StringMap{"K": pulumi.String("known")}))
	assert.Equal(t, map[string]string{"K": "known"}, decoded(t, resources.one(t, "Secret")))
	assert.Empty(t, resources.of(staticSecret))
}

// A Secret that leaves the program stays where pods look for it, so that the
// operator can take it over.
func TestPlainSecretsAreRetained(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		for _, kept := range resources.of("Secret") {
			assert.True(t, kept.RetainOnDelete, kept.Name)
		}
	})
	for _, resource := range run(t, writers(operated(), byToken)["credentials"]).of(staticSecret) {
		assert.False(t, resource.RetainOnDelete, "the operator would go on writing")
	}
}
