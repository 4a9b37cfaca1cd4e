package secrets

import (
	"fmt"
	"io"
	"slices"

	"platform/config"
)

// howToImport heads a file of variables. Infisical's web interface takes a
// comment above a variable for that secret's own, and its command takes no
// variable without a value.
const howToImport = `# Fill in what follows each = and import one group at a time, since names come again in other folders:
# paste it into its folder in Infisical, or write it alone (--folder) and run
#   infisical secrets set --file FILE --path FOLDER%s
# Put a value with # or blanks into single quotes. Keep the file out of Git and delete it afterwards.
`

// target points Infisical's command at the stack's project. Without a domain it
// would send the values to the public cloud.
func (t Template) target() string {
	at := t.Config.Shared().Secrets.Infisical
	if at.URL == "" {
		return " --env ENVIRONMENT --projectId PROJECT --domain https://SERVER/api"
	}
	return fmt.Sprintf(" --env %s --projectId %s --domain %s/api", at.Environment, at.Project, at.URL)
}

// lines tell how a form is written on one line.
var lines = map[config.CredentialFormat]string{
	config.FormatDockerConfigJSON: "; on one line, in single quotes",
	config.FormatJSON:             "; on one line, in single quotes",
	config.FormatPEM:              "; paste it into the web interface as it is, it has several lines",
}

// Env writes the values' names as variables without values, grouped by folder.
// A place that serves several values is there once.
func (t Template) Env(out io.Writer) {
	fmt.Fprintf(out, "# %s:\n"+howToImport, t.project(), t.target())
	values := t.values()
	slices.SortStableFunc(values, byPlace)
	for i, value := range values {
		if i == 0 || values[i-1].Path != value.Path {
			fmt.Fprintf(out, "\n# %s\n\n", value.Path)
		}
		fmt.Fprintf(out, "# %s: %s, %s%s\n", value, necessity(value), form(value), lines[value.Format])
		if last := i+1 == len(values); last || byPlace(value, values[i+1]) != 0 {
			fmt.Fprintf(out, "%s=\n", value.Name)
		}
	}
}
