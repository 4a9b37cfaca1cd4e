package toolchain

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"
)

// preferOfficial drops the engine from what is wanted where the user has an
// official pulumi that is new enough: it comes with its own language host and
// downloads its own plugins.
func (t *Toolchain) preferOfficial(ctx context.Context, wanted []tool, say func(string, ...any)) ([]tool, error) {
	isEngine := func(one tool) bool { return slices.Contains(Engine, one.name) }
	forced, err := buildForced()
	if err != nil || forced || !slices.ContainsFunc(wanted, isEngine) {
		return wanted, err
	}
	path, version := findOfficial(ctx, t.cache)
	switch {
	case version == nil:
		return wanted, nil
	case version.LessThan(semver.MustParse(pulumiVersion)):
		say("toolchain: %s is version %s; %s is needed and built here", path, version, pulumiVersion)
		return wanted, nil
	}
	t.official, t.version = path, version.String()
	return slices.DeleteFunc(slices.Clone(wanted), isEngine), nil
}

// buildForced reads PLATFORM_TOOLCHAIN.
func buildForced() (bool, error) {
	switch value := os.Getenv("PLATFORM_TOOLCHAIN"); value {
	case "":
		return false, nil
	case "build":
		return true, nil
	default:
		return false, fmt.Errorf(`toolchain: PLATFORM_TOOLCHAIN is %q; set it to "build" or unset it`, value)
	}
}

// findOfficial is the pulumi on PATH and its version; none if there is no
// pulumi, if it does not tell its version, or if it is the one built here,
// which a command started by this program finds on PATH.
func findOfficial(ctx context.Context, cache string) (string, *semver.Version) {
	path, err := exec.LookPath("pulumi")
	if err != nil {
		return "", nil
	}
	if real, err := filepath.EvalSymlinks(path); err != nil || within(cache, real) {
		return "", nil
	}
	cmd := exec.CommandContext(ctx, path, "version")
	cmd.Env = append(os.Environ(), "PULUMI_SKIP_UPDATE_CHECK=true")
	out, err := cmd.Output()
	if err != nil {
		return "", nil
	}
	version, err := semver.NewVersion(strings.TrimSpace(string(out)))
	if err != nil {
		return "", nil
	}
	return path, version
}

// within reports whether a path lies in a folder.
func within(folder, path string) bool {
	if real, err := filepath.EvalSymlinks(folder); err == nil {
		folder = real
	}
	relative, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(relative)
}
