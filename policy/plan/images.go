package plan

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/distribution/reference"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/config"
)

// server is software that keeps data in a format of its own.
type server struct {
	name   string
	fixed  int  // how many numbers of its version have to stay for it to open its data
	format int  // how many numbers of its version tell the format of its data
	sorts  bool // it keeps indexes in the order of the C library of its image
}

var (
	postgres = &server{name: "PostgreSQL", fixed: 1, format: 1, sorts: true}
	mysql    = &server{name: "MySQL", fixed: 2, format: 3} // a patch release may change the dictionary
	mariaDB  = &server{name: "MariaDB", fixed: 2, format: 2}
	mongoDB  = &server{name: "MongoDB", fixed: 2, format: 2}
	redis    = &server{name: "Redis", format: 2}
	nats     = &server{name: "NATS", format: 2}
	gfs      = &server{name: "GFS", format: 1}
)

// servers are known by a word of the last part of their images' names. An image
// without such a word, such as that of a service, opens no data that another
// build of it could not.
var servers = map[string]*server{
	"postgres": postgres, "postgresql": postgres, "postgis": postgres, "pgvector": postgres, "timescaledb": postgres,
	"mysql": mysql, "percona": mysql, "mariadb": mariaDB, "mongo": mongoDB, "mongodb": mongoDB,
	"redis": redis, "valkey": {name: "Valkey", format: 2}, "keydb": {name: "KeyDB", format: 2}, "nats": nats, "gfs": gfs,
	"etcd": {name: "etcd", fixed: 1, format: 2}, "rabbitmq": {name: "RabbitMQ", fixed: 1, format: 2},
	"elasticsearch": {name: "Elasticsearch", fixed: 1, format: 2}, "opensearch": {name: "OpenSearch", fixed: 1, format: 2},
}

// upgrades are images that open the data of another image, which they may not
// be able to read, or read wrongly: wherever the data are mounted.
func upgrades(steps []apitype.StepEventMetadata) []Change {
	before := map[string][]mount{} // by place
	for _, step := range steps {
		if step.Old != nil && kindOf(step.Old.Type) != "CronJob" { // a CronJob runs clients
			for _, one := range mounts(*step.Old) {
				before[one.place] = append(before[one.place], one)
			}
		}
	}
	var changes []Change
	for _, step := range steps {
		if step.New == nil || kindOf(step.New.Type) == "CronJob" {
			continue
		}
		for _, one := range mounts(*step.New) {
			old := opened(before[one.place], one)
			if loses := cannotOpen(old, one.image); loses != "" {
				changes = append(changes, Change{
					Resource: named(*step.New), URN: step.URN, Kind: config.WaiveUpgrade,
					Why: fmt.Sprintf("container %s: image %s → %s", one.container, old, one.image), Loses: loses,
				})
			}
		}
	}
	return changes
}

// opened is the image that the data of a mount were opened with: by the same
// container, or else by any server of the same kind. A container that is new
// beside a server, and no server itself, only prepares what is there.
func opened(before []mount, now mount) string {
	for _, old := range before {
		if old.container == now.container {
			return old.image
		}
	}
	if serverOf(now.image) == nil {
		return now.image
	}
	for _, old := range before {
		if serverOf(old.image) != nil {
			return old.image
		}
	}
	return now.image
}

// again is what to do for every server.
const again = "dump the data with the one that runs and restore them into the new one (see docs/operations.md under Another version of a data server)"

// cannotOpen tells why what an image wrote may not be read by another; empty
// where it is.
func cannotOpen(before, after string) string {
	kept, opens := serverOf(before), serverOf(after)
	if before == after || kept == nil && opens == nil {
		return ""
	}
	old, now := parse(before), parse(after)
	switch {
	case kept == nil || opens == nil || kept != opens:
		return "another program may not read these data: " + again
	case old.path != now.path:
		return fmt.Sprintf("another build of %s looks for its data under other paths or as another user, and may begin with none: %s", kept.name, again)
	case old.tag == now.tag && (len(old.numbers) > 0 || old.digest == now.digest || old.digest == "" || now.digest == ""):
		return ""
	case len(old.numbers) == 0 || len(now.numbers) == 0 || old.early != now.early:
		return fmt.Sprintf("the tags do not tell whether this %s reads these data: name a version that does, or %s", kept.name, again)
	}
	if loses := kept.compare(old, now); loses != "" || !kept.sorts {
		return loses
	}
	return kept.sorted(old, now)
}

// compare tells why a version does not read what another wrote.
func (s *server) compare(old, now image) string {
	fixed := s.fixed
	if s == postgres && old.numbers[0] < 10 && now.numbers[0] < 10 {
		fixed = 2 // 9.5 and 9.6 are two major versions
	}
	shared := min(len(old.numbers), len(now.numbers))
	for i := range shared {
		switch by := cmp.Compare(now.numbers[i], old.numbers[i]); {
		case by != 0 && i < fixed:
			return fmt.Sprintf("%s %s does not open the data of %s: %s", s.name, now.version(), old.version(), again)
		case by < 0:
			return fmt.Sprintf("%s %s may not read what the newer %s has written: %s", s.name, now.version(), old.version(), again)
		case by > 0:
			return ""
		}
	}
	if len(now.numbers) > shared && shared < max(fixed, s.format) {
		return fmt.Sprintf("%s %s may be newer than %s, which then does not read its data: name a version that is not older, or %s",
			s.name, old.version(), now.version(), again)
	}
	return ""
}

// sorted reports whether the C library changes, by whose order texts are kept in
// indexes. That of Alpine knows one order only.
func (s *server) sorted(old, now image) string {
	if old.system == now.system && (old.release == now.release || old.system == alpine) {
		return ""
	}
	return fmt.Sprintf("the C library of %s may sort otherwise than that of %s, so that indexes on texts miss rows: "+
		"run REINDEX DATABASE and ALTER DATABASE ... REFRESH COLLATION VERSION in each database right after it, or %s", now.based(), old.based(), again)
}

// image is what the name of an image tells.
type image struct {
	path, tag, digest string
	numbers           []int  // of its version; none where the tag tells none
	early             string // such as rc1, where it is no release
	system, release   string // that it is built on: Debian where it does not say so
}

func (i image) version() string {
	var parts []string
	for _, number := range i.numbers {
		parts = append(parts, strconv.Itoa(number))
	}
	return strings.Join(parts, ".") + i.early
}

func (i image) based() string {
	if i.release == "" {
		return i.system
	}
	return i.system + " " + i.release
}

const (
	alpine = "Alpine"
	debian = "Debian"
)

// What tags tell. Debian's releases have names, and images of others number them.
var (
	numbered  = regexp.MustCompile(`^v?(\d+(?:\.\d+)*)((?:alpha|beta|rc)\d*)?(?:$|[-+._])`)
	ofServer  = regexp.MustCompile(`(?:^|-)pg(\d+(?:\.\d+)*)`)
	onAlpine  = regexp.MustCompile(`alpine([0-9.]*)`)
	onDebian  = regexp.MustCompile(`debian-?(\d*)|(?:^|-)(buster|bullseye|bookworm|trixie|forky|stretch|jessie)`)
	onAnother = regexp.MustCompile(`(?:^|-)(ubi\d*|ubuntu[0-9.]*|jammy|noble|focal|ol\d+|oraclelinux\d*|photon-?\d*|windowsservercore|nanoserver)`)
)

// releases of Debian, by their names.
var releases = map[string]string{"jessie": "8", "stretch": "9", "buster": "10", "bullseye": "11", "bookworm": "12", "trixie": "13", "forky": "14"}

// parse reads the name of an image. A registry in between keeps what it is.
func parse(name string) image {
	named, err := reference.ParseNormalizedNamed(name)
	if err != nil {
		return image{path: name}
	}
	read := image{path: reference.Path(named), tag: "latest", system: debian}
	if at := strings.LastIndex("/"+read.path, "/library/"); at >= 0 {
		read.path = ("/" + read.path)[at+len("/library/"):]
	}
	if digested, has := named.(reference.Digested); has {
		read.digest, read.tag = digested.Digest().String(), ""
	}
	if tagged, has := named.(reference.Tagged); has {
		read.tag = tagged.Tag()
	}
	read.readTag(name)
	return read
}

func (i *image) readTag(name string) {
	if found := onAlpine.FindStringSubmatch(i.tag); found != nil {
		i.system, i.release = alpine, found[1]
	} else if found := onAnother.FindStringSubmatch(i.tag); found != nil {
		i.system = found[1]
	} else if found := onDebian.FindStringSubmatch(i.tag); found != nil {
		i.release = cmp.Or(found[1], releases[found[2]])
	}
	if built, timed := config.TagTime(name); timed {
		i.numbers = []int{int(built.Unix())}
		return
	}
	found := ofServer.FindStringSubmatch(i.tag)
	if found == nil {
		if found = numbered.FindStringSubmatch(i.tag); found == nil {
			return
		}
		i.early = found[2]
	}
	for _, part := range strings.Split(found[1], ".") {
		number, err := strconv.Atoi(part)
		if err != nil { // longer than any version
			i.numbers = nil
			return
		}
		i.numbers = append(i.numbers, number)
	}
}

// serverOf is the server that an image runs; nil for any other program.
func serverOf(name string) *server {
	words := strings.FieldsFunc(lastPart(parse(name).path), func(r rune) bool { return r == '-' || r == '_' || r == '.' })
	if slices.ContainsFunc(words, func(word string) bool { return word == "exporter" }) {
		return nil // it only asks the server
	}
	for _, word := range words {
		if found := servers[word]; found != nil {
			return found
		}
	}
	return nil
}

func lastPart(path string) string { return path[strings.LastIndex(path, "/")+1:] }
