package config

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/validation"
)

// longestInfisicalTimeout is when a deployment that waits for secrets has been
// forgotten.
const longestInfisicalTimeout = 10 * time.Minute

// exampleInfisical is an address as messages show it.
const exampleInfisical = "https://infisical.example.org"

var (
	// slug is what Infisical takes for the short name of an environment. It
	// tells upper case from lower, and makes slugs in lower case alone.
	slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	// folder is an absolute path of what Infisical takes for names of folders.
	folder = regexp.MustCompile(`^(/|(/[A-Za-z0-9_-]+)+)$`)
)

// longestSlug is Infisical's own limit, in characters.
const longestSlug = 64

// validate checks where values come from and who delivers them. No message
// repeats what is written below secrets: it may be a credential that was
// pasted into the wrong place.
func (s Secrets) validate(into *collector) {
	const key = "secrets.delivery"
	reads := s.Source == SourceInfisical || s.Source == SourceMasked
	if chosen(into, key, s.Delivery, SecretDeliveries) && s.Delivery == DeliveryOperator && !reads && into.clean("secrets.source") {
		into.add(key, "choose "+string(DeliveryPulumi)+", or "+string(SourceInfisical)+" as "+Namespace+":secrets.source,",
			"the operator reads every value from Infisical itself, so values of the source %s would never reach the cluster", s.Source)
	}
	if s.asksInfisical() {
		s.Infisical.validate(into, "secrets.infisical")
	}
	s.validateAuth(into, "secrets.infisical.auth")
}

// validateAuth asks for the operator's way to log in where it delivers. The
// program's own log-in is never in a stack file.
func (s Secrets) validateAuth(into *collector, key string) {
	auth, needed := s.Infisical.Auth, s.Delivery == DeliveryOperator
	if (needed || auth.Name != "") && len(validation.IsDNS1123Subdomain(auth.Name)) != 0 {
		into.add(key+".name", "write the name of a resource InfisicalAuth of the operator", "it is not a DNS name: lower-case letters, digits, dashes and dots")
	}
	if (needed || auth.Namespace != "") && len(validation.IsDNS1123Label(auth.Namespace)) != 0 {
		into.add(key+".namespace", "write the namespace of that resource", "it is not a DNS label: lower-case letters, digits and dashes, 63 characters at most")
	}
}

// chosen is [oneOf] for keys below secrets.
func chosen[T ~string](into *collector, key string, value T, set []T) bool {
	if slices.Contains(set, value) {
		return true
	}
	why := "it is none of the values that it can have"
	if value == "" {
		why = "it is empty"
	}
	into.add(key, "choose one of "+listed(set), "%s", why)
	return false
}

func (i Infisical) validate(into *collector, key string) {
	if why, remedy := i.addressProblem(); why != "" {
		into.add(key+".url", remedy, "%s", why)
	}
	if !uuid.MatchString(i.Project) {
		into.add(key+".project", "write the project's ID, which Infisical shows under Project Settings, General, Copy Project ID,",
			"it is no UUID of 32 lower-case hexadecimal digits with dashes")
	}
	if !slug.MatchString(i.Environment) || len(i.Environment) > longestSlug {
		into.add(key+".environment", "write its slug as Infisical shows it under Project Settings, Environments, such as prod,",
			"it is not the slug of an environment: lower-case letters, digits and single dashes between them, %d at most", longestSlug)
	}
	into.folder(key+".path", i.Path)
	if strings.ContainsAny(i.CACertificate, "\r\n") {
		into.add(key+".caCertificate", "write the path of the file that holds it", "it has several lines, and this key holds the path of a file")
	}
	i.validateTimeouts(into, key)
}

// folder checks a path in Infisical.
func (c *collector) folder(key, value string) {
	if !folder.MatchString(value) {
		c.add(key, "write it as /, /shared or /shared/database",
			"it is not the path of a folder: from the root on, letters, digits, dashes and underscores between single slashes, none at the end")
	}
}

// addressFault is what is wrong with the address of the server, and what to
// do, both empty if nothing is.
func (i Infisical) addressProblem() (why, remedy string) {
	form := "write scheme and host, such as " + exampleInfisical + ","
	address, err := url.Parse(i.URL)
	switch {
	case i.URL == "":
		return "it is empty", form // the client would send credentials to the public cloud
	case err != nil || address.Host == "" || address.Hostname() == "" || strings.TrimSpace(i.URL) != i.URL:
		return "it is not the address of a server", form
	case address.User != nil:
		return "it holds a user name or a password", "take them out, change them, and " + form
	case strings.ContainsAny(i.URL, "?#"):
		return "it has a query or a fragment", "cut them off"
	case address.Scheme == "http":
		return "it sends credentials and secrets in clear", "write https"
	case address.Scheme != "https":
		return "its scheme is not https", form
	case address.Path == "/api" || strings.HasSuffix(strings.TrimRight(address.Path, "/"), "/api"):
		return "it ends in /api, which the program adds itself", "cut that off"
	case address.Path != "" && path.Clean(address.Path) != address.Path || address.Path == "/":
		return "it has a slash at its end, or two in a row", "cut it off"
	default:
		return "", ""
	}
}

func (i Infisical) validateTimeouts(into *collector, key string) {
	key, whole := key+".attemptTimeout", key+".timeout"
	switch {
	case i.AttemptTimeout <= 0:
		into.add(key, "write one such as "+DefaultInfisicalAttempt.String(), "%s leaves no time for an answer", i.AttemptTimeout)
	case i.Timeout > 0 && i.AttemptTimeout > i.Timeout && into.clean(whole):
		into.add(key, "lower it, or raise the other,", "%s for one request is over %s:%s for all of them, %s", i.AttemptTimeout, Namespace, whole, i.Timeout)
	}
	if i.Timeout <= 0 {
		into.add(whole, "write one such as "+DefaultInfisicalTimeout.String(), "%s leaves no time for an answer", i.Timeout)
	} else if i.Timeout > longestInfisicalTimeout {
		into.add(whole, "lower it to "+longestInfisicalTimeout.String()+" or less", "%s is over the most of %s", i.Timeout, longestInfisicalTimeout)
	}
}
