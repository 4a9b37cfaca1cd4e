// Package gitops is a stack for Argo CD: its manifests as the program renders
// them, and the Application that applies them from a branch of the repository.
package gitops

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"platform/config"
	"platform/tools/engine"
)

// Layout of the branch: a folder of manifests for each stack, one with all
// Applications, and one with the projects that those belong to.
const (
	applications = "applications"
	projects     = "projects"
)

// Options say what is written.
type Options struct {
	Stack      string
	Config     config.Platform
	Render     engine.Options // of the manifests
	Before     string         // folder with what was published before; empty means the one that is written to or compared with
	Repository string         // URL that Argo CD reads the branch from
	Branch     string         // such as rendered
}

// Write writes the stack's folder, its Application and its project below a
// folder, and leaves other stacks' as they are. The same input gives the same
// bytes. What a deployment would refuse is an [engine.Refusal], and nothing is
// written.
func Write(ctx context.Context, o Options, folder string) error {
	scratch, err := os.MkdirTemp("", "platform-gitops-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	made, err := o.files(ctx, scratch, folder)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(folder, o.Stack)); err != nil {
		return err
	}
	for name, text := range made {
		path := filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, text, 0o644)); err != nil {
			return err
		}
	}
	return nil
}

// Check compares what is in a folder with what the program renders. The error
// names every file that differs.
func Check(ctx context.Context, o Options, folder string) error {
	scratch, err := os.MkdirTemp("", "platform-gitops-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	made, err := o.files(ctx, scratch, folder)
	if err != nil {
		return err
	}
	var differ []string
	for name, want := range made {
		is, err := os.ReadFile(filepath.Join(folder, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			differ = append(differ, name+" is missing")
		case err != nil:
			return err
		case !bytes.Equal(is, want):
			differ = append(differ, name+" differs")
		}
	}
	entries, err := os.ReadDir(filepath.Join(folder, o.Stack))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, entry := range entries {
		if name := filepath.Join(o.Stack, entry.Name()); made[name] == nil {
			differ = append(differ, name+" is left over")
		}
	}
	if len(differ) == 0 {
		return nil
	}
	slices.Sort(differ)
	return fmt.Errorf("stack %s: %s is not what the program renders; write it again with make gitops STACK=%s OUT=%s:\n  %s",
		o.Stack, folder, o.Stack, folder, strings.Join(differ, "\n  "))
}

// files are all of the stack, by their path below the folder. They are checked
// against what was published before.
func (o Options) files(ctx context.Context, scratch, folder string) (map[string][]byte, error) {
	manifests := filepath.Join(scratch, "manifests")
	before := o.Before
	if before == "" {
		before = folder
	} else if _, err := os.Stat(before); err != nil {
		return nil, fmt.Errorf("what was published before: %w", err)
	}
	before = filepath.Join(before, o.Stack)
	waves, err := engine.Render(ctx, o.Render, engine.Rendering{Folder: manifests, Before: before})
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(manifests)
	if err != nil {
		return nil, err
	}
	var objects []*object
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(manifests, entry.Name()))
		if err != nil {
			return nil, err
		}
		one, err := parse(entry.Name(), text)
		if err != nil {
			return nil, fmt.Errorf("stack %s: %s: %w", o.Stack, entry.Name(), err)
		}
		objects = append(objects, one)
	}
	if err := annotate(objects, waves); err != nil {
		return nil, fmt.Errorf("stack %s: %w", o.Stack, err)
	}
	if err := o.tellLeft(before, objects); err != nil {
		return nil, err
	}
	made := map[string][]byte{}
	for _, one := range objects {
		if made[filepath.Join(o.Stack, one.file)], err = one.text(); err != nil {
			return nil, fmt.Errorf("stack %s: %s: %w", o.Stack, one.file, err)
		}
	}
	application, err := o.application()
	if err != nil {
		return nil, err
	}
	project, err := o.project(objects)
	if err != nil {
		return nil, err
	}
	made[filepath.Join(applications, o.Stack+".yaml")], made[filepath.Join(projects, o.Stack+".yaml")] = application, project
	return made, nil
}

// tellLeft says which objects leave the branch and stay in the cluster, since
// Argo CD does not.
func (o Options) tellLeft(before string, objects []*object) error {
	entries, err := os.ReadDir(before)
	if errors.Is(err, fs.ErrNotExist) || o.Render.Out == nil {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(before, entry.Name()))
		if err != nil {
			return err
		}
		was, err := parse(entry.Name(), text)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Join(before, entry.Name()), err)
		}
		stay := was.GetAnnotations()[compareOptions] == unasked
		if stay && !slices.ContainsFunc(objects, func(is *object) bool { return is.id() == was.id() }) {
			fmt.Fprintf(o.Render.Out, "%s leaves the branch and stays in the cluster until somebody deletes it\n", was.id())
		}
	}
	return nil
}
