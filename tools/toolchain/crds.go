package toolchain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// source is a set of files in a module: those that match the patterns go into
// one subfolder.
type source struct {
	Subfolder string
	Module    string
	Patterns  []string
}

// crdSources lists the kinds that the stacks may create. Of the Prometheus
// operator only what they use: its other definitions are very large.
var crdSources = []source{
	{"cert-manager", "github.com/cert-manager/cert-manager", []string{"deploy/crds/*.yaml"}},
	{"gateway-api", "sigs.k8s.io/gateway-api", []string{"config/crd/standard/gateway.networking.k8s.io_*.yaml"}},
	{"openshift", "github.com/openshift/api", []string{"route/v1/zz_generated.crd-manifests/*.yaml"}},
	{"prometheus-operator", "github.com/prometheus-operator/prometheus-operator", []string{
		"example/prometheus-operator-crd-full/*_podmonitors.yaml",
		"example/prometheus-operator-crd-full/*_prometheusrules.yaml",
		"example/prometheus-operator-crd-full/*_servicemonitors.yaml",
	}},
}

// metallbSources lists every kind of MetalLB, as an installation of it has them.
var metallbSources = []source{
	{crdsFolder, "go.universe.tf/metallb", []string{"config/crd/bases/metallb.io_*.yaml"}},
}

// CRDs is the folder with the CustomResourceDefinitions, one subfolder a
// module; empty if [CRDs] was not asked for.
func (t *Toolchain) CRDs() string { return t.folders[CRDs] }

// LoadBalancerCRDs is the folder with the definitions of MetalLB's kinds; empty
// if [MetalLB] was not asked for.
func (t *Toolchain) LoadBalancerCRDs() string {
	folder := t.folders[MetalLB]
	if folder == "" {
		return ""
	}
	return filepath.Join(folder, crdsFolder)
}

// copyFiles downloads the modules of a tool, checked by its go.sum, and copies
// the chosen files.
func copyFiles(ctx context.Context, t tool, j job) error {
	if len(t.copies) == 0 {
		return nil
	}
	folders, err := download(ctx, t, j)
	if err != nil {
		return err
	}
	for _, s := range t.copies {
		if err := s.copy(folders[s.Module], filepath.Join(j.into, s.Subfolder)); err != nil {
			return fmt.Errorf("toolchain: %s: %w", t.name, err)
		}
	}
	if len(t.builds) > 0 {
		return nil
	}
	return os.Remove(filepath.Join(j.into, binFolder)) // it has no programs
}

// download gives the folder of each module.
func download(ctx context.Context, t tool, j job) (map[string]string, error) {
	args := []string{"mod", "download", "-json"}
	for _, s := range t.copies {
		args = append(args, s.Module)
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Stderr = filepath.Join(j.tools, string(t.name)), j.log
	out, err := cmd.Output()
	if _, logErr := j.log.Write(out); logErr != nil {
		return nil, fmt.Errorf("toolchain: %s: %w", t.name, logErr)
	}
	if err != nil {
		return nil, newBuildError(t, cmd.Dir, cmd.Args, j.log.Name(), err)
	}
	return moduleFolders(out)
}

// moduleFolders reads the output of go mod download, one object a module.
func moduleFolders(out []byte) (map[string]string, error) {
	folders := map[string]string{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var module struct{ Path, Dir string }
		if err := decoder.Decode(&module); err != nil {
			return nil, fmt.Errorf("toolchain: output of go mod download: %w", err)
		}
		folders[module.Path] = module.Dir
	}
	return folders, nil
}

// copy copies what matches; a pattern without a match is an error, because the
// module then keeps its files elsewhere.
func (s source) copy(from, into string) error {
	if err := os.MkdirAll(into, 0o755); err != nil {
		return err
	}
	var problems []error
	for _, pattern := range s.Patterns {
		matches, err := fs.Glob(os.DirFS(from), pattern)
		if err == nil && len(matches) == 0 {
			err = fmt.Errorf("%s holds no %s", s.Module, pattern)
		}
		problems = append(problems, err)
		for _, match := range matches {
			text, err := os.ReadFile(filepath.Join(from, match))
			if err == nil {
				err = os.WriteFile(filepath.Join(into, filepath.Base(match)), text, 0o644)
			}
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}
