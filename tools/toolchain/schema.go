package toolchain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// providerPackage is a package of the provider's module; go list finds the
// folder by it, while it cannot look the module itself up.
const providerPackage = "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"

// providerSchemas makes the two files that the provider embeds and its module
// leaves out, from the files that it does carry.
func providerSchemas(ctx context.Context, j job) (map[string][]byte, error) {
	folder, err := packageFolder(ctx, filepath.Join(j.tools, string(ProviderKubernetes)), providerPackage)
	if err != nil {
		return nil, err
	}
	folder = filepath.Join(folder, "..", "..", "cmd", string(ProviderKubernetes))
	schema, err := os.ReadFile(filepath.Join(folder, "schema.json"))
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	mapping, err := os.ReadFile(filepath.Join(folder, "terraform-mapping.json"))
	if err != nil {
		return nil, fmt.Errorf("terraform mapping: %w", err)
	}
	stamped, err := stampVersion(schema, providerKubernetesVersion)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return map[string][]byte{"schema-embed.json": stamped, "terraform-mapping-embed.json": mapping}, nil
}

// packageFolder is where the sources of a package lie, downloaded if need be.
func packageFolder(ctx context.Context, module, pkg string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-mod=readonly", "-f", "{{.Dir}}", pkg)
	cmd.Dir = module
	out, err := cmd.Output()
	if failed := new(exec.ExitError); errors.As(err, &failed) {
		return "", fmt.Errorf("go list %s in %s: %w: %s", pkg, module, err, bytes.TrimSpace(failed.Stderr))
	}
	if err != nil {
		return "", fmt.Errorf("go list %s: %w", pkg, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// stampVersion sets the version of a package schema and keeps all else as it
// is. The CLI refuses a plugin whose schema has none.
func stampVersion(schema []byte, version string) ([]byte, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(schema, &fields); err != nil {
		return nil, err
	}
	fields["version"] = json.RawMessage(fmt.Sprintf("%q", version))
	return json.Marshal(fields)
}
