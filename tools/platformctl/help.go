package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"platform/config"
	"platform/tools/review/post"
)

// The annotations of a command that its help shows as sections.
const (
	sectionExit = "exit"
	sectionEnv  = "environment"
)

// sections are what the help of every command has below its flags.
const helpSections = `{{if .Runnable}}
Exit codes:
{{with index .Annotations "exit"}}{{.}}{{else}}  0  done
  1  an error{{end}}
{{end}}{{with index .Annotations "environment"}}
Environment:
{{.}}
{{end}}`

// refusing are the exit codes of commands that refuse a plan.
var refusing = fmt.Sprintf(`  0  done, and nothing is refused
  1  an error
  %d  refused: a mandatory policy is broken, or data or an address would be lost
     without a waiver`, exitRefused)

// reviewing are the exit codes of commands that check the plans of stacks.
var reviewing = fmt.Sprintf(`  0  nothing is refused
  %d  at least one stack has no whole plan, whatever is refused beside it
  %d  a deployment is refused: a mandatory policy is broken, or data or an address
     would be lost without a waiver`, exitNoPlan, exitRefused)

// ofProgram are the exit codes of commands that run a program for the user.
const ofProgram = `  the program's own; 1 for an error before it runs`

// The variables of the environment, by what reads them.
var (
	everywhere = [][2]string{
		{"PLATFORM_CACHE", "folder for tools and whatever else can be made again"},
		{"PLATFORM_TOOLCHAIN", "build: build the engine even if an official pulumi is on PATH"},
	}
	ofStacks = append([][2]string{
		{"PLATFORM_STACKS", "folder for embedded clusters and the states that are not in your backend"},
		{"XDG_STATE_HOME", "parent of that folder's default, platform/stacks"},
		{"KUBECONFIG", "kubeconfig of clusters of your own"},
		{"PULUMI_BACKEND_URL", "backend of stacks on clusters of your own; also PULUMI_ACCESS_TOKEN"},
		{"PULUMI_CONFIG_PASSPHRASE", "passphrase of their secrets"},
		{config.InfisicalClientID, "identity for stacks with secrets in Infisical"},
		{config.InfisicalClientSecret, "its secret; " + config.InfisicalToken + " is a token in the place of both"},
	}, everywhere...)
	ofClusters = append([][2]string{
		{"NODES", "default of --nodes"},
		{"PLATFORM_IMAGES", "standin: stand-ins for all images of real nodes"},
	}, ofStacks...)
	ofGitHub = [][2]string{
		{post.EnvToken, "token that posts"},
		{"GITHUB_API_URL", "address of the API, for GitHub Enterprise https://HOST/api/v3"},
		{"GITHUB_RUN_ID", "run of the workflow, with GITHUB_RUN_ATTEMPT; a newer run wins"},
	}
)

// explain gives a command its sections.
func explain(cmd *cobra.Command, exit string, environment [][2]string) *cobra.Command {
	var lines []string
	for _, variable := range environment {
		lines = append(lines, fmt.Sprintf("  %-38s  %s", variable[0], variable[1]))
	}
	cmd.Annotations = map[string]string{sectionEnv: strings.Join(lines, "\n")}
	if exit != "" {
		cmd.Annotations[sectionExit] = exit
	}
	return cmd
}
