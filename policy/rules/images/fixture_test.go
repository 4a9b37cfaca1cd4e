package images

import "platform/policy/packtest"

// at is where a finding about the image of a case is.
const at = packtest.InContainer + "image"

// wrong is the case of an image that breaks the rule, and right of one that does not.
func wrong(image string) packtest.Case {
	return packtest.Case{Objects: packtest.Container("image: " + image), Want: []string{at}}
}

func right(image string) packtest.Case {
	return packtest.Case{Objects: packtest.Container("image: " + image)}
}

// unknown and mistyped are images that every rule meets.
var (
	unknown  = packtest.Case{Objects: packtest.Container("image: <unknown>"), Undecided: []string{at}}
	mistyped = wrong("1")
)
