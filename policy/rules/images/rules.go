package images

import (
	"time"

	"platform/policy/pack"
)

// Rules are all of this package, in the order of the list.
var Rules = []pack.Rule{
	fixedTag,
	buildTime(time.Now),
	registry,
	foreignDigest,
	pullPolicy,
	architecture,
}
