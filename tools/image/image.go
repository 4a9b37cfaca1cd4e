// Package image sets the image of one service in a stack file: it writes the
// new tag in the place of the old one and leaves every other byte of the file
// as it is.
package image

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"

	"platform/config"
)

// Edit is one image to set.
type Edit struct {
	Stack      string // whose file it is, for validation and messages
	Folder     string // of the file, where its base is; empty means the project's
	Service    string // as the error of an unknown one lists them
	Tag        string // TAG, or TAG@sha256:DIGEST
	AllowOlder string // why an older tag is meant, one line; empty refuses one
}

// Result is what became of an edit.
type Result struct {
	Old, New string // what follows the repository: TAG, or TAG@sha256:DIGEST
	Consent  string // the change of platform:rollback, for the reader; empty where there is none
	Content  []byte // of the whole file
	Changed  bool   // Content differs from what was given

	Image     string        // the whole name
	Platforms []string      // that the file says it was built for; none where the stack has no such list
	Nodes     []config.Node // that its pods may run on
	Unchecked string        // why its registry could not be asked; empty where it was
	Unbuilt   []string      // of Platforms, what the registry does not have it for

	key string // of the image in the configuration
}

// Apply edits the content of a stack file. It refuses a service that the file
// does not have, an older tag without consent, and whatever the configuration
// would refuse of the file afterwards.
func (e Edit) Apply(content []byte) (Result, error) {
	result, err := e.apply(content)
	if err != nil {
		return Result{}, fmt.Errorf("service %s (stack %s): %w", e.Service, e.Stack, err)
	}
	result.Changed = !bytes.Equal(content, result.Content)
	p, err := e.check(result.Content)
	if err != nil {
		return Result{}, fmt.Errorf("service %s (stack %s): the file is left as it is, since with %s it is refused: %w", e.Service, e.Stack, result.New, err)
	}
	result.Nodes = p.ImageNodes(result.key)
	return result, nil
}

func (e Edit) apply(content []byte) (Result, error) {
	if strings.ContainsFunc(e.AllowOlder, isControl) {
		return Result{}, fmt.Errorf("the reason for an older tag is not one line of text; write it on one")
	}
	file, err := parse(content)
	if err != nil {
		return Result{}, err
	}
	at, err := file.image(e.Service)
	if err != nil {
		return Result{}, err
	}
	old, image, err := retag(at.Value, e.Tag)
	if err != nil {
		return Result{}, err
	}
	result := Result{Old: old, New: e.Tag, Content: content, Image: image, Platforms: at.platforms, key: at.key}
	if older(at.Value, image) && e.AllowOlder == "" {
		return Result{}, fmt.Errorf("%s is older than %s, which the stack file has; if that is meant, say why with --allow-older REASON (make image … ALLOW_OLDER=REASON)", e.Tag, old)
	}
	if result.Content, err = replaceScalar(content, at.Node, image); err != nil {
		return Result{}, err
	}
	result.Content, result.Consent, err = e.consent(result.Content, image)
	if err != nil {
		return Result{}, err
	}
	return result, nil
}

// check validates a stack file as a deployment does.
func (e Edit) check(content []byte) (config.Platform, error) {
	return config.ReadYAML(e.Stack, content, e.Folder)
}

// File applies the edit to the file at a path, unless the registry has no such
// image for the nodes that its pods may run on. The file is replaced whole, or
// not at all.
func (e Edit) File(ctx context.Context, path string) (Result, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return Result{}, fmt.Errorf("stack %s: %w", e.Stack, err)
	}
	e.Folder = filepath.Dir(path)
	result, err := e.Apply(content)
	if err != nil {
		return result, err
	}
	if err := result.ask(ctx); err != nil {
		return Result{}, fmt.Errorf("service %s (stack %s): the file is left as it is: %w", e.Service, e.Stack, err)
	}
	if !result.Changed {
		return result, nil
	}
	if err := replaceFile(path, result.Content); err != nil {
		return Result{}, fmt.Errorf("stack %s: %w", e.Stack, err)
	}
	return result, nil
}

// replaceFile writes beside the file and moves into its place, so that a run
// that is killed leaves the one or the other.
func replaceFile(path string, content []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return renameio.WriteFile(path, content, 0, renameio.WithStaticPermissions(info.Mode().Perm()), renameio.WithTempDir(filepath.Dir(path)))
}

func isControl(r rune) bool {
	return r < ' ' || r >= 0x7f && r <= 0x9f || r == '\u2028' || r == '\u2029'
}
