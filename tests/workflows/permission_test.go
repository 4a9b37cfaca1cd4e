package workflows

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// grant is what a job may do, and why.
type grant struct {
	permissions map[string]string
	reason      string
}

var (
	reading   = map[string]string{"contents": "read"}
	identity  = map[string]string{"contents": "read", "id-token": "write"}
	toCluster = "logs in to Infisical by GitHub's identity"
)

// grants are the rights of every job. One that is not here is an error.
var grants = map[string]grant{
	"test.yml tools":            {reading, "builds the tools for the other jobs"},
	"test.yml lint":             {reading, "reads the source"},
	"test.yml test":             {reading, "reads the source"},
	"test.yml every":            {reading, "reads the source"},
	"test.yml nodes":            {reading, "reads the source"},
	"preview.yml tools":         {reading, "builds the tools for the other jobs"},
	"preview.yml cluster-tools": {reading, "builds the tools for the job cluster"},
	"preview.yml change":        {reading, "reads the source"},
	"preview.yml cluster":       {identity, toCluster},
	"comment.yml post":          {map[string]string{"actions": "read", "contents": "read", "pull-requests": "write"}, "takes the artifacts of the run that it answers, and comments"},
	"up.yml plan":               {identity, toCluster},
	"up.yml up":                 {identity, toCluster},
	"up.yml done":               {nil, "says that the stack is deployed"},
	"deploy.yml tools":          {reading, "builds the tools for the other jobs"},
	"deploy.yml dev":            {identity, "hands them to up.yml"},
	"deploy.yml staging":        {identity, "hands them to up.yml"},
	"deploy.yml prod":           {identity, "hands them to up.yml"},
	"deploy.yml k3s":            {identity, "hands them to up.yml"},
	"drift.yml tools":           {reading, "builds the tools for the other jobs"},
	"drift.yml look":            {identity, toCluster},
	"drift.yml issue":           {map[string]string{"contents": "read", "issues": "write"}, "keeps the issue about drift"},
	"image.yml tools":           {reading, "builds the tools for the other jobs"},
	"image.yml edit":            {reading, "commits with the token of the bot, which is not this one"},
	"image.yml deploy":          {identity, "hands them to up.yml"},
	"gitops.yml tools":          {reading, "builds the tools for the other jobs"},
	"gitops.yml render":         {reading, "reads the source"},
	"vulnerabilities.yml look":  {reading, "reads the source"},
	"gitops.yml publish":        {map[string]string{"contents": "write"}, "pushes the branch rendered"},
}

// row is the line of a grant in docs/ci.md.
func (g grant) row(job string) string {
	file, id, _ := strings.Cut(job, " ")
	var scopes []string
	for _, scope := range slices.Sorted(maps.Keys(g.permissions)) {
		scopes = append(scopes, fmt.Sprintf("`%s: %s`", scope, g.permissions[scope]))
	}
	if len(scopes) == 0 {
		scopes = []string{"none"}
	}
	return fmt.Sprintf("| `%s` | `%s` | %s | %s |", file, id, strings.Join(scopes, ", "), g.reason)
}

// permissions: nothing by default, and to each job what the table says.
func permissions(all []workflow) (problems []string) {
	seen := map[string]bool{}
	for _, w := range all {
		if w.Permissions.Kind != yaml.MappingNode || len(w.Permissions.Content) > 0 {
			problems = append(problems, w.file+": has rights for all jobs; write permissions: {} and give them to the job that needs them")
		}
	}
	for _, j := range jobs(all) {
		g, known := grants[j.name()]
		seen[j.name()] = true
		switch {
		case !known:
			problems = append(problems, j.name()+": is not in the table of rights; write it there with a reason")
		case !maps.Equal(g.permissions, j.Permissions):
			problems = append(problems, fmt.Sprintf("%s: may do %v where the table says %v", j.name(), j.Permissions, g.permissions))
		}
	}
	for name := range grants {
		if !seen[name] {
			problems = append(problems, name+": is in the table of rights and is no job")
		}
	}
	return problems
}
