package components

import (
	"errors"
	"fmt"

	"github.com/distribution/reference"
)

// CheckImage says what is wrong with a container image's reference: it names
// a version other than latest, by tag or digest, so that what runs is what
// was tested.
func CheckImage(image string) error {
	ref, err := reference.ParseNormalizedNamed(image)
	if err != nil {
		return fmt.Errorf("image: %q is no image reference (%w); write repository:tag", image, err)
	}
	if _, ok := ref.(reference.Digested); ok {
		return nil
	}
	tagged, ok := ref.(reference.Tagged)
	if !ok {
		return fmt.Errorf("image: %q names no version; pin it as repository:tag", image)
	}
	if tagged.Tag() == "latest" {
		return fmt.Errorf("image: %q moves with every push; pin a version in the place of latest", image)
	}
	return nil
}

// required returns a fault for an empty value.
func required(field, value string) error {
	if value == "" {
		return fmt.Errorf("%s: is missing; set it", field)
	}
	return nil
}

// join wraps all faults of a component's arguments, nil if there are none.
func join(kind, name string, faults ...error) error {
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("%s %q: %w", kind, name, err)
	}
	return nil
}
