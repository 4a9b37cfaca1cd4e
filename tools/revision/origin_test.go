package revision

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOrigin(t *testing.T) {
	root := repository(t)
	_, err := Origin(t.Context(), root)
	require.ErrorContains(t, err, "no origin")
	_, err = git(t.Context(), root, "remote", "add", "origin", "nowhere")
	require.NoError(t, err)
	for url, want := range map[string]string{
		"https://github.com/team/platform":                "https://github.com/team/platform",
		"https://github.com/team/platform.git":            "https://github.com/team/platform",
		"https://x-access-token:ghs@github.com/team/p":    "https://github.com/team/p",
		"git@github.com:team/platform.git":                "https://github.com/team/platform",
		"ssh://git@git.example.org/team/platform.git":     "https://git.example.org/team/platform",
		"https://git.example.org/group/sub/platform.git/": "https://git.example.org/group/sub/platform",
		"/srv/git/platform":                               "",
	} {
		_, err := git(t.Context(), root, "remote", "set-url", "origin", url)
		require.NoError(t, err)
		got, err := Origin(t.Context(), root)
		assert.Equal(t, want, got)
		assert.Equal(t, want == "", err != nil, url)
	}
}
