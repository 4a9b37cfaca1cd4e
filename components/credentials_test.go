package components_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components/secret"
	"platform/tests/recorder"
)

// Each Secret has the name that services know, its own type and its own keys.
func TestCredentialsAreKept(t *testing.T) {
	args := secret.CredentialsArgs{App: app(), Secrets: map[string]secret.Credential{
		"edd-cloud-auth": {Type: "Opaque", Values: pulumi.StringMap{"JWT_SECRET": secretValue("jwt")}},
		"regcred": {
			Type: "kubernetes.io/dockerconfigjson", Values: pulumi.StringMap{".dockerconfigjson": secretValue("login")}, Protect: true,
		},
		"wildcard-tls": {
			Type: "kubernetes.io/tls", Values: pulumi.StringMap{"tls.crt": secretValue("certificate"), "tls.key": secretValue("key")},
		},
	}}
	resources := run(t, func(ctx *pulumi.Context) error {
		made, err := secret.NewCredentials(ctx, "credentials", args)
		if err == nil {
			assert.ElementsMatch(t, slices.Collect(maps.Keys(args.Secrets)), slices.Collect(maps.Keys(made.Secrets)))
		}
		return err
	})
	requireClosed(t, resources)
	assert.Len(t, resources.of("Secret"), 3)
	for name, want := range args.Secrets {
		made := resources.one(t, "Secret", name)
		assert.Equal(t, name, dig(made.Inputs, "metadata", "name"))
		assert.Equal(t, want.Type, made.Inputs["type"])
		assert.Equal(t, want.Protect, made.Protect, name)
		assert.Equal(t, recorder.Masked, made.Inputs["data"], "whoever marks it")
		values := map[string]string{}
		for key, value := range want.Values {
			values[key] = string(value.(pulumi.String))
		}
		assert.Equal(t, values, decoded(t, made))
	}
}
