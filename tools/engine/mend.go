package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/renameio/v2"

	"platform/config"
)

// backendURL is a folder as the engine's backend. Beside each file it would write
// a companion with its content type, and read no file whose companion a kill has
// left empty; with this setting it writes none.
func backendURL(folder string) string { return "file://" + folder + "?metadata=skip" }

// companionSuffix ends the names of companions.
const companionSuffix = ".attrs"

// withoutCompanions removes those that an earlier version of this program, or
// pulumi by hand, has had written.
func withoutCompanions(folder string) error {
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.HasSuffix(path, companionSuffix) {
			err = os.Remove(path)
		}
		if errors.Is(err, fs.ErrNotExist) { // another process was faster
			return nil
		}
		return err
	})
}

// mend puts the newest copy of the state that is whole in the place of a file
// that is not, as a machine leaves it that lost its power. What the copy lacks is
// found in the cluster, as after any run that was killed.
func (s *Session) mend() error {
	if !s.own {
		return nil
	}
	path := s.checkpoint()
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	problem := wholeState(text)
	if problem == nil {
		return nil
	}
	state := filepath.Dir(filepath.Dir(filepath.Dir(path)))
	copies, err := filepath.Glob(filepath.Join(state, "backups", config.Namespace, s.Stack, "*.json"))
	if err != nil {
		return err
	}
	var newest []byte
	var from string
	var of time.Time
	for _, one := range slices.Insert(copies, 0, path+".bak") {
		info, err := os.Stat(one)
		if err != nil || from != "" && info.ModTime().Before(of) {
			continue
		}
		if text, err := os.ReadFile(one); err == nil && wholeState(text) == nil {
			newest, from, of = text, one, info.ModTime()
		}
	}
	if from == "" {
		return fmt.Errorf("state of stack %s: %s is torn (%w), and so is every copy of it; put it back from a copy of yours", s.Stack, path, problem)
	}
	fmt.Fprintf(s.out, "the state is torn (%v): %s, of %s, takes its place, and the torn file is kept as %s.torn\n", problem, from, of.Format(time.RFC3339), path)
	if err := os.Rename(path, path+".torn"); err != nil {
		return err
	}
	return renameio.WriteFile(path, newest, 0o600, renameio.WithTempDir(filepath.Dir(path)))
}

// wholeState is an error unless a text is the whole of a state file.
func wholeState(text []byte) error {
	var file struct {
		Checkpoint json.RawMessage `json:"checkpoint"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return err
	}
	if len(file.Checkpoint) == 0 {
		return errors.New("it has no checkpoint")
	}
	return nil
}
