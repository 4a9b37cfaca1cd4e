package image

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"platform/config"
)

// components are the parts of both platforms whose image has a key of its own,
// by the name of what runs, with the path of what holds the image. Celery's
// workers run the image of the backend, and so does its migration.
var components = map[string][]string{
	"frontend":       {"frontend"},
	"backend":        {"backend"},
	"redis":          {"redis"},
	"redis-exporter": {"redis", "exporter"},
	"postgres":       {"postgres"},

	"gateway":         {"gateway"},
	"gfs-master":      {"gfs", "master"},
	"gfs-chunkserver": {"gfs", "chunkserver"},
	"haproxy":         {"haproxy"},
	"nats":            {"nats"},
	"image-cleanup":   {"imageCleanup"},
}

// Keys of a stack file.
const (
	keyBase      = "base"
	keyConfig    = "config"
	keyServices  = "services"
	keyImage     = "image"
	keyPlatforms = "platforms"
	keyRollback  = "rollback"
)

// document is a stack file as its parser sees it.
type document struct {
	content []byte
	top     *yaml.Node // the mapping of the whole file
	config  *yaml.Node // the mapping under config
}

func parse(content []byte) (document, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(content, &root); err != nil {
		return document{}, fmt.Errorf("the stack file is not valid YAML: %w", err)
	}
	if root.Kind == yaml.DocumentNode && len(root.Content) == 1 {
		if _, at := entry(root.Content[0], keyConfig); isMapping(at) {
			return document{content: content, top: root.Content[0], config: at}, nil
		}
	}
	return document{}, fmt.Errorf("the stack file has no map under %s; write one", keyConfig)
}

// place is where an image stands.
type place struct {
	*yaml.Node
	key       string   // of the configuration, such as backend.image
	platforms []string // beside it: what it was built for, as the file says
}

// image is where the image of a service stands.
func (d document) image(service string) (place, error) {
	images := d.images()
	if at, found := images[service]; found {
		return at, nil
	}
	remedy := "use one of " + strings.Join(slices.Sorted(maps.Keys(images)), ", ")
	if _, base := d.own(keyBase); base != nil && len(images) == 0 {
		remedy = "set it in " + base.Value + ", which this stack shares with others"
	} else if base != nil {
		remedy += "; if it is in " + base.Value + ", which this stack shares with others, set it there"
	}
	return place{}, fmt.Errorf("the stack file has no image of that name; %s", remedy)
}

// images is where each image of the file stands, by the name of what runs it.
func (d document) images() map[string]place {
	found := map[string]place{}
	add := func(name, key string, holder *yaml.Node) {
		_, at := entry(holder, keyImage)
		if at == nil {
			return
		}
		one := place{Node: at, key: key + "." + keyImage}
		if _, list := entry(holder, keyPlatforms); list != nil {
			_ = list.Decode(&one.platforms) // what is no list is reported by the configuration
		}
		found[name] = one
	}
	_, services := d.own(keyServices)
	for name, service := range entries(services) {
		add(name.Value, keyServices+"["+name.Value+"]", service)
	}
	for name, path := range components {
		_, holder := d.own(path[0])
		for _, key := range path[1:] {
			_, holder = entry(holder, key)
		}
		add(name, strings.Join(path, "."), holder)
	}
	return found
}

// own is an entry of the program's own configuration. Like the engine, it
// reads a key without a namespace as one of the project's.
func (d document) own(name string) (key, value *yaml.Node) {
	if key, value = entry(d.config, config.Namespace+":"+name); key != nil {
		return key, value
	}
	return entry(d.config, name)
}

// entry is the key and the value of a mapping; nil for what is none.
func entry(mapping *yaml.Node, name string) (key, value *yaml.Node) {
	for key, value := range entries(mapping) {
		if key.Value == name {
			return key, value
		}
	}
	return nil, nil
}

// entries are the keys and values of a mapping, in the order of the file.
func entries(mapping *yaml.Node) func(func(key, value *yaml.Node) bool) {
	return func(yield func(key, value *yaml.Node) bool) {
		if !isMapping(mapping) {
			return
		}
		for i := 0; i+1 < len(mapping.Content); i += 2 {
			if !yield(mapping.Content[i], mapping.Content[i+1]) {
				return
			}
		}
	}
}

func isMapping(node *yaml.Node) bool { return node != nil && node.Kind == yaml.MappingNode }
