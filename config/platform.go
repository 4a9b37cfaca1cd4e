package config

import (
	"fmt"
	"maps"
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
	// Validate judges the whole tree, defaults included, and returns every
	// fault at once. It expects defaults to be filled in, as [Parse] does.
	Validate(stack string) Faults

	applyDefaults()
	validate(into *collector)
}

// pointerTo is the platform that new(T) makes.
type pointerTo[T any] interface {
	*T
	Platform
}

// platforms makes an empty configuration of what each stack deploys.
var platforms = map[string]func() Platform{
	"local":     empty[EPFL],
	"dev":       empty[EPFL],
	"staging":   empty[EPFL],
	"prod":      empty[EPFL],
	"k3s":       empty[EddCloud],
	"k3s-local": empty[EddCloud],
}

func empty[T any, P pointerTo[T]]() Platform { return P(new(T)) }

// PlatformOf is an empty configuration of the platform that a stack deploys.
// The error of an unknown stack lists the known ones.
func PlatformOf(stack string) (Platform, error) {
	platform, known := platforms[stack]
	if !known {
		return nil, fmt.Errorf("stack %q: is not one of %s; select one of them",
			stack, strings.Join(slices.Sorted(maps.Keys(platforms)), ", "))
	}
	return platform(), nil
}

// ReadFile reads the stack file at a path, without an engine, for whoever does
// not know which platform the stack deploys. Who does uses [ParseFile].
func ReadFile(stack, path string) (Platform, error) {
	p, err := PlatformOf(stack)
	if err != nil {
		return nil, err
	}
	src, err := fromFile(stack, path)
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

// judge is Validate of every platform.
func judge(p Platform, stack string) Faults {
	found := &collector{stack: stack}
	p.validate(found)
	return found.faults.sorted()
}
