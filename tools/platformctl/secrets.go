package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"platform/tools/secrets"
)

func newSecrets(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use: "secrets", Short: "Say what a stack needs from Infisical",
		Long:    "Say what a stack needs from Infisical.",
		Example: "  platformctl secrets template --stack prod",
	}
	cmd.AddCommand(newSecretsTemplate(f))
	return cmd
}

// The formats of a template.
const (
	formatTable = "table" // for the reader
	formatEnv   = "env"   // for Infisical's import
	formatBoth  = "both"
)

var templateFormats = []string{formatTable, formatEnv, formatBoth}

// templateFlags are what the template of secrets takes.
type templateFlags struct {
	format string
	file   string
	folder string
}

func newSecretsTemplate(f *flags) *cobra.Command {
	var t templateFlags
	cmd := &cobra.Command{
		Use: "template", Short: "List the values that have to exist in Infisical, as a table and as a .env to fill in", Args: cobra.NoArgs,
		Long: `List the values that have to exist in Infisical before a stack is deployed: where
each goes in Kubernetes, in which folder and under which name Infisical keeps it,
and what form it has. It follows from the stack file alone: no cluster, no network,
no credentials, and no value is ever read. A stack with another source of secrets
is listed as if it had this one.

The .env has the names without values, grouped by folder. Names come again in other
folders, so import it one folder at a time; it says how.`,
		Example: `  platformctl secrets template --stack prod
  platformctl secrets template --stack prod --env prod.env
  platformctl secrets template --stack k3s --format env --folder /regcred`,
		RunE: func(cmd *cobra.Command, _ []string) error { return t.run(cmd, f) },
	}
	cmd.Flags().StringVar(&t.format, "format", formatBoth, "what to print: "+strings.Join(templateFormats, ", "))
	cmd.Flags().StringVar(&t.file, "env", "", "file to write the .env to, readable by its owner alone; it must not exist yet")
	cmd.Flags().StringVar(&t.folder, "folder", "", "list this folder of Infisical alone, such as /backend-secrets")
	cmd.MarkFlagsMutuallyExclusive("format", "env")
	return explain(cmd, "", nil)
}

func (t templateFlags) run(cmd *cobra.Command, f *flags) error {
	if !slices.Contains(templateFormats, t.format) {
		return fmt.Errorf("format %q: is not one of %s; choose one of them", t.format, strings.Join(templateFormats, ", "))
	}
	cfg, err := f.config()
	if err != nil {
		return err
	}
	template, out := secrets.Template{Stack: f.stack, Config: cfg, Folder: t.folder}, cmd.OutOrStdout()
	if err := template.Validate(); err != nil {
		return err
	}
	if t.file != "" {
		template.Table(out)
		return writeEnv(t.file, template)
	}
	if t.format != formatEnv {
		template.Table(out)
	}
	if t.format == formatBoth {
		fmt.Fprintln(out)
	}
	if t.format != formatTable {
		template.Env(out)
	}
	return nil
}

// writeEnv makes a file that secrets will be filled into. One that is there
// already is left alone: it may hold some.
func writeEnv(path string, template secrets.Template) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if os.IsExist(err) {
		return fmt.Errorf("file %s exists and may hold secrets; delete it or name another with --env", path)
	}
	if err != nil {
		return err
	}
	template.Env(file)
	return file.Close()
}
