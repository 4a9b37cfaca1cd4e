package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// account is where the kubelet puts a pod's credentials.
const account = "/var/run/secrets/kubernetes.io/serviceaccount/"

// kube asks the API server with the pod's own rights.
type kube struct {
	address string
	client  *http.Client
}

// openKube finds the API server by the variables that every pod has.
func openKube() (*kube, error) {
	if err := need("KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"); err != nil {
		return nil, err
	}
	authority, err := os.ReadFile(account + "ca.crt")
	if err != nil {
		return nil, fmt.Errorf("kubernetes: %w", err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	return &kube{
		address: "https://" + net.JoinHostPort(os.Getenv("KUBERNETES_SERVICE_HOST"), os.Getenv("KUBERNETES_SERVICE_PORT")),
		client: &http.Client{
			Timeout: 10 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}},
		},
	}, nil
}

// refused is an answer that is no success.
type refused struct {
	status int
	reason string
}

func (r *refused) Error() string { return fmt.Sprintf("kubernetes: %d: %s", r.status, r.reason) }

// ask sends one request and reads the answer into into, unless that is nil. The
// token is read each time, since the kubelet renews it.
func (k *kube) ask(ctx context.Context, method, path string, body, into any) error {
	var content io.Reader = http.NoBody
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, k.address+path, content)
	if err != nil {
		return err
	}
	token, err := os.ReadFile(account + "token")
	if err != nil {
		return fmt.Errorf("kubernetes: %w", err)
	}
	request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	request.Header.Set("Content-Type", "application/json")
	response, err := k.client.Do(request)
	if err != nil {
		return fmt.Errorf("kubernetes: %w", err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("kubernetes: %w", err)
	}
	if response.StatusCode >= http.StatusBadRequest {
		var status struct{ Message string }
		_ = json.Unmarshal(text, &status)
		return &refused{response.StatusCode, status.Message}
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}
