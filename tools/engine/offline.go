package engine

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"platform/config"
	"platform/tools/toolchain"
)

// offline is the engine without a cluster: objects become manifests, and the
// state is thrown away. The programs of several revisions can run on it, one
// after the other.
type offline struct {
	*Session
	manifests  string
	passphrase string
}

// fixedNames are names without random letters. The engine deletes before it
// replaces what has a pattern without an expression for them, or the mode
// verbatim; that would show in a plan, so there is one that gives none.
const fixedNames = "${name}${hex(0)}"

// offline makes the folders of one, which close removes.
func (s *Session) offline(ctx context.Context) (*offline, error) {
	one := *s
	one.own = true // the state is the project's, not the user's
	one.learned = nil
	o := &offline{Session: &one, passphrase: rand.Text()}
	var err error
	if o.tools, err = toolchain.Ensure(ctx, toolchain.Options{Root: s.root, Tools: toolchain.Engine, Out: s.unredacted()}); err != nil {
		return nil, err
	}
	if o.home, err = os.MkdirTemp("", "platform-offline-"); err != nil {
		return nil, err
	}
	o.manifests, o.project = filepath.Join(o.home, "manifests"), filepath.Join(o.home, projectFolder)
	if err := os.Mkdir(filepath.Join(o.home, "state"), 0o700); err != nil {
		o.close()
		return nil, err
	}
	return o, nil
}

func (o *offline) close() { _ = os.RemoveAll(o.home) } // the system's own clean-up takes what stays

// enter makes the program and the stack file of a checkout those that run.
func (o *offline) enter(ctx context.Context, root string) error {
	o.root = root
	if err := o.writeProject(); err != nil {
		return err
	}
	file, err := o.stackFileOf(root)
	if err != nil {
		return err
	}
	file.Set("platform:render", map[string]any{"directory": o.manifests})
	file.Set("platform:secrets", unread(file.Setting("secrets")))
	file.Set("pulumi:autonaming", map[string]any{"pattern": fixedNames})
	if err := o.keep(file); err != nil {
		return err
	}
	o.setEnvironment()
	o.env = append(o.env, "PULUMI_BACKEND_URL="+backendURL(filepath.Join(o.home, "state")), "PULUMI_CONFIG_PASSPHRASE="+o.passphrase, skipCheckpoints)
	return errors.Join(o.build(ctx, o.program()), o.initialize(ctx))
}

// deploy runs the program of a checkout, which writes its manifests and the
// state. What the engine says is shown where it fails; what breaks a mandatory
// policy is a [Refusal], where it is checked.
func (o *offline) deploy(ctx context.Context, root string, checked bool) error {
	if err := o.enter(ctx, root); err != nil {
		return err
	}
	events, err := newEventLog()
	if err != nil {
		return err
	}
	defer events.remove()
	args := []string{"up", "--yes", "--skip-preview", "--parallel", parallel, "--event-log", events.path()}
	if checked {
		flags, err := o.policed(ctx, nil)
		if err != nil {
			return err
		}
		args = slices.Concat(args, flags)
	}
	var log bytes.Buffer
	cmd := o.Command(ctx, args...)
	cmd.Env = append(cmd.Env, debugCommands)
	cmd.Stdout, cmd.Stderr = &log, &log
	err = cmd.Run()
	if refused := o.policyRefusal(events); refused != nil {
		return refused
	}
	if err != nil {
		_, _ = io.Copy(o.out, &log) // the error itself follows
		return fmt.Errorf("pulumi up (stack %s) with the program of %s: %w", o.Stack, root, err)
	}
	return nil
}

// unread are settings of secrets with which no value is read: what the operator
// is reported holds none, and Secrets lose theirs or are masked.
func unread(settings any) any {
	secrets, _ := settings.(map[string]any)
	if secrets["delivery"] == string(config.DeliveryOperator) || secrets["source"] == string(config.SourceMasked) {
		return settings
	}
	return map[string]any{"source": string(config.SourceFixed)}
}
