package images

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// Names of parts that the code speaks of.
const (
	basePart    = "base"    // in every image
	standInPart = "standin" // the program that plays applications
)

// part is one layer: files of the distribution's packages, and files of ours.
type part struct {
	packages []string          // that carry the programs
	follow   []string          // patterns of packages that those depend on and that carry programs too
	keep     []string          // patterns of the files to take
	drop     []string          // of these, patterns of files to leave out
	programs []string          // patterns of programs to name in /usr/local/bin, where the official images have theirs
	links    map[string]string // further symbolic links: path and target
	folders  map[string]entry  // folders and files of ours
}

//go:embed entrypoints
var entrypoints embed.FS

// entrypoint is the start script of a part.
func entrypoint(name string) entry {
	content, err := entrypoints.ReadFile("entrypoints/" + name + ".sh")
	if err != nil {
		panic(err) // the files are compiled in
	}
	return entry{Mode: 0o755, data: content}
}

func folder(mode fs.FileMode, user int) entry { return entry{Mode: fs.ModeDir | mode, User: user} }

const startScript = "usr/local/bin/docker-entrypoint.sh"

// accounts are those that the official images have, by which programs find a
// name for the user that they run as.
const accounts = `root:x:0:0:root:/root:/bin/sh
postgres:x:70:70::/var/lib/postgresql:/bin/sh
haproxy:x:99:99::/:/bin/sh
nginx:x:101:101::/:/bin/sh
redis:x:999:999::/data:/bin/sh
app:x:1001:1001::/app:/bin/sh
nobody:x:65534:65534::/:/bin/sh
nonroot:x:65532:65532::/:/bin/sh
`

// partTable has every part by its name. The shell is not that of busybox: in
// the distribution's build it runs busybox's own find, which cannot delete,
// before any other.
func partTable() map[string]part {
	return map[string]part{
		basePart: {
			packages: []string{"busybox-static", "dash", "findutils", "coreutils", "libc6"},
			keep:     []string{"usr/bin/busybox", "usr/bin/dash", "usr/bin/find", "usr/bin/printenv"},
			links: map[string]string{
				"bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "lib64": "usr/lib64", "usr/bin/sh": "dash", "var/run": "../run",
			},
			folders: map[string]entry{
				"etc/passwd": {Mode: 0o644, data: []byte(accounts)}, "etc/group": {Mode: 0o644, data: []byte(groups())},
				"etc/nsswitch.conf": {Mode: 0o644, data: []byte("passwd: files\ngroup: files\nhosts: files dns\n")},
				"usr/sbin":          folder(0o755, 0), "usr/lib64": folder(0o755, 0),
				"tmp": folder(fs.ModeSticky|0o777, 0), "var/tmp": folder(fs.ModeSticky|0o777, 0),
				"run": folder(0o755, 0), "proc": folder(0o755, 0), "sys": folder(0o755, 0), "dev": folder(0o755, 0), "root": folder(0o700, 0),
			},
		},
		"postgres": {
			packages: []string{"postgresql", "tzdata", "libc-bin"}, // the last has the locale
			follow:   []string{"postgresql-[0-9]*", "postgresql-client-[0-9]*"},
			keep:     []string{"usr/lib/postgresql/*/bin/*", "usr/lib/postgresql/*/lib/*.so", "usr/share/postgresql/**", "usr/share/zoneinfo/**", "usr/lib/locale/C.utf8/**"},
			drop:     []string{"**/llvmjit*", "usr/share/postgresql/*/man/**", "usr/share/zoneinfo/right/**", "usr/share/zoneinfo/posix/**"},
			programs: []string{"usr/lib/postgresql/*/bin/*"},
			folders: map[string]entry{
				startScript:                  entrypoint("postgres"),
				"docker-entrypoint-initdb.d": folder(0o755, 0), "var/lib/postgresql": folder(0o755, 70),
				"var/lib/postgresql/data": folder(fs.ModeSticky|0o777, 70), "run/postgresql": folder(fs.ModeSticky|0o777, 70),
			},
		},
		"redis": {
			packages: []string{"redis-server", "redis-tools"},
			keep:     []string{"usr/bin/redis-*"}, drop: []string{"usr/bin/redis-benchmark"},
			programs: []string{"usr/bin/redis-*"},
			folders:  map[string]entry{startScript: entrypoint("redis"), "data": folder(0o755, 999)},
		},
		"nats": {
			packages: []string{"nats-server"}, keep: []string{"usr/{,s}bin/nats-server"},
			programs: []string{"usr/{,s}bin/nats-server"},
			folders: map[string]entry{
				startScript:                 entrypoint("nats"),
				"etc/nats/nats-server.conf": {Mode: 0o644, data: []byte("port: 4222\nhttp_port: 8222\n")},
			},
		},
		"haproxy": {
			packages: []string{"haproxy"}, keep: []string{"usr/sbin/haproxy"}, programs: []string{"usr/sbin/haproxy"},
			folders: map[string]entry{startScript: entrypoint("haproxy"), "usr/local/etc/haproxy": folder(0o755, 0), "var/lib/haproxy": folder(0o755, 99)},
		},
		"nginx": {
			packages: []string{"nginx", "nginx-common"}, keep: []string{"usr/sbin/nginx", "etc/nginx/mime.types"},
			folders: map[string]entry{"var/lib/nginx": folder(0o777, 101), "var/log/nginx": folder(0o777, 101), "var/cache/nginx": folder(0o777, 101)},
		},
		"redis_exporter": {packages: []string{"prometheus-redis-exporter"}, keep: []string{"usr/bin/prometheus-redis-exporter"}},
	}
}

// groups has a group for each account.
func groups() string {
	var all strings.Builder
	for line := range strings.Lines(accounts) {
		fields := strings.Split(line, ":")
		fmt.Fprintf(&all, "%s:x:%s:\n", fields[0], fields[3])
	}
	return all.String()
}

// standInTree is the layer of the program that plays applications, under the
// names that the images' own programs have.
func standInTree(program string) tree {
	t := tree{
		"usr/local/bin/standin":             {Mode: 0o755, source: program},
		"app":                               folder(0o755, 1001),
		"var/cache/nginx":                   folder(0o755, 101),
		"usr/share/nginx/html":              folder(0o755, 101),
		"usr/share/nginx/html/injectEnv.js": {Mode: 0o644, User: 101, data: []byte("// no settings yet\n")},
	}
	for _, name := range []string{"usr/local/bin/alembic", "usr/local/bin/celery", "app/master", "app/chunkserver", "app/sfs"} {
		t[name] = entry{Mode: fs.ModeSymlink | 0o777, link: "/usr/local/bin/standin"}
	}
	return t
}

// tree is the layer of a part, without the files that are below it already.
func (p *packages) tree(name string, below tree) (tree, error) {
	definition := partTable()[name]
	carriers := slices.Concat(definition.packages, p.followed(definition))
	t := tree{}
	for _, carrier := range carriers {
		if err := p.take(t, carrier, definition); err != nil {
			return nil, err
		}
	}
	if err := p.addLibraries(t, below); err != nil {
		return nil, err
	}
	if name == basePart {
		if err := addApplets(t); err != nil {
			return nil, err
		}
	}
	for at := range t {
		if matches(definition.programs, at) {
			t[path.Join("usr/local/bin", path.Base(at))] = entry{Mode: fs.ModeSymlink | 0o777, link: "/" + at}
		}
	}
	for at, target := range definition.links {
		t[at] = entry{Mode: fs.ModeSymlink | 0o777, link: target}
	}
	for at, e := range definition.folders {
		t[at] = e
	}
	return t, nil
}

// matches reports whether a path fits one of the patterns.
func matches(patterns []string, path string) bool {
	for _, pattern := range patterns {
		if ok, _ := doublestar.Match(pattern, path); ok {
			return true
		}
	}
	return false
}
