// Package shim reaches the random provider, which its own module keeps in an
// internal package. Go allows the import from any path under that module's.
package shim

import (
	"github.com/hashicorp/terraform-plugin-framework/provider"

	random "github.com/terraform-providers/terraform-provider-random/internal/provider"
)

// New returns the Terraform provider that makes passwords, ids and the like.
func New() provider.Provider { return random.New() }
