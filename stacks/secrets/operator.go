package secrets

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/secret"
	"platform/config"
)

// Operator knows where values are kept and none of them: the Infisical
// operator fetches them when it writes the Secrets.
type Operator struct {
	settings config.Infisical
}

// NewOperator returns the source of a stack whose Secrets the operator writes.
// It asks Infisical nothing, so that it works without access to it.
func NewOperator(cfg config.Secrets) Operator { return Operator{cfg.Infisical} }

// Value is a token in the place of the value. It holds letters and digits
// alone, so that whatever is composed of the value can be composed of it; the
// component that writes the Secret turns it into the operator's template.
func (Operator) Value(_ *pulumi.Context, value config.SecretValue) (pulumi.StringOutput, error) {
	if value.Path == "" || value.Name == "" {
		return pulumi.StringOutput{}, fmt.Errorf("secret %s: config has let through a value without a folder or a name in Infisical", value)
	}
	stored := secret.StoredValue{Folder: value.Path, Name: value.Name, Optional: value.Optional}
	return asSecret(stored.Token()), nil
}

// Operator is where the operator that writes a stack's Secrets finds their
// values; nil where the program writes them.
func (s *Store) Operator() *config.Infisical {
	operator, ok := s.source.(Operator)
	if !ok {
		return nil
	}
	return &operator.settings
}
