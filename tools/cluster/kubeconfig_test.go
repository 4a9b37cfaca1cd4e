package cluster

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/tools/clientcmd"
)

func TestKubeconfigStandsAlone(t *testing.T) {
	at := issued(t, time.Now())
	require.NoError(t, writeKubeconfig(at, "platform-local", "https://127.0.0.1:20001"))
	file, err := clientcmd.LoadFromFile(at.kubeconfig())
	require.NoError(t, err)
	assert.Equal(t, "platform-local", file.CurrentContext)
	assert.Len(t, file.Contexts, 1)
	config, err := clientcmd.NewDefaultClientConfig(*file, nil).ClientConfig()
	require.NoError(t, err)
	assert.Equal(t, "https://127.0.0.1:20001", config.Host)
	assert.Equal(t, read(t, at.pki(fileCA)), string(config.CAData))
	assert.Equal(t, read(t, at.pki(fileAdminKey)), string(config.KeyData))
	assert.False(t, config.Insecure)
}

func TestKubeconfigNeedsCertificates(t *testing.T) {
	err := writeKubeconfig(layout(t.TempDir()), "platform-local", "https://127.0.0.1:20001")
	require.ErrorContains(t, err, "kubeconfig: ")
}
