package config

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/distribution/reference"
)

// ImagePlatforms lists what an image may be built for, in the order errors print it.
var ImagePlatforms = []string{"linux/amd64", "linux/arm64"}

// tagLayout is the form of a timestamp tag, always of UTC.
const tagLayout = "20060102-150405"

// tagForm keeps the parser from taking less than the layout, such as a
// fraction of a second behind it.
var tagForm = regexp.MustCompile(`^\d{8}-\d{6}$`)

// ownRepository begins the repositories whose images this platform builds.
const ownRepository = "docker.io/eddisonso/"

// TagTime is when an image was built, by its tag YYYYMMDD-HHMMSS (UTC), and
// whether its tag is of that form and a time that exists.
func TagTime(image string) (time.Time, bool) {
	return parseTag(Tag(image))
}

func parseTag(tag string) (time.Time, bool) {
	if !tagForm.MatchString(tag) {
		return time.Time{}, false
	}
	at, err := time.ParseInLocation(tagLayout, tag, time.UTC)
	return at, err == nil
}

// isOwn reports whether this platform builds the image, however the name of its
// registry is written.
func isOwn(image string) bool {
	named, err := reference.ParseNormalizedNamed(image)
	return err == nil && strings.HasPrefix(named.Name(), ownRepository)
}

// Images is what runs, by the name of the component: the services, the fixed
// components, and each database server, enabled or not.
func (c *EddCloud) Images() map[string]Build {
	images := map[string]Build{}
	for component, keyed := range c.keyedBuilds() {
		images[component] = keyed.Build
	}
	return images
}

// keyedBuild is a build and the key that it comes from.
type keyedBuild struct {
	Build
	key string
}

func (c *EddCloud) keyedBuilds() map[string]keyedBuild {
	builds := map[string]keyedBuild{
		GatewayName:      {c.Gateway.Build, "gateway"},
		GFSMasterName:    {c.GFS.Master.Build, "gfs.master"},
		ChunkserverName:  {c.GFS.Chunkserver.Build, "gfs.chunkserver"},
		HAProxyName:      {c.HAProxy.Build, "haproxy"},
		NATSName:         {c.NATS.Build, "nats"},
		ImageCleanupName: {c.ImageCleanup.Build, "imageCleanup"},
	}
	for name := range c.Postgres.Servers {
		builds[name] = keyedBuild{c.Postgres.Build, "postgres"}
	}
	for name, service := range c.Services {
		builds[name] = keyedBuild{service.Build, "services[" + name + "]"}
	}
	return builds
}

// ImageKeys is every image that the stack runs, by the key that names it.
func (c *EddCloud) ImageKeys() map[string]string {
	keys := map[string]string{}
	for _, keyed := range c.keyedBuilds() {
		keys[keyed.key+".image"] = keyed.Image
	}
	return keys
}

// ImageNodes is every node that pods with the image of a key may run on.
func (c *EddCloud) ImageNodes(key string) []Node {
	streams := podSet{key: "nats"} // the Job that makes them selects no node
	return c.Topology.imageNodes(append(c.podSets(), streams), key)
}

// ImageKeys is every image that the environment runs, by the key that names it.
func (c *EPFL) ImageKeys() map[string]string {
	keys := map[string]string{
		"frontend.image": c.Frontend.Image, "backend.image": c.Backend.Image, "postgres.image": c.Postgres.Image,
		"redis.image": c.Redis.Image, "redis.exporter.image": c.Redis.Exporter.Image,
	}
	for name, service := range c.Services {
		keys["services["+name+"].image"] = service.Image
	}
	maps.DeleteFunc(keys, func(_, image string) bool { return image == "" })
	return keys
}

// ImageNodes is every node that pods with the image of a key may run on.
func (c *EPFL) ImageNodes(key string) []Node { return c.Topology.imageNodes(c.podSets(), key) }

// alsoRun lists the parts whose image the pods of another part run beside
// their own, if those have one.
var alsoRun = map[string][]string{
	"backend": {"postgres"}, // the migration waits with it for the database
	"worker":  {"backend"},
	"redis":   {"redis.exporter"},
}

func (t Topology) imageNodes(sets []podSet, key string) []Node {
	part := strings.TrimSuffix(key, ".image")
	var nodes []Node
	for _, node := range t.Nodes {
		if slices.ContainsFunc(sets, func(set podSet) bool {
			return (set.key == part || slices.Contains(alsoRun[set.key], part)) && node.takes(set)
		}) {
			nodes = append(nodes, node)
		}
	}
	return nodes
}
