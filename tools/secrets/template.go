// Package secrets tells what has to exist in Infisical before a stack can be
// deployed. It knows names and forms, never values, and asks nobody.
package secrets

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"platform/config"
)

// Template is what has to exist in Infisical for one stack.
type Template struct {
	Stack  string
	Config config.Platform // of that stack
	Folder string          // lists this folder alone; empty means every folder
}

// values are those of the folder, by Secret and key.
func (t Template) values() []config.SecretValue {
	return slices.DeleteFunc(t.Config.SecretValues(), func(v config.SecretValue) bool { return t.Folder != "" && v.Path != t.Folder })
}

// Validate says which folders there are where the stack has none of that name.
func (t Template) Validate() error {
	if len(t.values()) > 0 {
		return nil
	}
	var folders []string
	for _, value := range t.Config.SecretValues() {
		folders = append(folders, value.Path)
	}
	slices.Sort(folders)
	return fmt.Errorf("stack %s keeps nothing in folder %q of Infisical; choose one of %s", t.Stack, t.Folder, strings.Join(slices.Compact(folders), ", "))
}

// project says where the values are kept, as far as the stack file does.
func (t Template) project() string {
	shared := t.Config.Shared().Secrets
	at := shared.Infisical
	if at.URL == "" {
		return fmt.Sprintf("Stack %s has %s secrets; from Infisical it would need", t.Stack, shared.Source)
	}
	return fmt.Sprintf("Stack %s needs from %s, project %s, environment %s", t.Stack, at.URL, at.Project, at.Environment)
}

// Table writes a line a value: where it goes, where it is kept, its form.
func (t Template) Table(out io.Writer) {
	w := table.NewWriter()
	w.SetOutputMirror(out)
	w.SetStyle(table.StyleLight)
	w.SetTitle("%s", t.project())
	w.AppendHeader(table.Row{"Kubernetes Secret", "key", "Infisical folder", "name", "value", "form"})
	for _, value := range t.values() {
		w.AppendRow(table.Row{value.Secret, value.Key, value.Path, value.Name, necessity(value), form(value)})
	}
	w.Render()
}

func necessity(value config.SecretValue) string {
	if value.Optional {
		return "optional"
	}
	return "required"
}

// forms are what readers of values parse, in words.
var forms = map[config.CredentialFormat]string{
	config.FormatText:             "text",
	config.FormatURL:              "URL with scheme and host",
	config.FormatDockerConfigJSON: "JSON, as docker login writes it",
	config.FormatPEM:              "PEM, all of the file",
	config.FormatJSON:             "JSON",
	config.FormatHex:              "64 hexadecimal digits, such as openssl rand -hex 32 prints",
}

// form is what a value has to look like, in words.
func form(value config.SecretValue) string {
	if value.MinLength > 0 {
		return fmt.Sprintf("%s, at least %d characters", forms[value.Format], value.MinLength)
	}
	return forms[value.Format]
}

// byPlace orders values by folder and name.
func byPlace(a, b config.SecretValue) int {
	return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Name, b.Name))
}
