package config

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Platform is the configuration of one stack, whichever platform it deploys:
// an [*EPFL] or an [*EddCloud]. A type switch tells which.
type Platform interface {
	// Namespace is the Kubernetes namespace that holds the stack.
	Namespace() string
	// Shared is what every stack has.
	Shared() *Common
	// SecretValues is every value that the stack's program asks its secret
	// source for, by Secret and key, whichever source that is.
	SecretValues() []SecretValue
	// ImageKeys is every image that the stack runs, by the key that names it,
	// such as backend.image.
	ImageKeys() map[string]string
	// ImageNodes is every node that pods with the image of a key may run on:
	// none where nothing runs it.
	ImageNodes(key string) []Node
	// Validate checks the whole tree, defaults included, and returns every
	// error at once. It expects defaults to be filled in, as [Parse] does.
	Validate(stack string) Errors

	applyDefaults()
	validate(into *collector)
}

// pointerTo is the platform that new(T) makes.
type pointerTo[T any] interface {
	*T
	Platform
}

// platforms makes an empty configuration of what each stack deploys. A new stack
// is a file Pulumi.<stack>.yaml and a line here.
var platforms = map[string]func() Platform{
	"local":     empty[EPFL],
	"dev":       empty[EPFL],
	"staging":   empty[EPFL],
	"prod":      empty[EPFL],
	"k3s":       empty[EddCloud],
	"k3s-local": empty[EddCloud],
}

// Stacks returns the names of all stacks, sorted.
func Stacks() []string { return slices.Sorted(maps.Keys(platforms)) }

func empty[T any, P pointerTo[T]]() Platform { return P(new(T)) }

// PlatformOf is an empty configuration of the platform that a stack deploys.
// The error of an unknown stack lists the known ones.
func PlatformOf(stack string) (Platform, error) {
	platform, known := platforms[stack]
	if !known {
		return nil, fmt.Errorf("stack %q: is not one of %s; select one of them",
			stack, strings.Join(Stacks(), ", "))
	}
	return platform(), nil
}

// ReadFile reads the stack file at a path, without an engine, for whoever does
// not know which platform the stack deploys. Who does uses [ParseFile].
func ReadFile(stack, path string) (Platform, error) {
	if _, err := PlatformOf(stack); err != nil {
		return nil, err
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("configuration of stack %s: %w", stack, err)
	}
	return ReadYAML(stack, content, filepath.Dir(path))
}

// ReadValues is [Parse] for whoever does not know which platform the stack
// deploys. A stack that this program does not know, such as one that is new,
// deploys Edd Cloud if it has a gateway, and else the co2-calculator.
func ReadValues(stack string, raw map[string]string) (Platform, error) {
	src, err := source{values: raw}.withBase(stack, "")
	if err != nil {
		return nil, err
	}
	p, err := PlatformOf(stack)
	if err != nil {
		_, gateway := raw["gateway"]
		if src.base != nil && !gateway {
			_, gateway = src.base.values["gateway"]
		}
		p = empty[EPFL]()
		if gateway {
			p = empty[EddCloud]()
		}
	}
	if err := fill(p, stack, src); err != nil {
		return nil, err
	}
	return p, nil
}

// ReadYAML is [ReadFile] for the content of a stack file that lies in a folder;
// an empty one is the project's.
func ReadYAML(stack string, content []byte, folder string) (Platform, error) {
	p, err := PlatformOf(stack)
	if err != nil {
		return nil, err
	}
	src, err := fromYAML(stack, content, folder)
	if err != nil {
		return nil, err
	}
	if err := fill(p, stack, src); err != nil {
		return nil, err
	}
	return p, nil
}

// Shared is what every stack has.
func (c *Common) Shared() *Common { return c }

// check is Validate of every platform.
func check(p Platform, stack string) Errors {
	found := &collector{stack: stack}
	p.validate(found)
	return found.problems.sorted()
}
