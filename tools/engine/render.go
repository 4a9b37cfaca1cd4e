package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"platform/policy/secret"
)

// renderedHeader starts every rendered file, and marks those that a later run
// may remove.
const renderedHeader = "# Rendered from stack %s of the platform program: change it there.\n"

// keysAnnotation lists the keys of a rendered Secret, whose values are left out.
const keysAnnotation = "platform/secret-keys"

// Rendering says where manifests go and what they are checked against.
type Rendering struct {
	Folder   string // to write to
	Before   string // folder with what was published before; empty or missing means nothing
	Unjudged bool   // they are looked at and reach no cluster
}

// Render writes the stack's objects as plain manifests, one file each, without
// asking any cluster and without the values of Secrets. The same input gives
// the same bytes. What a deployment would refuse is refused with a [Refusal]:
// what breaks a mandatory policy, and what lacks something of before that holds
// data or an address.
//
// It returns in which wave each object is applied, by Kind/namespace/name, or
// Kind/name where it has no namespace: what the program makes after a Job is in
// a later wave than the Job, everything else in the first, 0.
func Render(ctx context.Context, opts Options, r Rendering) (map[string]int, error) {
	s, err := prepare(opts)
	if err != nil {
		return nil, err
	}
	folder, err := filepath.Abs(r.Folder)
	if err != nil {
		return nil, err
	}
	if err := checkRenderFolder(folder); err != nil {
		return nil, err
	}
	o, err := s.offline(ctx)
	if err != nil {
		return nil, err
	}
	defer o.close()
	if err := o.deploy(ctx, s.root, !r.Unjudged); err != nil {
		return nil, err
	}
	if r.Before != "" && !r.Unjudged {
		if err := s.checkPublishing(r.Before, o.manifests); err != nil {
			return nil, err
		}
	}
	count, err := publish(o.manifests, folder, s.Stack, s.known)
	if err != nil {
		return nil, fmt.Errorf("render stack %s: %w", s.Stack, err)
	}
	fmt.Fprintf(s.out, "%d manifests of stack %s in %s\n", count, s.Stack, folder)
	made, err := o.export(ctx)
	if err != nil {
		return nil, err
	}
	return made.waves(), nil
}

// checkRenderFolder refuses a folder with files that rendering did not write.
func checkRenderFolder(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	prefix, _, _ := strings.Cut(renderedHeader, "%")
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil || !strings.HasPrefix(string(text), prefix) {
			return fmt.Errorf("render: %s holds %s, which was not rendered; name an empty folder", folder, entry.Name())
		}
	}
	return nil
}

// publish puts the manifests in the place of what was rendered before. They are
// for everybody who reads the folder or a branch with it, so one with a secret
// leaves all as it was.
func publish(from, folder, stack string, known *secret.Known) (int, error) {
	files, err := manifestsIn(from)
	if err != nil {
		return 0, err
	}
	texts, problems := map[string]string{}, []error(nil)
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			return 0, err
		}
		name := filepath.Base(path)
		if text, err = withoutSecrets(text); err != nil {
			return 0, fmt.Errorf("%s: %w", name, err)
		}
		texts[name] = fmt.Sprintf(renderedHeader, stack) + string(text)
		if known.Clean(texts[name]) != texts[name] {
			problems = append(problems, fmt.Errorf("%s holds a secret outside of a Secret, or what looks like one, so nothing was written; keep it in a Secret", name))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return 0, err
	}
	if err := errors.Join(os.RemoveAll(folder), os.MkdirAll(folder, 0o755)); err != nil {
		return 0, err
	}
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			return 0, err
		}
	}
	return len(files), nil
}

func manifestsIn(folder string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	})
	slices.Sort(files)
	return files, err
}

// withoutSecrets takes the values out of a Secret and names their keys. It
// rewrites every manifest, so that all are sorted the same way.
func withoutSecrets(text []byte) ([]byte, error) {
	object := map[string]any{}
	if err := yaml.Unmarshal(text, &object); err != nil {
		return nil, err
	}
	if object["kind"] == "Secret" {
		metadata, _ := object["metadata"].(map[string]any)
		annotations, _ := metadata["annotations"].(map[string]any)
		if annotations == nil {
			annotations = map[string]any{}
			metadata["annotations"] = annotations
		}
		annotations[keysAnnotation] = strings.Join(secretKeys(object), ",")
		delete(object, "data")
		delete(object, "stringData")
	}
	return yaml.Marshal(object)
}

func secretKeys(secret map[string]any) []string {
	var keys []string
	for _, field := range []string{"data", "stringData"} {
		values, _ := secret[field].(map[string]any)
		for key := range values {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}
