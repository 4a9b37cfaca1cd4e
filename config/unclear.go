package config

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"

	"go.yaml.in/yaml/v3"
)

// unclear reports values, and keys of maps, that readers of YAML take for
// different things. It quotes none of them: a password may be among them.
func (c *collector) unclear(key string, node *yaml.Node, t reflect.Type) {
	switch node.Kind {
	case yaml.DocumentNode: // lies within none
	case yaml.AliasNode:
		c.unclear(key, node.Alias, t)
	case yaml.ScalarNode:
		if taken := takenFor(node); taken != "" {
			c.settle(Error{Key: key, Why: "some readers of YAML take it for " + taken, Remedy: "put it in quotes if it is text, or write true, false or a number as 12 or 0.5 in " + c.fileOf(key)})
		}
	case yaml.MappingNode:
		for name, value := range pairs(node) {
			if name.ShortTag() == "!!merge" {
				c.unclear(key, value, t)
				continue
			}
			path, field := below(key, name.Value, pointed(t))
			if isToken(key, name.Value) {
				c.token(key + "[" + hidden + "]")
				continue
			}
			if taken := takenFor(name); taken != "" || name.ShortTag() != "!!str" {
				c.settle(Error{Key: path, Why: "some readers of YAML take this key for " + cmp.Or(taken, "something else than text"), Remedy: "put it in quotes in " + c.fileOf(path)})
			}
			c.unclear(path, value, field)
		}
	case yaml.SequenceNode:
		for i, item := range node.Content {
			c.unclear(fmt.Sprintf("%s[%d]", key, i), item, elementOf(t))
		}
	}
}

func elementOf(t reflect.Type) reflect.Type {
	if t = pointed(t); t != nil && t.Kind() == reflect.Slice {
		return t.Elem()
	}
	return nil
}

func pointed(t reflect.Type) reflect.Type {
	if t != nil && t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// The forms of values without quotes that every reader of YAML takes for the
// same, be its version of YAML 1.1, as that of most, or 1.2.
var (
	wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,15})$`) // of which JSON loses no digit
	fraction    = regexp.MustCompile(`^-?(0|[1-9][0-9]*)\.([0-9]*[1-9]|0)$`)
	truth       = regexp.MustCompile(`^(true|false)$`)
)

// What readers of YAML 1.1 take for something else than the text that 1.2 has,
// https://yaml.org/type.
var (
	oldTruth = regexp.MustCompile(`^(?i:y|n|yes|no|on|off)$`)
	oldSixty = regexp.MustCompile(`^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$`)
)

// takenFor says what some readers take a value without quotes for where others
// have text or another value; empty where all agree.
func takenFor(node *yaml.Node) string {
	const quoted = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	switch {
	case node.Style&yaml.TaggedStyle != 0:
		return "what its tag says, and others for text"
	case node.Style&quoted != 0:
		return ""
	}
	switch node.ShortTag() {
	case "!!bool":
		return unless(truth, node.Value, "true or false")
	case "!!int":
		return unless(wholeNumber, node.Value, "another number")
	case "!!float":
		return unless(fraction, node.Value, "another number")
	case "!!timestamp":
		return "a date"
	case "!!str":
		switch {
		case oldTruth.MatchString(node.Value):
			return "true or false"
		case oldSixty.MatchString(node.Value):
			return "a number in base 60"
		}
	}
	return ""
}

func unless(form *regexp.Regexp, text, taken string) string {
	if form.MatchString(text) {
		return ""
	}
	return taken
}

// pairs are the keys and values of a map, none where a node is no map.
func pairs(node *yaml.Node) func(yield func(key, value *yaml.Node) bool) {
	return func(yield func(key, value *yaml.Node) bool) {
		if node.Kind == yaml.AliasNode {
			node = node.Alias
		}
		if node.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(node.Content); i += 2 {
			if !yield(node.Content[i], node.Content[i+1]) {
				return
			}
		}
	}
}
