package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"platform/policy/rules"
	"platform/policy/serve"
)

// The flags of pulumi for policy packs. Where there is a configuration, each
// pack has one, in the order of the packs.
const (
	packFlag       = "--policy-pack"
	packConfigFlag = "--policy-pack-config"
)

// policyPack is what checks previews and deployments. The engine starts an
// executable as it is, where it would build a folder at every run.
func (s *Session) policyPack() executable {
	return executable{what: "the policy pack", path: filepath.Join(s.root, "bin", "policy-pack"), source: "./policy", parts: []string{"go.mod", "go.sum", "policy", "config"}}
}

// policed are the arguments of a command that plans or does something, with the
// platform's own pack before those of the user. One configuration more than the
// user has packs is for the platform's.
func (s *Session) policed(ctx context.Context, args []string) ([]string, error) {
	if err := s.build(ctx, s.policyPack()); err != nil {
		return nil, err
	}
	packs, args, err := taken(args, packFlag)
	if err != nil {
		return nil, err
	}
	configs, args, err := taken(args, packConfigFlag)
	if err != nil {
		return nil, err
	}
	switch {
	case len(configs) == len(packs)+1:
		if err := checkPolicyConfig(configs[0]); err != nil {
			return nil, err
		}
	case len(configs) > 0: // else the engine gives the platform's pack another's
		configs = slices.Insert(configs, 0, os.DevNull)
	}
	var flags []string
	for _, pack := range slices.Insert(packs, 0, s.policyPack().path) {
		flags = append(flags, packFlag, listItemOf(pack))
	}
	for _, config := range configs {
		flags = append(flags, packConfigFlag, listItemOf(config))
	}
	return append(flags, args...), nil
}

// taken takes the values of a flag out of arguments. They are files, and the
// engine runs in another folder than the user.
func taken(args []string, flag string) (values, rest []string, err error) {
	for i := 0; i < len(args); i++ {
		name, value, joined := strings.Cut(args[i], "=")
		switch {
		case name != flag:
			rest = append(rest, args[i])
			continue
		case !joined && i+1 == len(args):
			return nil, nil, fmt.Errorf("%s names no file", flag)
		case !joined:
			i++
			value = args[i]
		}
		for _, one := range strings.Split(value, ",") {
			path, err := filepath.Abs(one)
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", flag, err)
			}
			values = append(values, path)
		}
	}
	return values, rest, nil
}

// listItemOf is a path as one value of a flag that takes several.
func listItemOf(path string) string {
	if !strings.ContainsAny(path, `,"`) {
		return path
	}
	return `"` + strings.ReplaceAll(path, `"`, `""`) + `"`
}

// checkPolicyConfig reports every error of a configuration of the platform's pack
// at once. The engine stops at the first, and of a rule that does not exist it
// says something else.
func checkPolicyConfig(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("%s: %w", packConfigFlag, err)
	}
	settings, err := serve.ReadSettings(text)
	if err == nil {
		err = rules.Pack().Check(settings)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", packConfigFlag, path, err)
	}
	return nil
}
