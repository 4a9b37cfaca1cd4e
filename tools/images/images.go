// Package images makes the images that real nodes run where no registry
// answers. They stand in for those that a stack file names, under the same
// names: PostgreSQL, Redis, NATS, HAProxy and nginx are the distribution's own
// programs, and every application is played by one program of this project,
// tests/standin. All of them come out as one archive for containerd:
//
//	ctr --namespace k8s.io images import ARCHIVE
package images

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/distribution/reference"
	"github.com/gofrs/flock"
)

// Image is one image that a stack file names.
type Image struct {
	Ref        string // as the stack file says
	Ports      []int  // of its container; read where nothing here knows the image
	HealthPath string // that its probes ask; read where nothing here knows the image
}

// Extra is an image that no stack file names and that nodes need.
type Extra struct {
	Ref        string   // such as platform/coredns:1
	Programs   []string // paths on this machine, of programs without libraries; they go to /usr/local/bin
	Nginx      bool     // the distribution's nginx is in it
	Entrypoint []string
	User       string // UID; empty is root
}

// The images that nodes need beside those of a stack.
const (
	PauseImage   = "docker.io/platform/pause:1"           // holds the namespaces of a pod
	CoreDNSImage = "docker.io/platform/coredns:1"         // answers names
	SpeakerImage = "docker.io/platform/metallb-speaker:1" // MetalLB's, which announces addresses
	EdgeImage    = "docker.io/platform/edge:1"            // nginx, and the program that configures it
)

// Pause is the image of [PauseImage].
func Pause() Extra {
	return Extra{Ref: PauseImage, Entrypoint: []string{"/usr/bin/busybox", "sleep", "infinity"}, User: "65535"}
}

// CoreDNS is the image of [CoreDNSImage], from a program on this machine.
func CoreDNS(program string) Extra {
	return Extra{Ref: CoreDNSImage, Programs: []string{program}, Entrypoint: []string{"/usr/local/bin/" + filepath.Base(program)}}
}

// Speaker is the image of [SpeakerImage], from a program on this machine. Only
// root may send the packets that announce an address.
func Speaker(program string) Extra {
	return Extra{Ref: SpeakerImage, Programs: []string{program}, Entrypoint: []string{"/usr/local/bin/" + filepath.Base(program)}}
}

// Edge is the image of [EdgeImage], from a program on this machine that
// starts nginx.
func Edge(program string) Extra {
	return Extra{Ref: EdgeImage, Programs: []string{program}, Nginx: true, Entrypoint: []string{"/usr/local/bin/" + filepath.Base(program)}}
}

// Options say where images are made.
type Options struct {
	Root   string    // the checkout
	Cache  string    // folder for packages, programs and archives; made where it is missing
	Out    io.Writer // for progress; nil is none
	Extras []Extra   // beside [Pause], which is always there
}

// Archive is the file of all images, an OCI image layout in a tar.
type Archive struct {
	Path     string
	StandIns []string // the images that stand in for one of a stack file, as containerd names them, sorted
	Key      string   // of the content: another key is another archive
}

// keptArchives is how many archives stay in the cache: that of each stack.
const keptArchives = 4

// Make makes the archive, or finds the one that was made from the same parts.
// Packages that were fetched once are not fetched again: to have newer ones,
// remove the cache folder.
//
// It needs apt-get, dpkg-deb and the go command, and says in one error which
// of them is missing.
func Make(ctx context.Context, opts Options, wanted []Image) (Archive, error) {
	m, err := newMaker(opts)
	if err != nil {
		return Archive{}, err
	}
	unlock, err := m.lock(ctx)
	if err != nil {
		return Archive{}, err
	}
	defer unlock()
	recipes, standIns, err := m.recipes(wanted)
	if err != nil {
		return Archive{}, err
	}
	if archive, ok := m.find(recipes, standIns); ok {
		return archive, nil
	}
	if err := m.prepare(ctx, recipes); err != nil {
		return Archive{}, err
	}
	return m.write(recipes, standIns)
}

// maker makes images in one cache folder.
type maker struct {
	Options
	packages *packages
	started  time.Time
}

func newMaker(opts Options) (*maker, error) {
	if opts.Out == nil {
		opts.Out = io.Discard
	}
	for _, folder := range []string{"packages", "programs", "archives"} {
		if err := os.MkdirAll(filepath.Join(opts.Cache, folder), 0o755); err != nil {
			return nil, fmt.Errorf("images: cache: %w", err)
		}
	}
	m := &maker{Options: opts, started: time.Now()}
	m.packages = &packages{folder: filepath.Join(opts.Cache, "packages"), say: m.say}
	return m, nil
}

// say tells what happens, and how long it has taken until then.
func (m *maker) say(format string, args ...any) {
	fmt.Fprintf(m.Out, "images: %s (%.1f s)\n", fmt.Sprintf(format, args...), time.Since(m.started).Seconds())
}

// lock keeps other processes from making the same until unlock is called.
func (m *maker) lock(ctx context.Context) (unlock func(), err error) {
	lock := flock.New(filepath.Join(m.Cache, "images.lock"))
	if _, err := lock.TryLockContext(ctx, 200*time.Millisecond); err != nil {
		return nil, fmt.Errorf("images: lock %s: %w", lock.Path(), err)
	}
	return func() { _ = lock.Unlock() }, nil
}

// recipes are those of all images, by the name that containerd gives each, and
// the names of the stand-ins among them.
func (m *maker) recipes(wanted []Image) (map[string]recipe, []string, error) {
	all, standIns, problems := map[string]recipe{}, []string{}, []error{}
	for _, image := range wanted {
		name, err := Name(image.Ref)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		all[name] = standIn(name, image)
		standIns = append(standIns, name)
	}
	for _, extra := range append([]Extra{Pause()}, m.Extras...) {
		name, err := Name(extra.Ref)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		all[name] = extra.recipe()
	}
	slices.Sort(standIns)
	return all, slices.Compact(standIns), errors.Join(problems...)
}

// prepare fetches and builds what the recipes are made from.
func (m *maker) prepare(ctx context.Context, recipes map[string]recipe) error {
	if err := m.packages.fetchAll(ctx, parts(recipes)); err != nil {
		return err
	}
	for _, r := range recipes {
		if r.standIn {
			return m.buildProgram(ctx)
		}
	}
	return nil
}

// Name is an image's name as containerd knows it, with registry and tag.
func Name(ref string) (string, error) {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return "", fmt.Errorf("images: %q is no name of an image: %w", ref, err)
	}
	return reference.TagNameOnly(named).String(), nil
}

// platform is what the images are made for: this machine.
func platform() map[string]string {
	return map[string]string{"os": "linux", "architecture": runtime.GOARCH}
}
