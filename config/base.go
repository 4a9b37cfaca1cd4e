package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// baseKey names the file that a stack file takes settings from.
const baseKey = "base"

// ofOneStack are the settings that a stack never takes from its base: what it is,
// where it goes, its secrets, and what was allowed for it once.
var ofOneStack = []string{
	baseKey, "cluster", "environment", "gitops", "protect", "render", "rollback", "secrets", stackSecrets, "waivers",
}

// withBase reads the base that a source names, if any. A relative path starts at
// the folder of the stack file; that of a copy elsewhere at the project's folder.
func (src source) withBase(stack, folder string) (source, error) {
	name := src.values[baseKey]
	if name == "" {
		return src, nil
	}
	path, err := basePath(name, folder)
	if err != nil {
		return src, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return src, src.baseError(stack, "it cannot be read: "+err.Error(), "write the path of a file, from the folder of the stack file on, such as Pulumi.k3s.yaml")
	}
	file, err := parseStackFile(text)
	if err != nil {
		return src, fmt.Errorf("configuration of stack %s: %s: %w", stack, name, err)
	}
	if file.Setting(baseKey) != nil {
		return src, src.baseError(stack, name+" takes settings from another file itself, and a base has none", "name that file, or write what is shared into one of them")
	}
	src.base = &base{name: name, file: file, values: map[string]string{}}
	for key, value := range file.settings() {
		if own, ours := ownKey(key); ours && !slices.Contains(ofOneStack, own) {
			src.base.values[own] = asEngine(value)
		}
	}
	return src, nil
}

// base is a file that a stack takes settings from.
type base struct {
	name   string // as the stack file has it
	file   *StackFile
	values map[string]string // as those of a source, without the settings of one stack
}

func (src source) baseError(stack, why, remedy string) error {
	return Errors{{Key: baseKey, Stack: stack, Why: why, Remedy: remedy + ", in " + stackFile(stack)}}
}

func basePath(name, folder string) (string, error) {
	if filepath.IsAbs(name) {
		return name, nil
	}
	if folder != "" {
		beside := filepath.Join(folder, name)
		if _, err := os.Stat(beside); err == nil {
			return beside, nil
		}
	}
	project, err := projectFolder()
	return filepath.Join(project, name), err
}

// projectFolder is the nearest folder above this process's with a project file.
// The engine starts a policy pack in the project's folder or in the pack's.
func projectFolder() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for at := folder; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "Pulumi.yaml")); err == nil {
			return at, nil
		} else if !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
			return "", fmt.Errorf("no Pulumi.yaml in %s or above it, so %s:%s leads nowhere; run this in the project's folder", folder, Namespace, baseKey)
		}
	}
}

// merged returns the source's settings on those of its base. Objects with keys of
// their own are merged, also those of a map by name; lists, maps of text such as
// labels, and single values replace those of the base. A key without a value takes
// away what the base has there.
func (src source) merged(platform reflect.Type) source {
	if src.base == nil {
		return src
	}
	fields, own := fieldsOf(platform), src.values
	src.values = maps.Clone(own)
	for key, text := range src.base.values {
		given, there := own[key]
		field, known := fields[key]
		if !there {
			src.values[key] = text
			continue
		}
		if given == "" {
			delete(src.values, key)
			continue
		}
		mine, errOfMine := fromJSON(given)
		other, err := fromJSON(text)
		if !known || errOfMine != nil || err != nil {
			continue
		}
		all, err := json.Marshal(merge(mine, other, field))
		if err == nil { // what came from JSON
			src.values[key] = string(all)
		}
	}
	return src
}

func merge(own, base any, t reflect.Type) any {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	mine, isObject := own.(map[string]any)
	other, wasObject := base.(map[string]any)
	if !isObject || !wasObject || isScalar(t) || t.Kind() == reflect.Map && isScalar(t.Elem()) {
		return own
	}
	all := maps.Clone(other)
	for name, value := range mine {
		if _, there := other[name]; there && value == nil {
			delete(all, name)
			continue
		}
		if _, below := below("", name, t); below != nil && all[name] != nil {
			value = merge(value, all[name], below)
		}
		all[name] = value
	}
	return all
}

// fileOf returns the name of the file that has a key: the base's where the stack
// file lacks it.
func (src source) fileOf(stack, key string) string {
	if src.base != nil && !hasPath(src.values, key) && hasPath(src.base.values, key) {
		return src.base.name
	}
	return stackFile(stack)
}

// hasPath reports whether settings have a value at a path, such as
// services[blog].image.
func hasPath(values map[string]string, path string) bool {
	name, rest := firstOf(path)
	text, there := values[name]
	if !there || rest == "" {
		return there
	}
	at, err := fromJSON(text)
	for err == nil && rest != "" {
		name, rest = firstOf(rest)
		switch value := at.(type) {
		case map[string]any:
			if at, there = value[name]; !there {
				return false
			}
		case []any:
			return true // a list is one of the files' as a whole
		default:
			return false
		}
	}
	return err == nil
}

// firstOf is the first name of a path and what follows it.
func firstOf(path string) (name, rest string) {
	if inner, found := strings.CutPrefix(path, "["); found {
		name, rest, _ = strings.Cut(inner, "]")
		return name, strings.TrimPrefix(rest, ".")
	}
	if end := strings.IndexAny(path, ".["); end >= 0 {
		return path[:end], strings.TrimPrefix(path[end:], ".")
	}
	return path, ""
}
