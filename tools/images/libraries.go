package images

import (
	"context"
	"debug/elf"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// wants are the shared libraries that a program or library names, and the
// loader that starts it; none for what is no such file.
func wants(file string) (libraries []string, loader string) {
	binary, err := elf.Open(file)
	if err != nil {
		return nil, ""
	}
	defer func() { _ = binary.Close() }() // only read from
	libraries, _ = binary.ImportedLibraries()
	for _, segment := range binary.Progs {
		if segment.Type == elf.PT_INTERP {
			content := make([]byte, segment.Filesz)
			if _, err := segment.ReadAt(content, 0); err == nil {
				loader = strings.TrimPrefix(strings.TrimRight(string(content), "\x00"), "/")
			}
		}
	}
	return libraries, loader
}

// library finds a library in the fetched packages: its file, its place in an
// image and the package that has it.
func (p *packages) library(name string) (file, place, owner string) {
	for _, folder := range []string{"usr/lib/*", "lib/*", "usr/lib", "lib"} {
		found, _ := filepath.Glob(filepath.Join(p.folder, "*_*", "root", folder, name))
		if len(found) == 0 {
			continue
		}
		inside, _ := filepath.Rel(p.folder, found[len(found)-1])
		words := strings.SplitN(filepath.ToSlash(inside), "/", 3)
		owner, _, _ = strings.Cut(words[0], "_")
		return found[len(found)-1], merged(words[2]), owner
	}
	return "", "", ""
}

// addLibraries adds what the files of a layer need and what is not below it.
func (p *packages) addLibraries(t, below tree) error {
	missing, err := p.resolve(t, below)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		return fmt.Errorf("images: %s needs the library %s, which no package has that it depends on", missing[name].file, name)
	}
	return nil
}

// needed is who needs a library: a file, and the package that has it.
type needed struct{ file, owner string }

// resolve adds the libraries that are in fetched packages, and tells which are
// not.
func (p *packages) resolve(t, below tree) (map[string]needed, error) {
	missing := map[string]needed{}
	queue := slices.Sorted(maps.Keys(t))
	for ; len(queue) > 0; queue = queue[1:] {
		e := t[queue[0]]
		if e.source == "" {
			continue
		}
		libraries, loader := wants(e.source)
		if loader != "" && t[merged(loader)].source == "" && below[merged(loader)].source == "" {
			libraries = append(libraries, path.Base(loader))
		}
		for _, name := range libraries {
			file, place, _ := p.library(name)
			if file == "" {
				missing[name] = needed{e.source, p.owner(e.source)}
				continue
			}
			if name == path.Base(loader) {
				place = merged(loader)
			}
			if t[place].source != "" || below[place].source != "" {
				continue
			}
			real, err := p.follow(file)
			if err != nil {
				return nil, err
			}
			t[place] = entry{Mode: 0o755, source: real}
			queue = append(queue, place)
		}
	}
	return missing, nil
}

// owner is the package of a fetched file.
func (p *packages) owner(file string) string {
	inside, err := filepath.Rel(p.folder, file)
	if err != nil {
		return ""
	}
	owner, _, _ := strings.Cut(filepath.ToSlash(inside), "_")
	return owner
}

// follow is the file behind symbolic links, the absolute ones of which begin
// at the root of their package.
func (p *packages) follow(file string) (string, error) {
	for range 8 {
		target, err := os.Readlink(file)
		if err != nil {
			break
		}
		if filepath.IsAbs(target) {
			inside, _ := filepath.Rel(p.folder, file)
			file = filepath.Join(p.folder, strings.SplitN(inside, string(filepath.Separator), 2)[0], "root", target)
			continue
		}
		file = filepath.Join(filepath.Dir(file), target)
	}
	if _, err := os.Stat(file); err != nil {
		return "", fmt.Errorf("images: packages: %w", err)
	}
	return file, nil
}

// fetchLibraries fetches the packages of the libraries that a part needs:
// those with libraries among what the package of a program depends on, step
// by step until nothing is missing or nothing is new.
func (p *packages) fetchLibraries(ctx context.Context, name string) error {
	definition := partTable()[name]
	for {
		if err := p.fetch(ctx, p.followed(definition)); err != nil {
			return err
		}
		t := tree{}
		for _, carrier := range append(definition.packages, p.followed(definition)...) {
			if err := p.take(t, carrier, definition); err != nil {
				return err
			}
		}
		missing, err := p.resolve(t, nil)
		if err != nil {
			return err
		}
		var further []string
		for _, user := range missing {
			for _, dependency := range p.depends(user.owner) {
				if hasLibraries(dependency) {
					further = append(further, dependency)
				}
			}
		}
		if further = p.missing(further); len(further) == 0 {
			return nil
		}
		slices.Sort(further)
		if err := p.fetch(ctx, further); err != nil {
			return err
		}
	}
}
