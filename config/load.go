package config

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"sigs.k8s.io/yaml"
)

// namespacePrefix begins the Kubernetes namespace of every environment.
const namespacePrefix = "co2-calculator-"

// Namespace is the Kubernetes namespace that holds the environment.
func (c *EPFL) Namespace() string { return namespacePrefix + c.Environment }

// Readable is the fault of a source that this program cannot read values from
// yet, nil if it can.
func (s Secrets) Readable(stack string) error {
	if s.Source != SourceInfisical {
		return nil
	}
	return Fault{
		Key: "secrets.source", Stack: stack,
		Why:    fmt.Sprintf("no value can be read from %q by this program yet, so nothing was deployed", s.Source),
		Remedy: fmt.Sprintf("run make render STACK=%s OUT=dir for the manifests, or choose %q on a throw-away cluster", stack, SourceGenerated),
	}
}

// FromEnvironment reads the configuration that the engine passes to a program.
func FromEnvironment(stack string) (*EPFL, error) {
	raw, secret := map[string]string{}, []string{}
	if err := fromVariable(pulumi.EnvConfig, &raw); err != nil {
		return nil, err
	}
	if err := fromVariable(pulumi.EnvConfigSecretKeys, &secret); err != nil {
		return nil, err
	}
	src := source{values: map[string]string{}, secret: map[string]bool{}}
	for key, value := range raw {
		if name, ours := strings.CutPrefix(key, Namespace+":"); ours {
			src.values[name] = value
		}
	}
	for _, key := range secret {
		src.secret[strings.TrimPrefix(key, Namespace+":")] = true
	}
	return parse(stack, src)
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

// Parse reads the keys of the namespace, given without its prefix, each with
// its value as the engine passes it: text, or JSON for objects and lists.
func Parse(stack string, raw map[string]string) (*EPFL, error) {
	return parse(stack, source{values: raw})
}

// ParseFile reads the stack file at a path, without an engine.
func ParseFile(stack, path string) (*EPFL, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("configuration of stack %s: %w", stack, err)
	}
	return ParseYAML(stack, content)
}

// ParseYAML reads the content of a stack file, without an engine. Keys of
// other namespaces are the engine's and the providers' own.
func ParseYAML(stack string, content []byte) (*EPFL, error) {
	text, err := yaml.YAMLToJSONStrict(content)
	if err != nil {
		return nil, fmt.Errorf("configuration of stack %s: %s is not valid YAML: %w", stack, stackFile(stack), err)
	}
	var file struct {
		Config map[string]json.RawMessage `json:"config"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("configuration of stack %s: %s has no map under config; write one: %w", stack, stackFile(stack), err)
	}
	src := source{values: map[string]string{}, secret: map[string]bool{}}
	for key, value := range file.Config {
		name, ours := ownKey(key)
		if !ours {
			continue
		}
		src.values[name] = asEngine(value)
		src.secret[name] = isSecret(value)
	}
	return parse(stack, src)
}

// ownKey takes the namespace off a key. Like the engine, it reads a key
// without any as one of the project's, whose name the namespace is.
func ownKey(key string) (string, bool) {
	if !strings.Contains(key, ":") {
		return key, true
	}
	return strings.CutPrefix(key, Namespace+":")
}

// asEngine writes a value as the engine would hand it over: a string without
// its quotes, anything else as JSON.
func asEngine(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil { // leaves it empty for null
		return text
	}
	return string(value)
}

func isSecret(value json.RawMessage) bool {
	var object map[string]any
	return json.Unmarshal(value, &object) == nil && isSecure(object)
}

// parse decodes, then fills in defaults, then judges the whole tree, and
// reports the faults of all three together.
func parse(stack string, src source) (*EPFL, error) {
	found := &collector{stack: stack}
	c := decode[EPFL](src, found)
	c.applyDefaults()
	c.validate(found)
	if err := found.faults.sorted().Err(); err != nil {
		return nil, err
	}
	return c, nil
}
