package engine

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
	"sigs.k8s.io/yaml"

	"platform/config"
)

// ownProject writes a project folder of the engine's own, with state and
// passphrase beside it. The engine writes the state's encryption salt into the
// stack file, so the checkout's must not be the one it works on.
func (s *Session) ownProject(ctx context.Context, kubeContext string) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	passphrase, err := s.passphrase()
	if err != nil {
		return fmt.Errorf("passphrase of stack %s: %w", s.Stack, err)
	}
	s.known.Add(passphrase)
	state := filepath.Join(s.home, stateFolder)
	if err := os.MkdirAll(state, 0o700); err != nil {
		return fmt.Errorf("state of stack %s: %w", s.Stack, err)
	}
	s.env = append(s.env, "PULUMI_BACKEND_URL="+backendURL(state), "PULUMI_CONFIG_PASSPHRASE="+passphrase)
	if err := s.nameDeployment(); err != nil {
		return fmt.Errorf("deployment of stack %s: %w", s.Stack, err)
	}
	if err := withoutCompanions(state); err != nil {
		return fmt.Errorf("state of stack %s: %w", s.Stack, err)
	}
	if err := s.writeProject(); err != nil {
		return fmt.Errorf("project of stack %s: %w", s.Stack, err)
	}
	if err := s.writeStackFile(kubeContext); err != nil {
		return fmt.Errorf("configuration of stack %s: %w", s.Stack, err)
	}
	return s.initialize(ctx)
}

// passphrase encrypts the state. It is made once, whole or not at all, and kept
// for the user alone.
func (s *Session) passphrase() (string, error) {
	path := filepath.Join(s.home, passphraseFile)
	if gone(path) && gone(s.checkpoint()) {
		if err := writeOnce(path, rand.Text()); err != nil {
			return "", err
		}
	}
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if text = bytes.TrimSpace(text); len(text) > 0 {
		return string(text), nil
	}
	remedy := "what is deployed has to go by hand, then this folder"
	if s.cluster {
		remedy = s.makeLine("cluster-down") + " deletes both, with the cluster"
	}
	return "", fmt.Errorf("%s is missing or empty, and without it nobody can read the state beside it; put it back from a copy of the folder, or begin again: %s", path, remedy)
}

// writeOnce writes a file for the user alone, whole or not at all. One that
// another process has written stays.
func writeOnce(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }() // it has its own name by then
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Link(file.Name(), path)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// writeProject points the engine at the checkout's program.
func (s *Session) writeProject() error {
	text, err := os.ReadFile(filepath.Join(s.root, "Pulumi.yaml"))
	if err != nil {
		return err
	}
	var project map[string]any
	if err := yaml.Unmarshal(text, &project); err != nil {
		return err
	}
	project["main"] = s.root
	project["runtime"] = map[string]any{
		"name": "go", "options": map[string]any{"binary": s.program().path},
	}
	if err := os.MkdirAll(s.project, 0o700); err != nil {
		return err
	}
	if text, err = yaml.Marshal(project); err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(s.project, "Pulumi.yaml"), text, 0o600, renameio.WithTempDir(s.project))
}

// writeStackFile takes the checkout's values and keeps the salt that the
// engine has written, without which the state cannot be read.
func (s *Session) writeStackFile(kubeContext string) error {
	file, err := s.stackFileOf(s.root)
	if err != nil {
		return err
	}
	if kubeContext != "" {
		file.Set("platform:cluster", map[string]any{"context": kubeContext})
	}
	return s.keep(file)
}

// stackFileOf reads the stack file of a checkout, with the session's source and
// delivery of secrets in the place of its own.
func (s *Session) stackFileOf(root string) (*config.StackFile, error) {
	file, err := config.ReadStackFile(filepath.Join(root, stackFile(s.Stack)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", stackFile(s.Stack), err)
	}
	if s.secrets == "" && s.delivery == "" {
		return file, nil
	}
	secrets, _ := file.Setting("secrets").(map[string]any)
	if secrets == nil {
		secrets = map[string]any{}
	}
	if s.secrets != "" {
		secrets["source"] = s.secrets
	}
	if s.delivery != "" {
		secrets["delivery"] = string(s.delivery)
	}
	file.Set("platform:secrets", secrets)
	return file, nil
}

// keep writes the stack file that the engine reads, with the salt that it has
// written there itself. What the checkout's has belongs to the team's state and
// to its passphrase, or to a key that is not at hand.
func (s *Session) keep(file *config.StackFile) error {
	path := filepath.Join(s.project, stackFile(s.Stack))
	before, err := config.ReadStackFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if file.TakeEncryption(before) && s.secrets == "" {
		fmt.Fprintf(s.out, "note: the secret values of %s are encrypted for another state: this one generates its own\n", stackFile(s.Stack))
	}
	return file.Write(path)
}

// overrideSecrets writes a stack file with another source of secrets, beside
// the checkout's own: pulumi would save one that it is given as a flag.
func (s *Session) overrideSecrets() error {
	if s.secrets == "" {
		return nil
	}
	file, err := s.stackFileOf(s.root)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "platform-config-")
	if err != nil {
		return err
	}
	s.config = filepath.Join(folder, stackFile(s.Stack))
	return file.Write(s.config)
}

// initialize makes the stack in the state unless it is there. It looks for the
// file itself: asking pulumi takes a third of a second at every run.
func (s *Session) initialize(ctx context.Context) error {
	_, err := os.Stat(s.checkpoint())
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	_, err = s.output(ctx, "stack", "init", s.Stack, "--no-select")
	return err
}

// checkpoint is the file of the state, where that is this project's own.
func (s *Session) checkpoint() string { return checkpointIn(s.home, s.Stack) }

func checkpointIn(home, stack string) string {
	return filepath.Join(home, stateFolder, ".pulumi", "stacks", config.Namespace, stack+".json")
}

// output runs the CLI without a stack argument and returns what it prints.
func (s *Session) output(ctx context.Context, args ...string) ([]byte, error) {
	cmd := s.Command(ctx, args...)
	cmd.Args = append([]string{cmd.Args[0]}, args...)
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("pulumi %s: %w%s", strings.Join(args, " "), err, stderr(err))
	}
	return text, nil
}
