package site

import (
	"fmt"
	"regexp"
	"strings"
)

// What may be written into a configuration as it is. Whatever else a host or
// path holds would end its line, or never fit a request.
var (
	hostForm = regexp.MustCompile(`^(\*\.)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`)
	pathForm = regexp.MustCompile(`^/[A-Za-z0-9/._~!&'()*+,=:@-]*$`)
	sizeForm = regexp.MustCompile(`^[0-9]{1,9}[kKmMgG]?$`)
)

func checkHost(host string) error {
	if host != "" && !hostForm.MatchString(host) {
		return fmt.Errorf("host %q: is no host name", host)
	}
	return nil
}

// cleanPath is a path without slashes at its end; empty is the root.
func cleanPath(path string, exact bool) (string, error) {
	if path == "" {
		path = "/"
	}
	if !pathForm.MatchString(path) {
		return "", fmt.Errorf("path %q: does not start with / or has a character that is not served here", path)
	}
	if exact || path == "/" {
		return path, nil
	}
	if path = strings.TrimRight(path, "/"); path == "" {
		path = "/"
	}
	return path, nil
}
