package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/google/renameio/v2"
)

// owner says whose a folder of [StacksFolder] is. The folder keeps it in a file,
// and is named by it.
type owner struct {
	Checkout string `json:"checkout"` // symbolic links resolved
	Stack    string `json:"stack"`
	Context  string `json:"context,omitempty"` // that the user named in the place of the stack's own
	Embedded bool   `json:"embedded"`          // its cluster lies in the folder and goes with it
}

const ownerFile = "stack.json"

// key tells one owner from all others, for none of its parts can have the
// separator in it.
func (o owner) key() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{o.Checkout, o.Stack, o.Context, strconv.FormatBool(o.Embedded)}, "\x00")))
	return hex.EncodeToString(sum[:6])
}

// readable is how much of a folder's name is for people.
const readable = 40

// folder is the name of the owner's folder.
func (o owner) folder() string {
	name := o.Stack
	if o.Context != "" {
		name += "-" + o.Context
	}
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '-'
	}, name)
	return name[:min(len(name), readable)] + "-" + o.key()
}

// succeeds reports whether the owner is another one in a checkout that was moved:
// all but the checkout is the same, and that is this one or gone.
func (o owner) succeeds(before owner) bool {
	here := before
	here.Checkout = o.Checkout
	return here == o && (sameFolder(before.Checkout, o.Checkout) || gone(before.Checkout))
}

func (o owner) String() string {
	if o.Context == "" {
		return fmt.Sprintf("stack %s of the checkout %s", o.Stack, o.Checkout)
	}
	return fmt.Sprintf("stack %s with the context %q of the checkout %s", o.Stack, o.Context, o.Checkout)
}

// ownerOf reads whose a folder is; nil where it does not say.
func ownerOf(folder string) (*owner, error) {
	path := filepath.Join(folder, ownerFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	o := &owner{}
	if err == nil {
		err = json.Unmarshal(text, o)
	}
	if err != nil {
		return nil, fmt.Errorf("%s, which says whose the state beside it is: %w", path, err)
	}
	return o, nil
}

// ownersIn are the folders in one that say whose they are.
func ownersIn(stacks string) (map[string]owner, error) {
	files, err := filepath.Glob(filepath.Join(stacks, "*", ownerFile))
	if err != nil {
		return nil, err
	}
	all := map[string]owner{}
	for _, file := range files {
		o, err := ownerOf(filepath.Dir(file))
		if err != nil {
			return nil, err
		}
		if o != nil {
			all[filepath.Dir(file)] = *o
		}
	}
	return all, nil
}

// claim makes a folder and writes down whose it is.
func (o owner) claim(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	before, err := ownerOf(folder)
	if err != nil || before != nil && *before == o {
		return err
	}
	text, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(folder, ownerFile), append(text, '\n'), 0o600, renameio.WithTempDir(folder))
}

// gone reports whether nothing is at a path any more.
func gone(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// sameFolder reports whether two paths lead to one folder.
func sameFolder(one, other string) bool {
	if one == other {
		return true
	}
	a, err := os.Stat(one)
	if err != nil {
		return false
	}
	b, err := os.Stat(other)
	return err == nil && os.SameFile(a, b)
}
