package settings

import (
	"fmt"
	"net/url"
)

// ValidateExternalURL is called and is in no file of this release.
func ValidateExternalURL(u string) error {
	if u == "" {
		return nil
	}
	parsed, err := url.Parse(u)
	if err != nil {
		return fmt.Errorf("failed to parse URL: %w", err)
	}
	if parsed.Scheme != "http" && parsed.Scheme != "https" {
		return fmt.Errorf("URL %q is neither of http nor of https", u)
	}
	return nil
}
