// Package toolchain makes the programs that this project runs: the Pulumi
// engine with its providers, the parts of the embedded cluster and the linter.
// Each is pinned by a go.mod and a go.sum under tools/ and built from the Go
// module proxy alone, once, into the user's cache.
//
// These environment variables steer it:
//
//   - PLATFORM_CACHE is the cache folder; without it, the folder platform in
//     [os.UserCacheDir].
//   - PULUMI_CREDENTIALS_PATH is the folder of the login of the CLI built here;
//     without it, the folder login of [StateFolder].
//   - PLATFORM_TOOLCHAIN=build builds the engine even where an official pulumi
//     of the right version is on PATH.
//   - PLATFORM_PROGRAM is read by the language host that is built here: the
//     path of a linked program, which it runs as it is.
//   - PLATFORM_BUILD_TARGET is read by the language host that is built here:
//     the path where it keeps the linked program between runs.
package toolchain

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Options say what [Ensure] makes and where it reports.
type Options struct {
	Root  string    // checkout; empty means the one around the working directory
	Tools []Name    // as by [Engine], [Cluster] and the other groups; empty means all of them
	Out   io.Writer // progress; nil means silence

	catalog []tool // what can be made; nil means the project's own
}

// Toolchain tells where the programs are.
type Toolchain struct {
	cache    string
	folders  map[Name]string // of the tools asked for
	programs map[string]string
	official string // path of the official pulumi in use; empty if it is built here
	login    string // folder of the login of the pulumi built here; empty means the user has named one
	version  string // of pulumi
}

// Ensure finds the tools asked for, and makes those that are missing. Two
// processes never build at the same time: the second waits and says so.
func Ensure(ctx context.Context, opts Options) (*Toolchain, error) {
	w, err := newWorkshop(opts)
	if err != nil {
		return nil, err
	}
	wanted, err := pick(w.catalog, opts.Tools)
	if err != nil {
		return nil, err
	}
	t := &Toolchain{cache: w.cache, folders: map[Name]string{}, programs: map[string]string{}}
	if wanted, err = t.preferOfficial(ctx, wanted, w.say); err != nil {
		return nil, err
	}
	if err := w.locate(wanted, t); err != nil {
		return nil, err
	}
	if err := w.makeMissing(ctx, wanted, t); err != nil {
		return nil, err
	}
	if err := t.prepareHome(); err != nil {
		return nil, err
	}
	if err := t.prepareLogin(); err != nil {
		return nil, err
	}
	if err := t.linkPlugins(wanted); err != nil {
		return nil, err
	}
	return t, nil
}

// Pulumi is the path of the Pulumi CLI.
func (t *Toolchain) Pulumi() string {
	if t.official != "" {
		return t.official
	}
	return t.Path("pulumi")
}

// Version is pulumi's, such as 3.259.0.
func (t *Toolchain) Version() string {
	if t.version == "" {
		return pulumiVersion
	}
	return t.version
}

// Official reports whether Pulumi is the user's own installation, with the
// user's PULUMI_HOME, language host and plugins.
func (t *Toolchain) Official() bool { return t.official != "" }

// Kubectl is the path of kubectl.
func (t *Toolchain) Kubectl() string { return t.Path("kubectl") }

// Path is the path of a program such as kube-apiserver; empty if its tool was
// not asked for.
func (t *Toolchain) Path(program string) string { return t.programs[program] }

// Env is what to append to [os.Environ] for a process that runs these tools:
// later entries win, so PATH here has the tools' folders first.
func (t *Toolchain) Env() []string {
	env := []string{
		"PATH=" + t.searchPath(os.Getenv("PATH")),
		"PULUMI_SKIP_UPDATE_CHECK=true",
	}
	if t.folders[Pulumi] != "" {
		env = append(env, "PULUMI_HOME="+t.home())
	}
	if t.login != "" {
		env = append(env, credentialsPath+"="+t.login)
	}
	return env
}

// searchPath puts the folders of the programs before the caller's PATH. The
// providers are left out: the CLI warns of a plugin that it finds there, and
// they are installed in its home.
func (t *Toolchain) searchPath(old string) string {
	var folders []string
	for _, name := range slices.Concat([]Name{Pulumi}, Cluster, LoadBalancer, Nodes, Speakers, Lint) {
		if folder := t.folders[name]; folder != "" && name != CRDs {
			folders = append(folders, filepath.Join(folder, binFolder))
		}
	}
	if old != "" {
		folders = append(folders, old)
	}
	return strings.Join(folders, string(os.PathListSeparator))
}

// home is the PULUMI_HOME of the CLI built here: the user's own stays as it
// is, for the plugins in it are those of another CLI.
func (t *Toolchain) home() string { return filepath.Join(t.cache, "pulumi-home") }

// pick resolves names in the catalogue, keeping the catalogue's order.
func pick(catalog []tool, names []Name) ([]tool, error) {
	if len(names) == 0 {
		return catalog, nil
	}
	wanted := map[Name]bool{}
	for _, name := range names {
		wanted[name] = true
	}
	var picked []tool
	for _, t := range catalog {
		if wanted[t.name] {
			picked = append(picked, t)
			delete(wanted, t.name)
		}
	}
	for name := range wanted {
		return nil, fmt.Errorf("toolchain: %q is not a tool; the tools are %s", name, list(catalog))
	}
	return picked, nil
}

// ToolOf is the tool that a program is of.
func ToolOf(program string) (Name, error) {
	var all []string
	for _, t := range projectTools() {
		programs := t.programs()
		if slices.Contains(programs, program) {
			return t.name, nil
		}
		all = append(all, programs...)
	}
	return "", fmt.Errorf("toolchain: %q is no program of it; they are %s", program, strings.Join(all, ", "))
}

// list prints the names of a catalogue.
func list(catalog []tool) string {
	names := make([]string, len(catalog))
	for i, t := range catalog {
		names[i] = string(t.name)
	}
	return strings.Join(names, ", ")
}
