// Package documents reads the manifests of bad stacks: what is registered, and
// which rules it is to break.
package documents

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// Document is one manifest, or one resource of another kind.
type Document struct {
	File      string   // it stands in, without folder
	Breaks    []string // names of rules
	Undecided []string // names of rules that cannot check it in a preview
	Options   Options
	Content   map[string]any // empty means that the stack as a whole is meant
}

// Options are how a document is registered.
type Options struct {
	As                  string   `json:"as"`       // its name in the program; empty means namespace-kind-name
	Parent              string   `json:"parent"`   // name in the program of a document before it
	Provider            string   `json:"provider"` // [NoProvider], or empty for the explicit one
	Protect             bool     `json:"protect"`
	DeleteBeforeReplace bool     `json:"deleteBeforeReplace"`
	IgnoreChanges       []string `json:"ignoreChanges"`
}

// NoProvider leaves the choice of a provider to the engine.
const NoProvider = "none"

// The comments of a document that mean something.
const (
	breaksComment    = "# breaks:"
	undecidedComment = "# undecided:"
	optionsComment   = "# options:"
)

// parse reads one document.
func parse(text string) (Document, error) {
	var d Document
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if list, found := strings.CutPrefix(line, breaksComment); found {
			d.Breaks = append(d.Breaks, names(list)...)
		}
		if list, found := strings.CutPrefix(line, undecidedComment); found {
			d.Undecided = append(d.Undecided, names(list)...)
		}
		if options, found := strings.CutPrefix(line, optionsComment); found {
			if err := yaml.UnmarshalStrict([]byte(options), &d.Options); err != nil {
				return d, fmt.Errorf("options %s: %w", strings.TrimSpace(options), err)
			}
		}
	}
	if err := yaml.UnmarshalStrict([]byte(text), &d.Content); err != nil {
		return d, err
	}
	if len(d.Content) > 0 && d.Type() == "" {
		return d, fmt.Errorf("a document has apiVersion and kind, or type and name")
	}
	if provider := d.Options.Provider; !slices.Contains([]string{"", NoProvider}, provider) {
		return d, fmt.Errorf("options: provider %q is not %q", provider, NoProvider)
	}
	return d, nil
}

func names(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// Type is the resource's, such as kubernetes:apps/v1:Deployment; empty where
// the document has none.
func (d Document) Type() string {
	version, kind := d.text("apiVersion"), d.text("kind")
	switch {
	case version == "" || kind == "":
		return d.text("type")
	case !strings.Contains(version, "/"):
		version = "core/" + version
	}
	return "kubernetes:" + version + ":" + kind
}

// manifest reports whether the document is an object of Kubernetes. Some of them,
// such as Secrets, have a type as well.
func (d Document) manifest() bool { return d.text("apiVersion") != "" && d.text("kind") != "" }

// Name is the resource's in the program, which findings show beside its type.
func (d Document) Name() string {
	switch {
	case d.Options.As != "":
		return d.Options.As
	case !d.manifest():
		return d.text("name")
	}
	parts := []string{d.text("metadata", "namespace"), strings.ToLower(d.text("kind")), d.text("metadata", "name")}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "-")
}

// Properties are the resource's.
func (d Document) Properties() map[string]any {
	if d.manifest() {
		return d.Content
	}
	properties, _ := d.Content["properties"].(map[string]any)
	return properties
}

// Unknown, as a text of a document, is the output of a resource that is yet to
// be made; what follows SecretPrefix is marked secret. The tables of the rules
// have the same.
const (
	Unknown      = "<unknown>"
	SecretPrefix = "<secret>"
)

// Secrets are the texts of the document that are marked secret.
func (d Document) Secrets() []string { return secrets(d.Content) }

func secrets(value any) []string {
	var all []string
	switch v := value.(type) {
	case map[string]any:
		for _, inner := range v {
			all = append(all, secrets(inner)...)
		}
	case []any:
		for _, inner := range v {
			all = append(all, secrets(inner)...)
		}
	case string:
		if text, secret := strings.CutPrefix(v, SecretPrefix); secret {
			all = append(all, text)
		}
	}
	return all
}

// text is a text below keys; empty where there is none.
func (d Document) text(keys ...string) string {
	var at any = d.Content
	for _, key := range keys {
		inner, _ := at.(map[string]any)
		at = inner[key]
	}
	text, _ := at.(string)
	return text
}
