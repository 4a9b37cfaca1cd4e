package components_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"platform/components"
)

func TestCheckImage(t *testing.T) {
	digest := "@sha256:" + strings.Repeat("0a", 32)
	for image, want := range map[string]string{ // "" means accepted
		"redis:7.4-alpine":                       "",
		"registry.epfl.ch:5000/app/backend:v1":   "",
		"redis" + digest:                         "",
		"redis:latest" + digest:                  "", // the digest decides
		"redis:latest-alpine":                    "",
		"redis":                                  `image: "redis" names no version; pin it as repository:tag`,
		"registry.epfl.ch:5000/app/backend":      "names no version",
		"redis:latest":                           `image: "redis:latest" moves with every push`,
		"":                                       `image: "" is no image reference`,
		"Redis:7":                                `image: "Redis:7" is no image reference`,
		"redis:7\t":                              "is no image reference",
		"https://ghcr.io/epfl-enac/epfl/app:1.0": "is no image reference",
	} {
		t.Run(image, func(t *testing.T) {
			err := components.CheckImage(image)
			if want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, want)
		})
	}
}
