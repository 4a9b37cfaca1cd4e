package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// FromEnvironment reads the configuration that the engine passes to a program,
// as that of the platform named: FromEnvironment[EPFL](stack, folder). Where the
// folder, the project's, has the stack file that the engine has read, what its
// YAML leaves unclear is reported too; an empty one has none.
func FromEnvironment[T any, P pointerTo[T]](stack, folder string) (P, error) {
	src, err := fromEnvironment()
	if err != nil {
		return nil, err
	}
	if folder != "" {
		src.file, err = ReadStackFile(filepath.Join(folder, stackFile(stack)))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("configuration of stack %s: %s: %w", stack, stackFile(stack), err)
	}
	if src, err = src.withBase(stack, folder); err != nil {
		return nil, err
	}
	return parse[T, P](stack, src)
}

// Parse reads the keys of the namespace, given without its prefix, each with
// its value as the engine passes it: text, or JSON for objects and lists.
func Parse[T any, P pointerTo[T]](stack string, raw map[string]string) (P, error) {
	src, err := source{values: raw}.withBase(stack, "")
	if err != nil {
		return nil, err
	}
	return parse[T, P](stack, src)
}

// ParseFile reads the stack file at a path, without an engine.
func ParseFile[T any, P pointerTo[T]](stack, path string) (P, error) {
	src, err := fromFile(stack, path)
	if err != nil {
		return nil, err
	}
	return parse[T, P](stack, src)
}

// ParseYAML reads the content of a stack file in the project's folder, without
// an engine. Keys of other namespaces are the engine's and the providers' own.
func ParseYAML[T any, P pointerTo[T]](stack string, content []byte) (P, error) {
	src, err := fromYAML(stack, content, "")
	if err != nil {
		return nil, err
	}
	return parse[T, P](stack, src)
}

func parse[T any, P pointerTo[T]](stack string, src source) (P, error) {
	p := P(new(T))
	if err := fill(p, stack, src); err != nil {
		return nil, err
	}
	return p, nil
}

// fill decodes into an empty tree, then fills in defaults, then checks the
// whole tree, and reports the errors of all three together.
func fill(p Platform, stack string, src source) error {
	platform := reflect.TypeOf(p).Elem()
	found := &collector{stack: stack, file: func(key string) string { return src.fileOf(stack, key) }}
	if src.file != nil {
		src.file.check(found, platform)
	}
	if src.base != nil {
		ofBase := &collector{stack: stack, file: func(string) string { return src.base.name }}
		src.base.file.check(ofBase, platform)
		found.take(ofBase)
	}
	src.checkStackSecrets(found)
	found.foreign(src.foreign)
	all := src.merged(platform)
	all.checkSize(found)
	given := decode(all, p, found)
	read := reflect.New(platform)
	decode(all, read.Interface(), &collector{stack: stack})
	p.applyDefaults()
	found.overruled("", given, read.Elem(), reflect.ValueOf(p).Elem())
	p.validate(found)
	return found.problems.sorted().Err()
}

func fromEnvironment() (source, error) {
	raw, secret := map[string]string{}, []string{}
	if err := fromVariable(pulumi.EnvConfig, &raw); err != nil {
		return source{}, err
	}
	if err := fromVariable(pulumi.EnvConfigSecretKeys, &secret); err != nil {
		return source{}, err
	}
	src := source{values: map[string]string{}, secret: map[string]bool{}, engine: true}
	for key, value := range raw {
		if name, ours := strings.CutPrefix(key, Namespace+":"); ours {
			src.values[name] = value
		} else {
			src.foreign = append(src.foreign, key)
		}
	}
	for _, key := range secret {
		src.secret[strings.TrimPrefix(key, Namespace+":")] = true
	}
	return src, nil
}

// fromVariable reads a variable of the engine. The text is not repeated in the
// error: it may hold secrets.
func fromVariable(name string, into any) error {
	text := os.Getenv(name)
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return fmt.Errorf("environment variable %s is not what the engine writes; run the program through pulumi", name)
	}
	return nil
}

func fromFile(stack, path string) (source, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return source{}, fmt.Errorf("configuration of stack %s: %w", stack, err)
	}
	return fromYAML(stack, content, filepath.Dir(path))
}

func fromYAML(stack string, content []byte, folder string) (source, error) {
	file, err := parseStackFile(content)
	if err != nil {
		return source{}, fmt.Errorf("configuration of stack %s: %s: %w", stack, stackFile(stack), err)
	}
	src := source{file: file, values: map[string]string{}, secret: map[string]bool{}}
	for key, value := range file.settings() {
		name, ours := ownKey(key)
		if !ours {
			continue
		}
		src.values[name] = asEngine(value)
		object, _ := value.(map[string]any)
		src.secret[name] = isSecure(object)
	}
	return src.withBase(stack, folder)
}

// quotesOfYAML are what the parser repeats of a file: values in back quotes,
// keys in quotes, and names of anchors, which is what a value that begins with a
// star looks like.
var quotesOfYAML = regexp.MustCompile("`[^`]*`|(anchor )'[^']*'|(mapping key )\"[^\n]*\"|(map key: ).*")

// unquotedYAML is what is wrong with a stack file without what it holds: that
// may be a password that somebody did not put in quotes.
func unquotedYAML(err error) string {
	return quotesOfYAML.ReplaceAllString(err.Error(), "${1}${2}${3}"+hidden)
}

// ownKey takes the namespace off a key. Like the engine, it reads a key
// without any as one of the project's, whose name the namespace is.
func ownKey(key string) (string, bool) {
	if !strings.Contains(key, ":") {
		return key, true
	}
	return strings.CutPrefix(key, Namespace+":")
}

// asEngine writes a value as the engine would hand it over: text as it is,
// anything else as JSON.
func asEngine(value any) string {
	if text, is := value.(string); is || value == nil {
		return text
	}
	text, _ := json.Marshal(value) // which has a form for all that YAML holds, but what named replaces
	return string(text)
}
