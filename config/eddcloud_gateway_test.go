package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The namespace of the gateway's Secret follows its image.
func TestSSHSecretNamespaceFollowsTheImage(t *testing.T) {
	for image, want := range map[string]string{
		"eddisonso/ecloud-gateway:20260215-062053":                           "default",
		"eddisonso/ecloud-gateway:20260214-000000":                           "default",
		"eddisonso/ecloud-gateway:20260215-062054":                           "core",
		"eddisonso/ecloud-gateway:20260609-204554":                           "core",
		"example.org/gateway:v1":                                             "core",
		"docker.io/eddisonso/ecloud-gateway:20260215-062053@sha256:" + zeros: "default",
	} {
		assert.Equal(t, want, sshSecretNamespace(image), image)
	}
	c, err := parseCore(t, change{"gateway.sshSecretNamespace", "ssh"})
	require.NoError(t, err)
	assert.Equal(t, "ssh", c.Gateway.SSHSecretNamespace, "what is written counts")
}

const zeros = "0000000000000000000000000000000000000000000000000000000000000000"
