//go:build tools

// Package crds keeps the modules that carry CustomResourceDefinitions in
// go.mod and go.sum: without an import of each, `go mod tidy` drops them. The
// imported packages are small ones that need nothing else.
package crds

import (
	_ "github.com/cert-manager/cert-manager/pkg/apis/certmanager"
	_ "github.com/openshift/api/annotations"
	_ "github.com/prometheus-operator/prometheus-operator/example/alertmanager-webhook"
	_ "sigs.k8s.io/gateway-api/apis"
)
