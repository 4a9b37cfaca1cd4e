package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/spf13/cobra"

	"platform/policy/pack"
	"platform/policy/rules"
	"platform/policy/serve"
)

func newPolicy() *cobra.Command {
	cmd := &cobra.Command{
		Use: "policy", Short: "Describe the policy pack that previews and deployments are checked against",
		Long:    "Describe the policy pack that previews and deployments are checked against.",
		Example: "  platformctl policy list",
	}
	cmd.AddCommand(newPolicyList())
	return cmd
}

// The formats of the list of rules, beside [formatTable].
const (
	formatMarkdown = "markdown" // for documents
	formatJSON     = "json"     // for programs
)

var policyFormats = []string{formatTable, formatMarkdown, formatJSON}

func newPolicyList() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use: "list", Short: "List the rules, and the exceptions to them", Args: cobra.NoArgs,
		Long: `List the rules, and the exceptions to them. It needs no tools, no cluster and no
stack.

A file for --policy-pack-config sets the level of a rule by its name, and its
parameters: {"alert-has-a-severity": "advisory", "pod-has-time-to-end": {"floor": 30}}.
The name all stands for every rule that the file does not name. What holds for one
stack alone stands in its file, under platform:policy.`,
		Example: `  platformctl policy list
  platformctl policy list --format markdown
  platformctl policy list --format json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !slices.Contains(policyFormats, format) {
				return fmt.Errorf("format %q: is not one of %s; choose one of them", format, strings.Join(policyFormats, ", "))
			}
			return listPolicy(cmd.OutOrStdout(), rules.Pack(), format)
		},
	}
	cmd.Flags().StringVar(&format, "format", formatTable, "what to print: "+strings.Join(policyFormats, ", "))
	return explain(cmd, "", nil)
}

func listPolicy(out io.Writer, p serve.Pack, format string) error {
	if format == formatJSON {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(listed(p))
	}
	for i, t := range []table.Writer{ruleTable(p.Rules), exceptionTable(p.Exceptions)} {
		if i > 0 {
			fmt.Fprintln(out)
		}
		t.SetOutputMirror(out)
		t.SetStyle(table.StyleLight)
		if format == formatMarkdown {
			t.RenderMarkdown()
		} else {
			t.Render()
		}
	}
	return nil
}

func ruleTable(all []pack.Rule) table.Writer {
	t := table.NewWriter()
	t.AppendHeader(table.Row{"group", "rule", "level", "severity", "reason", "remedy", "reference"})
	for _, rule := range all {
		t.AppendRow(table.Row{rule.Group, rule.Name, rule.Level, rule.Severity, rule.Reason, rule.Remedy, rule.Reference})
	}
	return t
}

func exceptionTable(all pack.Exceptions) table.Writer {
	t := table.NewWriter()
	t.AppendHeader(table.Row{"exception to", "platform", "object", "container", "reason"})
	for _, e := range all {
		t.AppendRow(table.Row{e.Rule, e.Platform, e.Kind + "/" + e.Name, e.Container, e.Reason})
	}
	return t
}

// The list as JSON.
type (
	policyJSON struct {
		Name       string          `json:"name"`
		Version    string          `json:"version"`
		Rules      []ruleJSON      `json:"rules"`
		Exceptions []exceptionJSON `json:"exceptions"`
	}
	ruleJSON struct {
		Group      pack.Group               `json:"group"`
		Name       string                   `json:"name"`
		Level      apitype.EnforcementLevel `json:"level"`
		Severity   apitype.PolicySeverity   `json:"severity"`
		Reason     string                   `json:"reason"`
		Remedy     string                   `json:"remedy"`
		Reference  string                   `json:"reference"`
		Parameters map[string]any           `json:"parameters,omitempty"`
	}
	exceptionJSON struct {
		Rule      string `json:"rule"`
		Platform  string `json:"platform"`
		Kind      string `json:"kind"`
		Name      string `json:"name"`
		Container string `json:"container,omitempty"`
		Reason    string `json:"reason"`
	}
)

func listed(p serve.Pack) policyJSON {
	list := policyJSON{p.Name, p.Version, []ruleJSON{}, []exceptionJSON{}}
	for _, r := range p.Rules {
		list.Rules = append(list.Rules, ruleJSON{r.Group, r.Name, r.Level, r.Severity, r.Reason, r.Remedy, r.Reference, r.Parameters})
	}
	for _, e := range p.Exceptions {
		list.Exceptions = append(list.Exceptions, exceptionJSON{e.Rule, e.Platform, e.Kind, e.Name, e.Container, e.Reason})
	}
	return list
}
