//go:build e2e

package bench

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"sigs.k8s.io/yaml"

	"platform/tools/toolchain"
)

// projectParts is what platformctl needs of a checkout. The tools are compared
// with those in the cache and not built again.
var projectParts = []string{"go.mod", "go.sum", "main.go", "Pulumi.yaml", "components", "config", "policy", "stacks", "tools"}

// project is a copy of the checkout with one stack file, which is edited. Its
// program is linked once, by the first command that needs it.
type project struct {
	root     string
	path     string // of the stack file
	original []byte // its content in the checkout
}

func copyProject(b *testing.B, stack string) *project {
	b.Helper()
	checkout, err := toolchain.Root(".")
	if err != nil {
		b.Fatal(err)
	}
	root, err := os.MkdirTemp(scratch, "project-")
	if err != nil {
		b.Fatal(err)
	}
	p := &project{root: root}
	name := fmt.Sprintf("Pulumi.%s.yaml", stack)
	p.path = filepath.Join(p.root, name)
	for _, part := range append([]string{name}, projectParts...) {
		err = errors.Join(err, copyPart(filepath.Join(p.root, part), filepath.Join(checkout, part)))
	}
	if err != nil {
		b.Fatal(err)
	}
	if p.original, err = os.ReadFile(p.path); err != nil {
		b.Fatal(err)
	}
	return p
}

// copyPart copies a file or a folder.
func copyPart(to, from string) error {
	if info, err := os.Stat(from); err != nil || info.IsDir() {
		return errors.Join(err, os.CopyFS(to, os.DirFS(from)))
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o600)
}

// edit writes the stack file as it is in the checkout but for the changes.
func (p *project) edit(b *testing.B, changes ...func(settings map[string]any)) {
	b.Helper()
	content := map[string]any{}
	err := yaml.Unmarshal(p.original, &content)
	if err != nil {
		b.Fatal(err)
	}
	for _, change := range changes {
		change(content["config"].(map[string]any))
	}
	text, err := yaml.Marshal(content)
	if err == nil {
		err = os.WriteFile(p.path, text, 0o600)
	}
	if err != nil {
		b.Fatal(err)
	}
}

// roomy gives every node room for all pods of the largest stack. The
// services' own requests stay the default: the engine hands a program its
// configuration in one variable, of which Linux takes 128 KiB, and a thousand
// services that write their requests have more.
func roomy(settings map[string]any) {
	topology := settings["platform:topology"].(map[string]any)
	for _, one := range topology["nodes"].([]any) {
		node := one.(map[string]any)
		node["pods"], node["cpu"], node["memory"] = 2000, 1000, "4Ti"
	}
}

// extra adds services that have a Deployment, a Service and a ServiceAccount
// each.
func extra(count int) func(settings map[string]any) {
	return func(settings map[string]any) {
		services := settings["platform:services"].(map[string]any)
		for i := range count {
			services[fmt.Sprintf("x%03d", i)] = map[string]any{
				"image": "x:1", "port": 8080, "platforms": []string{"linux/amd64", "linux/arm64"},
			}
		}
	}
}

// closedPort takes the first of the compute ports away, which changes the
// place of every other in the Service.
func closedPort(settings map[string]any) {
	ports := settings["platform:gateway"].(map[string]any)["computePorts"].(map[string]any)
	ports["first"] = ports["first"].(float64) + 1
}
