package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
	"go.yaml.in/yaml/v3"
)

// StackFile is a stack file, for who writes it again with other settings. It is
// read with the parser that the engine has, so that both read the same.
type StackFile struct {
	document yaml.Node
	content  map[string]any
}

// ReadStackFile reads the file at a path. It checks its YAML alone, and that it
// is one document with maps where the engine wants some; errors repeat nothing
// that the file holds. [ParseFile] checks its settings.
func ReadStackFile(path string) (*StackFile, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parseStackFile(text)
}

func parseStackFile(text []byte) (*StackFile, error) {
	f := &StackFile{content: map[string]any{}}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	switch err := decoder.Decode(&f.document); {
	case errors.Is(err, io.EOF):
		return f, nil
	case err != nil:
		return nil, fmt.Errorf("it is not valid YAML: %s", unquotedYAML(err))
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New("a second document follows in it, which the engine would ignore; remove what begins with ---")
	}
	var content any
	if err := f.document.Decode(&content); err != nil {
		return nil, fmt.Errorf("it is not valid YAML: %s", unquotedYAML(err))
	}
	top, is := named(content).(map[string]any)
	if !is && content != nil {
		return nil, errors.New("it has no map; write one with config in it")
	}
	if settings, given := top[settingsKey]; given && settings != nil {
		if _, is := settings.(map[string]any); !is {
			return nil, errors.New("it has no map under config; write one")
		}
	}
	if top != nil {
		f.content = top
	}
	return f, nil
}

// named gives every map of what YAML holds text for keys, and makes texts of the
// numbers that are none in JSON.
func named(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key := range value {
			value[key] = named(value[key])
		}
	case map[any]any:
		all := make(map[string]any, len(value))
		for key := range value {
			all[fmt.Sprint(key)] = named(value[key])
		}
		return all
	case []any:
		for i := range value {
			value[i] = named(value[i])
		}
	case float64:
		if math.IsInf(value, 0) || math.IsNaN(value) {
			return fmt.Sprint(value)
		}
	}
	return value
}

// settings are what lies under config, by key and in the file's own spelling of
// it; nil where there is nothing.
func (f *StackFile) settings() map[string]any {
	settings, _ := f.content[settingsKey].(map[string]any)
	return settings
}

// Setting is the value of a key of the namespace, given without its prefix; nil
// where the file has none.
func (f *StackFile) Setting(name string) any {
	for key, value := range f.settings() {
		if own, ours := ownKey(key); ours && own == name {
			return value
		}
	}
	return nil
}

// Set gives a key, with its namespace, another value: the only one, however the
// file writes the key.
func (f *StackFile) Set(key string, value any) {
	settings := f.settings()
	if settings == nil {
		settings = map[string]any{}
		f.content[settingsKey] = settings
	}
	if name, ours := ownKey(key); ours {
		delete(settings, name)
	}
	settings[key] = value
}

// EncryptionKeys are those under which the engine keeps how secret values are
// encrypted, beside config.
var EncryptionKeys = []string{"encryptionsalt", "secretsprovider", "encryptedkey"}

// TakeEncryption takes how secret values are encrypted from another file, which
// may be nil, in the place of what this one says. It removes the file's own
// secret values, which nobody can decrypt then, and reports whether it had any.
func (f *StackFile) TakeEncryption(other *StackFile) bool {
	for _, key := range EncryptionKeys {
		delete(f.content, key)
		if other != nil && other.content[key] != nil {
			f.content[key] = other.content[key]
		}
	}
	had := f.Setting(stackSecrets) != nil || f.content[environmentKey] != nil
	delete(f.content, environmentKey)
	delete(f.settings(), Namespace+":"+stackSecrets)
	delete(f.settings(), stackSecrets)
	if secrets, _ := f.Setting("secrets").(map[string]any); secrets["source"] == string(SourceStack) {
		secrets["source"] = string(SourceGenerated)
	}
	return had
}

// Write makes a file of it, which its owner alone may read. Who reads the file
// meanwhile has the one before or this one.
func (f *StackFile) Write(path string) error {
	text, err := yaml.Marshal(f.content)
	if err != nil {
		return err
	}
	return renameio.WriteFile(path, text, 0o600, renameio.WithTempDir(filepath.Dir(path)))
}

// settingsKey is where the settings are.
const settingsKey = "config"

// environmentKey names what Pulumi ESC keeps for a stack: for secret values alone,
// since whoever reads the file would miss other settings.
const environmentKey = "environment"

// topKeys are what a stack file may have.
var topKeys = append([]string{settingsKey, environmentKey}, EncryptionKeys...)

// EngineKeys are the engine's own settings, with their namespace. A stack file has
// no settings of providers: the program sets them up itself.
var EngineKeys = []string{"pulumi:autonaming", "pulumi:disable-default-providers", "pulumi:tags", "pulumi:template"}

// check reports what of the file nothing would read, and what its readers would
// read differently.
func (f *StackFile) check(into *collector, settings reflect.Type) {
	file := into.fileOf("")
	for _, key := range slices.Sorted(maps.Keys(f.content)) {
		if slices.Contains(topKeys, key) {
			continue
		}
		if isToken("", key) {
			into.token(hidden)
			continue
		}
		problem := Error{Key: key, Outside: true, Why: "nothing reads it", Remedy: "remove it from " + file}
		nearest, found := Nearest(key, topKeys)
		switch {
		case strings.Contains(key, ":"):
			problem.Remedy = "move it below config in " + file
		case found:
			problem.Remedy = fmt.Sprintf("did you mean %s? rename it in %s", nearest, file)
		}
		into.settle(problem)
	}
	into.foreign(slices.Sorted(maps.Keys(f.settings())))
	root := &f.document
	if root.Kind == yaml.DocumentNode {
		root = root.Content[0]
	}
	for key, value := range pairs(root) {
		if key.Value != settingsKey {
			continue
		}
		for setting, value := range pairs(value) {
			if name, ours := ownKey(setting.Value); ours {
				into.unclear(name, value, fieldsOf(settings)[name])
			}
		}
	}
}

// foreign reports keys of settings that nothing reads, and those that are given
// in both spellings.
func (c *collector) foreign(keys []string) {
	file := c.fileOf("")
	for _, key := range keys {
		if isToken("", key) {
			c.token(hidden)
			continue
		}
		if name, ours := ownKey(key); ours {
			if name != key && slices.Contains(keys, name) {
				c.settle(Error{
					Key: name, Why: fmt.Sprintf("it is given twice, as %s and as %s, and which one counts is chance", key, name),
					Remedy: "keep one of them in " + file,
				})
			}
			continue
		}
		namespace, name, _ := strings.Cut(key, ":")
		problem := Error{Key: key, Outside: true, Why: "nothing reads it", Remedy: "remove it from " + file}
		nearest, found := Nearest(namespace, []string{Namespace, engineNamespace})
		switch engine, near := Nearest(key, EngineKeys); {
		case slices.Contains(EngineKeys, key):
			continue
		case namespace == engineNamespace && near:
			problem.Remedy = fmt.Sprintf("did you mean %s? rename it in %s", engine, file)
		case namespace == engineNamespace:
			problem.Remedy = fmt.Sprintf("use one of %s or remove it from %s", strings.Join(EngineKeys, ", "), file)
		case found && nearest == Namespace:
			problem.Remedy = fmt.Sprintf("did you mean %s:%s? rename it in %s", nearest, name, file)
		case namespace == "kubernetes":
			problem.Why, problem.Remedy = "the program sets up this provider itself", "say which cluster under "+Namespace+":cluster in "+file
		}
		c.settle(problem)
	}
}

// engineNamespace is that of [EngineKeys].
const engineNamespace = "pulumi"
