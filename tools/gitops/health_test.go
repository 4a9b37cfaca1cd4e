package gitops

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	lua "github.com/yuin/gopher-lua"
	"sigs.k8s.io/yaml"
)

// TestHealthOfTheOperatorsSecrets runs what docs/argocd.md gives for the
// configuration of Argo CD with the interpreter that Argo CD runs it with.
func TestHealthOfTheOperatorsSecrets(t *testing.T) {
	const condition = "secrets.infisical.com/LastReconcileStatus"
	for name, tc := range map[string]struct{ status, want string }{
		"new":                    {"", "Progressing"},
		"without conditions":     {"status = {}", "Progressing"},
		"another condition":      {`status = {conditions = {{type = "secrets.infisical.com/AutoRedeployReady", status = "True"}}}`, "Progressing"},
		"not known":              {`status = {conditions = {{type = "` + condition + `", status = "Unknown"}}}`, "Progressing"},
		"written":                {`status = {conditions = {{type = "` + condition + `", status = "True", reason = "OK"}}}`, "Healthy"},
		"written as it is":       {`status = {conditions = {{type = "` + condition + `", status = "True", observedGeneration = 2}}}`, "Healthy"},
		"written as it was":      {`status = {conditions = {{type = "` + condition + `", status = "True", observedGeneration = 1}}}`, "Progressing"},
		"a value that is absent": {`status = {conditions = {{type = "` + condition + `", status = "False", message = "PASSWORD is missing"}}}`, "Degraded PASSWORD is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			state := lua.NewState()
			defer state.Close()
			require.NoError(t, state.DoString("obj = {metadata = {generation = 2}, "+tc.status+"}"))
			require.NoError(t, state.DoString(healthCheck(t)))
			health, is := state.Get(-1).(*lua.LTable)
			require.True(t, is)
			assert.True(t, strings.HasPrefix(health.RawGetString("status").String()+" "+health.RawGetString("message").String(), tc.want))
		})
	}
}

// healthCheck is the one that the documentation gives.
func healthCheck(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/argocd.md")
	require.NoError(t, err)
	_, block, found := strings.Cut(string(text), "```yaml\ndata:\n")
	require.True(t, found)
	block, _, _ = strings.Cut(block, "```")
	var data map[string]string
	require.NoError(t, yaml.Unmarshal([]byte(block), &data))
	return data["resource.customizations.health.secrets.infisical.com_InfisicalStaticSecret"]
}
