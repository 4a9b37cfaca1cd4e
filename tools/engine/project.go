package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"

	"platform/config"
)

// ownProject writes a project folder of the engine's own, with state and
// passphrase beside it. The engine writes the state's encryption salt into the
// stack file, so the checkout's must not be the one it works on.
func (s *Session) ownProject(ctx context.Context, kubeContext string) error {
	passphrase, err := s.passphrase()
	if err != nil {
		return fmt.Errorf("passphrase of stack %s: %w", s.Stack, err)
	}
	s.known.Add(passphrase)
	state := filepath.Join(s.home, "state")
	if err := os.MkdirAll(state, 0o700); err != nil {
		return fmt.Errorf("state of stack %s: %w", s.Stack, err)
	}
	s.env = append(s.env, "PULUMI_BACKEND_URL=file://"+state, "PULUMI_CONFIG_PASSPHRASE="+passphrase)
	if err := s.writeProject(); err != nil {
		return fmt.Errorf("project of stack %s: %w", s.Stack, err)
	}
	if err := s.writeStackFile(kubeContext); err != nil {
		return fmt.Errorf("configuration of stack %s: %w", s.Stack, err)
	}
	return s.initialize(ctx)
}

// passphrase encrypts the state. It is made once and kept for the user alone.
func (s *Session) passphrase() (string, error) {
	path := filepath.Join(s.home, "passphrase")
	text, err := os.ReadFile(path)
	if err == nil {
		return string(text), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := os.MkdirAll(s.home, 0o700); err != nil {
		return "", err
	}
	text = []byte(rand.Text())
	return string(text), os.WriteFile(path, text, 0o600)
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
	return writeYAML(filepath.Join(s.project, "Pulumi.yaml"), project)
}

// writeStackFile takes the checkout's values and keeps the salt that the
// engine has written, without which the state cannot be read.
func (s *Session) writeStackFile(kubeContext string) error {
	values, err := readYAML(filepath.Join(s.root, stackFile(s.Stack)))
	if err != nil {
		return err
	}
	if err := s.keepSalt(values); err != nil {
		return err
	}
	settings, _ := values["config"].(map[string]any)
	if kubeContext != "" {
		settings["platform:cluster"] = map[string]any{"context": kubeContext}
	}
	s.setSource(settings)
	return writeYAML(filepath.Join(s.project, stackFile(s.Stack)), values)
}

// keepSalt takes what the engine has written into the project's own stack file.
func (s *Session) keepSalt(values map[string]any) error {
	before, err := readYAML(filepath.Join(s.project, stackFile(s.Stack)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, key := range []string{"encryptionsalt", "secretsprovider"} {
		if kept, ok := before[key]; ok {
			values[key] = kept
		}
	}
	return err
}

// overrideSecrets writes a stack file with another source of secrets, beside
// the checkout's own: pulumi would save one that it is given as a flag.
func (s *Session) overrideSecrets() error {
	if s.secrets == "" {
		return nil
	}
	values, err := readYAML(filepath.Join(s.root, stackFile(s.Stack)))
	if err != nil {
		return err
	}
	settings, _ := values["config"].(map[string]any)
	s.setSource(settings)
	folder, err := os.MkdirTemp("", "platform-config-")
	if err != nil {
		return err
	}
	s.config = filepath.Join(folder, stackFile(s.Stack))
	return writeYAML(s.config, values)
}

// setSource puts the session's source and delivery of secrets in the place of
// the stack's.
func (s *Session) setSource(settings map[string]any) {
	if s.secrets == "" && s.delivery == "" {
		return
	}
	secrets, _ := settings["platform:secrets"].(map[string]any)
	if secrets == nil {
		secrets = map[string]any{}
		settings["platform:secrets"] = secrets
	}
	if s.secrets != "" {
		secrets["source"] = s.secrets
	}
	if s.delivery != "" {
		secrets["delivery"] = string(s.delivery)
	}
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
func (s *Session) checkpoint() string {
	return filepath.Join(s.home, "state", ".pulumi", "stacks", config.Namespace, s.Stack+".json")
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

func readYAML(path string) (map[string]any, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	values := map[string]any{}
	return values, yaml.Unmarshal(text, &values)
}

func writeYAML(path string, values map[string]any) error {
	text, err := yaml.Marshal(values)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}
