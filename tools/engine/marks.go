package engine

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"platform/config"
)

// lookPatience bounds the look at whose a namespace is. Where the cluster does not
// answer, the deployment itself says so.
const lookPatience = 5 * time.Second

// maker is who makes the objects of this session. One of CONTEXT= has a state of
// its own, of which the team's knows nothing.
func (s *Session) maker() config.Owner {
	return config.Owner{Project: config.Namespace, Stack: s.Stack, Deployment: s.deployment}
}

// nameDeployment finds the name of a deployment to a context in the place of the
// stack's own: that of its folder when it was first used. It stays when the checkout
// is moved, and is found again where the folder is lost.
func (s *Session) nameDeployment() error {
	if s.instead == "" {
		return nil
	}
	path := filepath.Join(s.home, "deployment")
	if err := writeOnce(path, s.key); err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	s.deployment = string(text)
	s.env = append(s.env, config.EnvDeployment+"="+s.deployment)
	return err
}

// owns reports whether an object says that it is this deployment's. Who wrote its
// fields proves nothing: every Pulumi program writes under a like name.
func (s *Session) owns(object *unstructured.Unstructured) bool {
	return config.OwnerOf(object.GetAnnotations()) == s.maker()
}

// foreign is an error that names the objects of others, nil without any.
func (s *Session) foreign(others []*unstructured.Unstructured) error {
	if len(others) == 0 {
		return nil
	}
	lines := []string{fmt.Sprintf("stack %s: objects under names of this stack are not known to be its own (%d), so nothing was taken into its state:", s.Stack, len(others))}
	for _, one := range others {
		lines = append(lines, fmt.Sprintf("  %s %s belongs to %s", one.GetKind(), identifier(one), config.OwnerOf(one.GetAnnotations())))
	}
	var marks []string
	for key, value := range s.maker().Annotations() {
		marks = append(marks, key+"="+value)
	}
	slices.Sort(marks)
	return errors.New(strings.Join(append(lines,
		"delete or rename one of the two; what an earlier version of this program made for this stack has no annotation yet: kubectl annotate KIND NAME -n NAMESPACE "+strings.Join(marks, " ")+
			"; then run "+s.makeLine("recover")+" again"), "\n"))
}

// unclaimed is an error where the namespace of the stack is another deployment's.
// The two would take each other's objects away.
func (s *Session) unclaimed(ctx context.Context) error {
	cluster, err := s.connect()
	if err != nil {
		return nil // the deployment itself says that there is no cluster
	}
	ctx, cancel := context.WithTimeout(ctx, lookPatience)
	defer cancel()
	namespace := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Namespace"}}
	namespace.SetName(s.Config.Namespace())
	live, err := cluster.get(ctx, namespace)
	if err != nil {
		return nil // there is none, or it must not be read
	}
	if owner := config.OwnerOf(live.GetAnnotations()); owner != (config.Owner{}) && owner != s.maker() {
		return fmt.Errorf("stack %s: the namespace %s belongs to %s, so nothing was done; give this stack another %s:environment in %s, or deploy that one",
			s.Stack, live.GetName(), owner, config.Namespace, stackFile(s.Stack))
	}
	return nil
}

// agree asks whether objects may come into a state that others share.
func (s *Session) agree(args []string) error {
	if s.own || slices.Contains(args, "--yes") || slices.Contains(args, "-y") {
		return nil
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return fmt.Errorf("there is no terminal to ask on, so the state of stack %s stays as it is: read the list, then add ARGS=--yes", s.Stack)
	}
	fmt.Fprintf(s.out, "Write this into the state of stack %s, which others share? Type its name to go on: ", s.Stack)
	return agreed(bufio.NewReader(os.Stdin), s.Stack)
}
