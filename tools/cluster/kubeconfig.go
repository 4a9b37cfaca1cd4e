package cluster

import (
	"fmt"
	"os"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// writeKubeconfig stores a file with one context, named after the cluster,
// that carries its certificates inside: it can be copied elsewhere.
func writeKubeconfig(at layout, name, server string) error {
	var parts [3][]byte
	for i, file := range []string{fileCA, fileAdmin, fileAdminKey} {
		text, err := os.ReadFile(at.pki(file))
		if err != nil {
			return fmt.Errorf("kubeconfig: %w", err)
		}
		parts[i] = text
	}
	text, err := clientcmd.Write(clientcmdapi.Config{
		Clusters:       map[string]*clientcmdapi.Cluster{name: {Server: server, CertificateAuthorityData: parts[0]}},
		AuthInfos:      map[string]*clientcmdapi.AuthInfo{name: {ClientCertificateData: parts[1], ClientKeyData: parts[2]}},
		Contexts:       map[string]*clientcmdapi.Context{name: {Cluster: name, AuthInfo: name}},
		CurrentContext: name,
	})
	if err != nil {
		return fmt.Errorf("kubeconfig: %w", err)
	}
	if err := replaceFile(at.kubeconfig(), text); err != nil {
		return fmt.Errorf("kubeconfig: %w", err)
	}
	return nil
}
