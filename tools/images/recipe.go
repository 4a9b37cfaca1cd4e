package images

import (
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/distribution/reference"
)

// recipe says what an image is made of and how its container starts.
type recipe struct {
	Parts    []string // of the table of parts, beside the base; in order
	Programs []string // paths on this machine
	Config   runConfig
	standIn  bool // the program that plays applications is in it
}

// runConfig is the part of an image that says how a container starts, in the
// spelling of the OCI image specification.
type runConfig struct {
	User       string   `json:"User,omitempty"`
	Env        []string `json:"Env,omitempty"`
	Entrypoint []string `json:"Entrypoint,omitempty"`
	Cmd        []string `json:"Cmd,omitempty"`
	WorkingDir string   `json:"WorkingDir,omitempty"`
	StopSignal string   `json:"StopSignal,omitempty"`
}

const searchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// server is an image of a program of the distribution. Where the image has
// arguments of its own, they are those of the official image.
func server(part, user, stop string, cmd ...string) recipe {
	return recipe{Parts: []string{part}, Config: runConfig{
		User: user, StopSignal: stop, Env: []string{searchPath},
		Entrypoint: []string{"docker-entrypoint.sh"}, Cmd: cmd,
	}}
}

// servers are the recipes of known programs, by the last word of an image's
// repository. Users and signals are those of the official images.
var servers = map[string]func() recipe{
	"postgres": func() recipe {
		r := server("postgres", "", "SIGINT", "postgres")
		r.Config.Env = append(r.Config.Env, "LANG=C.UTF-8", "PGDATA=/var/lib/postgresql/data")
		return r
	},
	"redis": func() recipe { return server("redis", "", "", "redis-server") },
	"nats":  func() recipe { return server("nats", "", "", "nats-server", "--config", "/etc/nats/nats-server.conf") },
	"haproxy": func() recipe {
		return server("haproxy", "99", "SIGUSR1", "haproxy", "-f", "/usr/local/etc/haproxy/haproxy.cfg")
	},
	"redis_exporter": func() recipe {
		return recipe{Parts: []string{"redis_exporter"}, Config: runConfig{User: "59000", Entrypoint: []string{"/usr/bin/prometheus-redis-exporter"}}}
	},
	"busybox":                  busybox,
	"mirrored-library-busybox": busybox,
}

func busybox() recipe {
	return recipe{Config: runConfig{Env: []string{searchPath}, Cmd: []string{"sh"}}}
}

// application is how the program that plays applications is started as one.
type application struct {
	role   string // of the program
	user   string
	folder string // working folder
}

// applications are by the last word of an image's repository.
var applications = map[string]application{
	"backend":                {"backend", "1001", "/app"},
	"frontend":               {"frontend", "101", "/"},
	"ecloud-gateway":         {"gateway", "65532", "/"},
	"ecloud-gfs":             {"master", "", "/app"},
	"ecloud-auth":            {"auth-service", "65532", "/"},
	"ecloud-sfs":             {"sfs", "", "/app"},
	"ecloud-frontend":        {"website", "", "/"},
	"ecloud-docs":            {"website", "", "/"},
	"ecloud-compute":         {"edd-compute", "65532", "/"},
	"cluster-monitor":        {"cluster-monitor", "65532", "/"},
	"ecloud-logging":         {"log-service", "65532", "/"},
	"ecloud-notifications":   {"notification-service", "65532", "/"},
	"alerting-service":       {"alerting-service", "65532", "/"},
	"ecloud-alerting":        {"alerting-service", "65532", "/"},
	"ecloud-cluster-monitor": {"cluster-monitor", "65532", "/"},
}

// standIn is the recipe of an image of a stack file. One that nothing here
// knows listens where its entry says and answers its health path.
func standIn(name string, image Image) recipe {
	word := lastWord(name)
	if made, ok := servers[word]; ok {
		return made()
	}
	app, ok := applications[word]
	if !ok {
		app = application{role: "generic", user: "65532", folder: "/"}
	}
	env := []string{searchPath, "STANDIN=" + app.role, "STANDIN_IMAGE=" + name}
	if !ok {
		ports := make([]string, len(image.Ports))
		for i, port := range image.Ports {
			ports[i] = strconv.Itoa(port)
		}
		env = append(env, "STANDIN_PORTS="+strings.Join(ports, ","), "STANDIN_HEALTH="+image.HealthPath)
	}
	return recipe{standIn: true, Parts: []string{standInPart}, Config: runConfig{
		User: app.user, Env: env, Entrypoint: []string{"/usr/local/bin/standin"}, WorkingDir: app.folder,
	}}
}

// lastWord is the last word of an image's repository.
func lastWord(name string) string {
	named, err := reference.ParseNormalizedNamed(name)
	if err != nil {
		return ""
	}
	return path.Base(reference.Path(named))
}

// Known reports whether an image is played as what it is, and not only by its
// ports.
func Known(ref string) bool {
	_, server := servers[lastWord(ref)]
	_, application := applications[lastWord(ref)]
	return server || application
}

func (e Extra) recipe() recipe {
	r := recipe{Programs: e.Programs, Config: runConfig{User: e.User, Env: []string{searchPath}, Entrypoint: e.Entrypoint}}
	if e.Nginx {
		r.Parts = append(r.Parts, "nginx")
	}
	return r
}

// programsPart names the layer of the programs, so that images of the same
// share it; none is the empty name.
func (r recipe) programsPart() string {
	if len(r.Programs) == 0 {
		return ""
	}
	return "programs " + strings.Join(r.Programs, " ")
}

// programTree is where the programs are in the image.
func (r recipe) programTree() tree {
	t := tree{}
	for _, program := range r.Programs {
		t["usr/local/bin/"+filepath.Base(program)] = entry{Mode: 0o755, source: program}
	}
	return t
}

// parts are the names of all parts of the distribution that recipes have, the
// base first.
func parts(recipes map[string]recipe) []string {
	found := map[string]bool{}
	for _, r := range recipes {
		for _, part := range r.Parts {
			found[part] = part != standInPart
		}
	}
	names := []string{basePart}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if found[name] {
			names = append(names, name)
		}
	}
	return names
}
