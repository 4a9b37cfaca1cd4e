package image

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/Masterminds/semver/v3"

	"platform/config"
)

// tagForm is what may follow a repository: a tag as registries know them, and
// a digest behind it if the image is pinned by one.
var tagForm = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?$`)

// retag is the version that an image has, and the image with another one. The
// repository stays as it is written.
func retag(image, tag string) (old, retagged string, err error) {
	if !tagForm.MatchString(tag) {
		return "", "", fmt.Errorf("tag %q is no tag; write TAG, or TAG@sha256:DIGEST", tag)
	}
	repository, old := split(image)
	if old == "" {
		return "", "", fmt.Errorf("its image %q names no version; write one into the stack file", image)
	}
	if strings.Contains(old, "@") && !strings.Contains(tag, "@") {
		return "", "", fmt.Errorf("its image is pinned by a digest, which tag %s alone would take off; write TAG@sha256:DIGEST", tag)
	}
	return old, repository + ":" + tag, nil
}

// split takes the version off an image. A colon before the last slash is that
// of a registry's port.
func split(image string) (repository, version string) {
	name, digest, pinned := strings.Cut(image, "@")
	repository = name
	if colon := strings.LastIndexByte(name, ':'); colon > strings.LastIndexByte(name, '/') {
		repository, version = name[:colon], name[colon+1:]
	}
	if pinned {
		version += "@" + digest
	}
	return repository, version
}

// older reports whether an image takes another back, as far as their tags tell:
// times of a build, or versions. Of two versions with three numbers each a
// pre-release counts too; what follows fewer, as in 16-alpine, names a variant.
func older(old, image string) bool {
	was, timed := config.TagTime(old)
	if is, both := config.TagTime(image); timed && both {
		return is.Before(was)
	}
	from, to := version(old), version(image)
	switch {
	case from == nil || to == nil:
		return false
	case !core(from).Equal(core(to)):
		return core(to).LessThan(core(from))
	}
	return whole(from) && whole(to) && to.LessThan(from)
}

// version is the tag of an image as a version; nil for one that is not one, such
// as a commit.
func version(image string) *semver.Version {
	_, tag := split(image)
	tag, _, _ = strings.Cut(tag, "@")
	if !strings.ContainsAny(tag, ".-") && !strings.HasPrefix(tag, "v") && len(tag) > 4 {
		return nil // digits of a commit, or the number of a build
	}
	parsed, err := semver.NewVersion(tag)
	if err != nil {
		return nil
	}
	return parsed
}

func core(v *semver.Version) *semver.Version {
	return semver.New(v.Major(), v.Minor(), v.Patch(), "", "")
}

func whole(v *semver.Version) bool {
	number, _, _ := strings.Cut(v.Original(), "-")
	return strings.Count(number, ".") == 2
}
