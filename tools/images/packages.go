package images

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// packages is the folder of fetched packages: one folder each, NAME_VERSION_ARCH,
// with the package's files in root and what it depends on in depends.
type packages struct {
	folder string
	say    func(format string, args ...any)
}

// have is the folder of a package, the newest if there are several; empty if
// it was not fetched.
func (p *packages) have(name string) string {
	found, _ := filepath.Glob(filepath.Join(p.folder, name+"_*"))
	found = slices.DeleteFunc(found, func(path string) bool { return strings.HasSuffix(path, halfMade) })
	if len(found) == 0 {
		return ""
	}
	return found[len(found)-1]
}

const halfMade = ".part"

// versions are the folders of what parts are made from, by which an archive
// is found again; none where a package is missing.
func (p *packages) versions(names []string) ([]string, bool) {
	var all []string
	for _, name := range names {
		definition := partTable()[name]
		for _, carrier := range append(definition.packages, p.followed(definition)...) {
			at := p.have(carrier)
			if at == "" {
				return nil, false
			}
			all = append(all, filepath.Base(at))
		}
	}
	return all, true
}

// fetchAll fetches what parts are made from, and the packages of the libraries
// that their programs need. The first step guesses these by their names, since
// each run of apt-get takes seconds; what it missed is fetched afterwards.
func (p *packages) fetchAll(ctx context.Context, names []string) error {
	var carriers, follow []string
	for _, name := range names {
		carriers, follow = append(carriers, partTable()[name].packages...), append(follow, partTable()[name].follow...)
	}
	if guess := p.missing(carriers); len(guess) > 0 {
		guess = append(guess, likely(ctx, guess, follow)...)
		if err := p.fetch(ctx, guess); err != nil {
			return err
		}
	}
	for _, name := range names {
		if err := p.fetchLibraries(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// likely are the packages that others depend on and that carry programs or
// libraries, as far as the lists of apt tell.
func likely(ctx context.Context, names, follow []string) []string {
	output, err := exec.CommandContext(ctx, "apt-cache", append([]string{
		"depends", "--recurse", "--no-recommends", "--no-suggests", "--no-conflicts", "--no-breaks", "--no-replaces", "--no-enhances",
	}, names...)...).Output()
	if err != nil {
		return nil
	}
	edges, at := map[string][]string{}, ""
	for line := range strings.Lines(string(output)) {
		words := strings.Fields(line)
		switch {
		case len(words) == 1 && !strings.HasPrefix(line, " "):
			at = words[0]
		case len(words) == 2 && strings.HasSuffix(words[0], "Depends:"):
			edges[at] = append(edges[at], words[1])
		}
	}
	var found []string
	for queue := slices.Clone(names); len(queue) > 0; queue = queue[1:] {
		for _, name := range edges[queue[0]] {
			if (hasLibraries(name) || matches(follow, name)) && !slices.Contains(found, name) {
				found, queue = append(found, name), append(queue, name)
			}
		}
	}
	return found
}

// hasLibraries tells by its name whether a package carries shared libraries. A
// compiler and an interpreter are left out: what is kept of the packages that
// ask for them does without.
func hasLibraries(name string) bool {
	if strings.HasPrefix(name, "libllvm") || strings.HasPrefix(name, "libperl") || strings.HasSuffix(name, "-perl") || strings.HasSuffix(name, "-common") {
		return false
	}
	return strings.HasPrefix(name, "lib") || strings.HasPrefix(name, "zlib")
}

// followed are the packages of a part that others of it depend on.
func (p *packages) followed(definition part) []string {
	var found []string
	for queue := slices.Clone(definition.packages); len(queue) > 0; queue = queue[1:] {
		for _, name := range p.depends(queue[0]) {
			if matches(definition.follow, name) && !slices.Contains(found, name) {
				found, queue = append(found, name), append(queue, name)
			}
		}
	}
	return found
}

func (p *packages) missing(names []string) []string {
	var missing []string
	for _, name := range names {
		if p.have(name) == "" && !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
	}
	return missing
}

// depends are the names of the packages that one says it depends on.
func (p *packages) depends(name string) []string {
	text, err := os.ReadFile(filepath.Join(p.have(name), "depends"))
	if err != nil {
		return nil
	}
	var names []string
	for _, dependency := range strings.Split(string(text), ",") {
		first, _, _ := strings.Cut(dependency, "|")
		if words := strings.Fields(first); len(words) > 0 {
			name, _, _ := strings.Cut(words[0], ":")
			names = append(names, name)
		}
	}
	return names
}

// fetch downloads packages and unpacks them; what is there stays.
func (p *packages) fetch(ctx context.Context, names []string) error {
	names = p.missing(names)
	if len(names) == 0 {
		return nil
	}
	if err := checkTools(); err != nil {
		return err
	}
	p.say("fetching %d packages of the distribution", len(names))
	download, err := os.MkdirTemp(p.folder, "download-")
	if err != nil {
		return fmt.Errorf("images: packages: %w", err)
	}
	defer os.RemoveAll(download)
	get := func() error { return run(ctx, download, "apt-get", append([]string{"download", "-qq"}, names...)...) }
	if err := get(); err != nil { // the lists may be missing, or older than what the mirror still has
		if updateErr := run(ctx, download, "apt-get", "update", "-qq"); updateErr != nil {
			return fmt.Errorf("images: packages %s: %w", strings.Join(names, ", "), errors.Join(err, updateErr))
		}
		if err := get(); err != nil {
			return fmt.Errorf("images: packages %s: %w", strings.Join(names, ", "), err)
		}
	}
	files, err := filepath.Glob(filepath.Join(download, "*.deb"))
	if err != nil {
		return fmt.Errorf("images: packages: %w", err)
	}
	for _, file := range files {
		if err := p.unpack(ctx, file); err != nil {
			return err
		}
	}
	if still := p.missing(names); len(still) > 0 {
		return fmt.Errorf("images: packages %s: were not downloaded", strings.Join(still, ", "))
	}
	return nil
}

// unpack makes a package's folder under a temporary name, so that an
// interrupted run leaves none that looks whole.
func (p *packages) unpack(ctx context.Context, file string) error {
	into := filepath.Join(p.folder, strings.TrimSuffix(filepath.Base(file), ".deb"))
	half := into + halfMade
	defer os.RemoveAll(half)
	if err := os.MkdirAll(half, 0o755); err != nil {
		return fmt.Errorf("images: packages: %w", err)
	}
	if err := run(ctx, half, "dpkg-deb", "-x", file, filepath.Join(half, "root")); err != nil {
		return fmt.Errorf("images: package %s: %w", filepath.Base(file), err)
	}
	depends, err := exec.CommandContext(ctx, "dpkg-deb", "-f", file, "Depends").Output()
	if err != nil {
		return fmt.Errorf("images: package %s: %w", filepath.Base(file), err)
	}
	if err := os.WriteFile(filepath.Join(half, "depends"), depends, 0o644); err != nil {
		return fmt.Errorf("images: packages: %w", err)
	}
	if err := os.RemoveAll(into); err != nil {
		return fmt.Errorf("images: packages: %w", err)
	}
	return os.Rename(half, into)
}

// take adds the files of a package that a part keeps.
func (p *packages) take(t tree, name string, definition part) error {
	root := filepath.Join(p.have(name), "root")
	return filepath.WalkDir(root, func(at string, found fs.DirEntry, err error) error {
		if err != nil || found.IsDir() {
			return err
		}
		inside, err := filepath.Rel(root, at)
		if err != nil {
			return err
		}
		inside = merged(inside)
		if !matches(definition.keep, inside) || matches(definition.drop, inside) {
			return nil
		}
		e, err := fileEntry(at, found)
		if err != nil {
			return err
		}
		t[inside] = e
		return nil
	})
}

// merged is a path in an image, where /bin and the like lead into /usr.
func merged(path string) string {
	for _, top := range []string{"bin/", "sbin/", "lib/", "lib64/"} {
		if strings.HasPrefix(path, top) {
			return "usr/" + path
		}
	}
	return path
}

// checkTools names every program that is missing in one error.
func checkTools() error {
	var missing []string
	for _, name := range []string{"apt-get", "dpkg-deb"} {
		if _, err := exec.LookPath(name); err != nil {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return fmt.Errorf("images: the registry does not answer, and stand-ins need %s, which this machine lacks; use Debian or Ubuntu, or a network where the registry answers", strings.Join(missing, " and "))
}

// run runs a command; what it printed is in the error.
func run(ctx context.Context, folder, name string, args ...string) error {
	command := exec.CommandContext(ctx, name, args...)
	command.Dir, command.Env = folder, append(os.Environ(), "LC_ALL=C", "DEBIAN_FRONTEND=noninteractive")
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, args[0], err, strings.TrimSpace(string(output)))
	}
	return nil
}
