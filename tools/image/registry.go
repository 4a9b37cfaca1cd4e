package image

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/agext/levenshtein"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"platform/config"
)

const (
	patience   = 7 * time.Second // that all questions for the image may take together
	forTags    = 3 * time.Second // and those for the tags that there are in the place of a missing one
	suggested  = 3               // of those tags
	pagesAsked = 5               // of their list, at most; each has a thousand
	reasonEnds = 200             // letters of a reason that comes from others
)

// ask asks the registry for the image. The error says why the image is
// refused, or that the command was stopped; a registry that could not be asked
// is no error.
func (r *Result) ask(parent context.Context) error {
	repository, version := split(r.Image)
	tag, digest, _ := strings.Cut(version, "@")
	ref, err := name.NewTag(repository + ":" + tag)
	if err != nil {
		return err
	}
	puller, err := remote.NewPuller(remote.WithAuthFromKeychain(authn.DefaultKeychain),
		remote.WithRetryBackoff(remote.Backoff{Duration: 100 * time.Millisecond, Factor: 3, Steps: 3}))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(parent, patience)
	defer cancel()
	repo := repo{puller, ref.Repository}
	has, err := within(ctx, func() ([]v1.Platform, error) { return repo.platforms(ctx, ref, digest) })
	switch {
	case errors.Is(parent.Err(), context.Canceled):
		return parent.Err()
	case isMissing(err):
		return fmt.Errorf("the registry has no %s:%s%s; correct the tag, or push it first", repository, tag, repo.nearest(parent, tag))
	case errors.As(err, new(refusal)):
		return err
	case err != nil:
		r.Unchecked = reason(err)
		return nil
	}
	return r.suits(has)
}

// within waits no longer for an answer than a context lasts: docker's helpers
// for credentials know of none.
func within[T any](ctx context.Context, question func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer, 1)
	go func() {
		value, err := question()
		answers <- answer{value, err}
	}()
	select {
	case got := <-answers:
		return got.value, got.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// refusal is that a registry answers, and has another image than the one that
// is meant.
type refusal string

func (r refusal) Error() string { return string(r) }

// suits compares what the registry has with what the nodes need, and notes
// what of the file's own list is not there.
func (r *Result) suits(has []v1.Platform) error {
	var others []string
	for _, node := range r.Nodes {
		if !hasPlatform(has, platform(node)) {
			others = append(others, fmt.Sprintf("%s (%s)", node.Name, node.Architecture))
		}
	}
	if len(others) > 0 {
		i := slices.IndexFunc(r.Nodes, func(n config.Node) bool { return !hasPlatform(has, platform(n)) })
		return fmt.Errorf("the registry has %s for %s, and its pods may run on %s; build it for %s too and push that, or choose other nodes by nodeSelector",
			r.Image, platforms(has), strings.Join(others, ", "), platform(r.Nodes[i]))
	}
	r.Unbuilt = slices.DeleteFunc(slices.Clone(r.Platforms), func(p string) bool { return hasPlatform(has, p) })
	return nil
}

func platform(node config.Node) string { return "linux/" + node.Architecture }

func hasPlatform(has []v1.Platform, wanted string) bool {
	return slices.ContainsFunc(has, func(p v1.Platform) bool { return p.OS+"/"+p.Architecture == wanted })
}

func platforms(has []v1.Platform) string {
	var texts []string
	for _, p := range has {
		if text := printable(p.String()); !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	slices.Sort(texts)
	switch len(texts) {
	case 0:
		return "no platform"
	case 1:
		return texts[0] + " alone"
	}
	return strings.Join(texts, " and ")
}

// errUnreadable is that what a registry answers is no image.
var errUnreadable = errors.New("what the registry has is not readable as an image")

// repo is a repository of a registry.
type repo struct {
	puller *remote.Puller
	name.Repository
}

// platforms is what a tag was built for. With a digest, it must be that of the
// tag.
func (r repo) platforms(ctx context.Context, ref name.Tag, digest string) ([]v1.Platform, error) {
	found, err := r.puller.Get(ctx, ref)
	if err != nil {
		return nil, err
	}
	if is := found.Digest.String(); digest != "" && is != digest {
		return nil, refusal(fmt.Sprintf("the registry has %s as %s, and not as %s; set %s@%s if that is meant, or another tag", ref, is, digest, ref.TagStr(), is))
	}
	return r.of(ctx, found)
}

// of are the platforms of an image, or of each image in an index. What an index
// names and the registry does not have is none.
func (r repo) of(ctx context.Context, found *remote.Descriptor) ([]v1.Platform, error) {
	switch {
	case found.MediaType.IsSchema1():
		return nil, refusal(fmt.Sprintf("the registry has it in the first form that Docker had (%s), which container runtimes do not take any more; push it again with a newer one", found.MediaType))
	case !found.MediaType.IsIndex():
		image, err := found.Image()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errUnreadable, err)
		}
		file, err := image.ConfigFile()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errUnreadable, err)
		}
		if file.Platform() == nil {
			return nil, nil // no image, such as a signature
		}
		return []v1.Platform{*file.Platform()}, nil
	}
	index, err := found.ImageIndex()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	var all []v1.Platform
	for _, one := range manifest.Manifests {
		if one.Platform != nil && !slices.Contains(config.ImagePlatforms, one.Platform.OS+"/"+one.Platform.Architecture) {
			if one.Platform.OS != "unknown" { // as attestations of a build have it
				all = append(all, *one.Platform)
			}
			continue
		}
		child, err := r.puller.Get(ctx, r.Digest(one.Digest.String()))
		switch {
		case isMissing(err):
			continue
		case err != nil:
			return nil, err
		case one.Platform != nil:
			all = append(all, *one.Platform)
			continue
		}
		below, err := r.of(ctx, child)
		if err != nil {
			return nil, err
		}
		all = append(all, below...)
	}
	return all, nil
}

// nearest tells of the tags that a repository has, those that are most like
// the one that it has not; of equally near ones the last, which is the newest.
// What cannot be listed is not reported.
func (r repo) nearest(parent context.Context, wanted string) string {
	ctx, cancel := context.WithTimeout(parent, forTags)
	defer cancel()
	lister, err := r.puller.Lister(ctx, r.Repository)
	if err != nil {
		return ""
	}
	var tags []string
	for page := 0; page < pagesAsked && lister.HasNext(); page++ {
		more, err := lister.Next(ctx)
		if err != nil {
			break
		}
		tags = append(tags, more.Tags...)
	}
	tags = slices.DeleteFunc(tags, func(tag string) bool { return !tagForm.MatchString(tag) })
	slices.SortFunc(tags, func(a, b string) int {
		return cmp.Or(cmp.Compare(levenshtein.Distance(a, wanted, nil), levenshtein.Distance(b, wanted, nil)), strings.Compare(b, a))
	})
	if len(tags) == 0 {
		return ""
	}
	return " (most like it: " + strings.Join(tags[:min(suggested, len(tags))], ", ") + ")"
}

// isMissing reports whether a registry answers that it has no such manifest, or
// no such repository.
func isMissing(err error) bool {
	var said *transport.Error
	return errors.As(err, &said) && said.StatusCode == http.StatusNotFound && strings.Contains(said.Request.URL.Path, "/manifests/")
}

// reason says in one line why a registry could not be asked.
func reason(err error) string {
	var (
		untrusted *tls.CertificateVerificationError
		said      *transport.Error
		at        *url.Error
	)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("no answer within %s", patience)
	case errors.As(err, &untrusted):
		return printable(untrusted.Error())
	case errors.As(err, &said) && said.StatusCode == http.StatusNotFound:
		return said.Request.URL.Host + " answers, and is no registry (404 Not Found)"
	case errors.As(err, &said) && (said.StatusCode == http.StatusUnauthorized || said.StatusCode == http.StatusForbidden):
		return fmt.Sprintf("%s wants other credentials, or has no such repository (%d %s); log in with docker login",
			said.Request.URL.Host, said.StatusCode, http.StatusText(said.StatusCode))
	case errors.As(err, &said):
		return fmt.Sprintf("%s answers %d %s", said.Request.URL.Host, said.StatusCode, http.StatusText(said.StatusCode))
	case errors.As(err, &at):
		return printable(at.Err.Error())
	}
	return printable(err.Error())
}

// printable is a text of others on one line, without what steers a terminal.
func printable(text string) string {
	line := []rune(strings.Join(strings.FieldsFunc(text, func(r rune) bool { return isControl(r) || r == ' ' }), " "))
	if len(line) > reasonEnds {
		line = append(line[:reasonEnds], '…')
	}
	return string(line)
}
