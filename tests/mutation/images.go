package mutation

import (
	"strings"

	"platform/policy/pack"
)

const groupImages = "images"

var images = []Operator{
	{Group: groupImages, Name: "image", Kinds: pack.PodKinds, At: containers + "image", Do: []Change{
		removed,
		text("without its tag", repository),
		text("of tag latest", func(image string) string { return repository(image) + ":latest" }),
		text("of a branch", func(image string) string { return repository(image) + ":main" }),
		text("of another registry", func(image string) string { return "registry.example/" + image }),
		text("of another publisher", func(image string) string { return "docker.io/somebody/" + image[strings.LastIndex(image, "/")+1:] }),
		text("of a registry that is retired", func(image string) string { return "docker.io/bitnami/" + image[strings.LastIndex(image, "/")+1:] }),
		text("of no build's time", func(image string) string {
			if strings.HasPrefix(image, "eddisonso/") {
				return repository(image) + ":v1.0.0"
			}
			return image
		}),
	}},
	{Group: groupImages, Name: "imagePullPolicy", Kinds: pack.PodKinds, At: containers + "imagePullPolicy", Do: []Change{replaced("Never"), replaced("Always")}},
}

// repository is an image without its tag.
func repository(image string) string {
	image, _, _ = strings.Cut(image, "@")
	if at := strings.LastIndex(image, ":"); at > strings.LastIndex(image, "/") {
		return image[:at]
	}
	return image
}
