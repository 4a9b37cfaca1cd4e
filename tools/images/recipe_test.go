package images

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// containerd and the kubelet know an image by its full name.
func TestName(t *testing.T) {
	for ref, want := range map[string]string{
		"postgres:16-alpine":                    "docker.io/library/postgres:16-alpine",
		"postgres":                              "docker.io/library/postgres:latest",
		"eddisonso/ecloud-auth:20260215-062053": "docker.io/eddisonso/ecloud-auth:20260215-062053",
		"ghcr.io/epfl-enac/x/backend:v1.0.0":    "ghcr.io/epfl-enac/x/backend:v1.0.0",
	} {
		name, err := Name(ref)
		require.NoError(t, err)
		assert.Equal(t, want, name)
	}
	_, err := Name("Not A Name")
	assert.ErrorContains(t, err, `"Not A Name" is no name of an image`)
}

func TestStandIn(t *testing.T) {
	for ref, want := range map[string]struct {
		parts []string
		env   string
		user  string
	}{
		"docker.io/library/postgres:16-alpine":          {[]string{"postgres"}, "PGDATA=/var/lib/postgresql/data", ""},
		"docker.io/library/haproxy:2.9-alpine":          {[]string{"haproxy"}, searchPath, "99"},
		"registry.example.org/mirror/redis:7":           {[]string{"redis"}, searchPath, ""},
		"ghcr.io/epfl-enac/co2-calculator/backend:v1":   {[]string{standInPart}, "STANDIN=backend", "1001"},
		"docker.io/eddisonso/ecloud-gateway:20260215-0": {[]string{standInPart}, "STANDIN=gateway", "65532"},
		"docker.io/somebody/blog:1":                     {[]string{standInPart}, "STANDIN_PORTS=8080,9090", "65532"},
	} {
		r := standIn(ref, Image{Ref: ref, Ports: []int{8080, 9090}, HealthPath: "/up"})
		assert.Equal(t, want.parts, r.Parts, ref)
		assert.Contains(t, r.Config.Env, want.env, ref)
		assert.Equal(t, want.user, r.Config.User, ref)
	}
	assert.True(t, Known("postgres:16-alpine"))
	assert.False(t, Known("somebody/blog:1"))
}

// A part that a recipe names has to be there, and its start script with it.
func TestEveryRecipeHasItsParts(t *testing.T) {
	all := map[string]recipe{}
	for word, made := range servers {
		all[word] = made()
	}
	all["edge"] = Edge("/bin/edge").recipe()
	for word, r := range all {
		for _, name := range r.Parts {
			assert.Contains(t, partTable(), name, word)
			if len(r.Config.Entrypoint) > 0 && r.Config.Entrypoint[0] == "docker-entrypoint.sh" {
				assert.NotEmpty(t, partTable()[name].folders[startScript].data, word)
			}
		}
	}
	assert.Equal(t, []string{"base", "nginx"}, parts(map[string]recipe{"edge": all["edge"]}))
}
