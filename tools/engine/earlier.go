package engine

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"

	"platform/config"
	"platform/tools/toolchain"
)

// earlier is a folder of a version that named it by stack and context alone, so
// that several could share it, and kept it in the cache.
type earlier struct {
	folder   string
	checkout string            // that has used it last; empty where it does not say
	contexts map[string]string // by stack whose state is there: of its cluster; empty where that is not known
	cluster  bool              // an embedded one is there
}

// stacksOf are where folders of stacks are, and where an earlier version has kept
// them: beside these where the user has said where, else in the cache.
func stacksOf(opts Options) (stacks, earlier string, err error) {
	if opts.Stacks != "" {
		return opts.Stacks, opts.Stacks, nil
	}
	stacks, err = StacksFolder()
	if err != nil || os.Getenv("PLATFORM_STACKS") != "" {
		return stacks, stacks, err
	}
	cache, err := toolchain.CacheFolder()
	if err != nil {
		return stacks, stacks, nil //nolint:nilerr // without a cache nothing was kept anywhere
	}
	return stacks, filepath.Join(cache, "stacks"), nil
}

// earlierFolder is that of the stack.
func (s *Session) earlierFolder() string {
	name := s.Stack
	if s.instead != "" {
		name += "-" + strings.Map(func(r rune) rune {
			if strings.ContainsRune(`/\:@ `, r) {
				return '-'
			}
			return r
		}, s.instead)
	}
	return filepath.Join(s.earlierStacks, name)
}

// earlierIn reads a folder; nil where it is none of an earlier version.
func earlierIn(folder string) (*earlier, error) {
	if gone(folder) || !gone(filepath.Join(folder, ownerFile)) {
		return nil, nil
	}
	e := &earlier{folder: folder, contexts: map[string]string{}, cluster: !gone(filepath.Join(folder, clusterFolder, "cluster.json"))}
	states, err := filepath.Glob(filepath.Join(folder, stateFolder, ".pulumi", "stacks", config.Namespace, "*.json"))
	if err != nil {
		return nil, err
	}
	for _, path := range states {
		stack := strings.TrimSuffix(filepath.Base(path), ".json")
		file, err := config.ReadStackFile(filepath.Join(folder, projectFolder, stackFile(stack)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s: %w", filepath.Join(folder, projectFolder, stackFile(stack)), err)
		}
		e.contexts[stack] = ""
		if err == nil {
			on, _ := file.Setting("cluster").(map[string]any)
			e.contexts[stack], _ = on["context"].(string)
		}
	}
	var project struct {
		Main string `json:"main"`
	}
	path := filepath.Join(folder, projectFolder, "Pulumi.yaml")
	text, err := os.ReadFile(path)
	if err == nil {
		err = yaml.Unmarshal(text, &project)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	e.checkout = project.Main
	return e, nil
}

// has reports whether a state of a stack is in the folder.
func (e *earlier) has(stack string) bool {
	if e == nil {
		return false
	}
	_, there := e.contexts[stack]
	return there
}

// holds reports whether the folder is an owner's, in whatever checkout.
func (e *earlier) holds(o owner) bool {
	switch {
	case e == nil:
		return false
	case o.Embedded:
		return e.cluster || e.contexts[o.Stack] == EmbeddedContext(o.Stack)
	}
	return o.Context != "" && e.contexts[o.Stack] == o.Context
}

// free reports whether no other checkout goes on with it.
func (e *earlier) free(o owner) bool {
	return e.checkout == "" || sameFolder(e.checkout, o.Checkout) || gone(e.checkout)
}

// shared reports whether more is in the folder than what one stack has there.
func (e *earlier) shared(stack string) bool {
	if e == nil {
		return false
	}
	others := len(e.contexts)
	if e.has(stack) {
		others--
	}
	return others > 0 || e.cluster && filepath.Base(e.folder) != stack
}

// stateOf is the file of a stack's state.
func (e *earlier) stateOf(stack string) string { return checkpointIn(e.folder, stack) }

// forget removes what the folder has of a stack, the state first: from then on
// it holds the stack no more. What was kept when states were repaired stays, for
// it does not say whose it is.
func (e *earlier) forget(stack string) error {
	if err := os.Remove(e.stateOf(stack)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	parts := []string{stateFolder, projectFolder, passphraseFile}
	if e.shared(stack) {
		parts = partsOf(stack)
	}
	for _, part := range parts {
		if err := os.RemoveAll(filepath.Join(e.folder, part)); err != nil {
			return err
		}
	}
	_ = os.Remove(e.folder) // what is not empty stays
	return nil
}

// partsOf are what a folder has of one stack alone, beside its state.
func partsOf(stack string) []string {
	parts := []string{filepath.Join(projectFolder, stackFile(stack))}
	for _, kind := range []string{"stacks", "backups", "history"} {
		of := filepath.Join(stateFolder, ".pulumi", kind, config.Namespace, stack)
		parts = append(parts, of, of+".json", of+".json.bak", of+".json.attrs", of+".json.bak.attrs")
	}
	return parts
}

// carry are the steps that copy a stack's state out of a folder that it shares,
// or to another file system. Until the one that removes the state in the old
// folder, that is the state; after it, the copy is, wherever the steps end.
func (s *Session) carry() []func() error {
	half, old := s.halfway(), s.earlier
	return []func() error{
		func() error { return os.RemoveAll(half) },
		func() error { return copyFolder(old.folder, half, clusterFolder) },
		func() error {
			for stack := range old.contexts {
				if stack == s.Stack {
					continue
				}
				for _, part := range partsOf(stack) {
					if err := os.RemoveAll(filepath.Join(half, part)); err != nil {
						return err
					}
				}
			}
			return nil
		},
		func() error { return s.owner.claim(half) },
		func() error { return old.forget(s.Stack) },
		func() error { return os.Rename(half, s.place) },
	}
}

func inTurn(steps []func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// copyFolder copies files and folders as they are, but for one name at the top.
// Each is on the disk when it returns.
func copyFolder(from, to, without string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch {
		case name == without:
			return fs.SkipDir
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, name), 0o700)
		case !entry.Type().IsRegular():
			return fmt.Errorf("%s is neither a file nor a folder", path)
		}
		return copyFile(path, filepath.Join(to, name))
	})
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }() // only read
	copied, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(copied, source)
	return errors.Join(err, copied.Sync(), copied.Close())
}
