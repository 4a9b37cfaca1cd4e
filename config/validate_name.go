package config

import (
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

// label checks a DNS label: what Kubernetes takes for a namespace.
func (c *collector) label(key, value, remedy string) bool {
	if len(validation.IsDNS1123Label(value)) == 0 {
		return true
	}
	c.add(key, remedy, "%s is not a DNS label: lower-case letters, digits and dashes, 63 characters at most", orEmpty(value))
	return false
}

// name checks a DNS name without requiring a dot: what Kubernetes takes for
// most objects.
func (c *collector) name(key, value, what string) bool {
	if len(validation.IsDNS1123Subdomain(value)) == 0 {
		return true
	}
	c.add(key, "write the name of "+what, "%s is not a DNS name: lower-case letters, digits, dashes and dots", orEmpty(value))
	return false
}

// orEmpty quotes what the user wrote, if anything.
func orEmpty(value string) string {
	if value == "" {
		return "empty"
	}
	return quoted(value)
}

// host checks the full name of a machine, and takes off what people copy
// along with it from a browser.
func (c *collector) host(key, value, example string) bool {
	form := "write a full name such as " + example
	_, noAddress := netip.ParseAddr(value)
	switch bare := bareHost(value); {
	case value == "":
		c.add(key, form, "it is empty")
	case noAddress == nil:
		c.add(key, form, "%q is an address, not a name", value)
	case bare != value && isHost(bare):
		c.add(key, "write "+bare, "%s is more than a name: no scheme, port, path or capital letter", quoted(value))
	case !isHost(value):
		c.add(key, form, "%s is not a full DNS name, without scheme, port, path or wildcard", quoted(value))
	default:
		return true
	}
	return false
}

func isHost(value string) bool {
	return len(validation.IsDNS1123Subdomain(value)) == 0 && strings.Contains(value, ".")
}

func bareHost(value string) string {
	if _, rest, found := strings.Cut(value, "://"); found {
		value = rest
	}
	value, _, _ = strings.Cut(value, "/")
	value, _, _ = strings.Cut(value, ":")
	return strings.ToLower(strings.TrimSuffix(value, "."))
}

// path checks the path of a request.
func (c *collector) path(key, value string) {
	if !strings.HasPrefix(value, "/") {
		c.add(key, "write /"+clipped(strings.TrimSpace(value)), "%s does not start with a slash", quoted(value))
		return
	}
	if parsed, err := url.ParseRequestURI(value); err != nil || parsed.Path != value {
		c.add(key, "write a plain path such as /health", "%s is more than a path", quoted(value))
	}
}

// https checks the address of a service on the web.
func (c *collector) https(key, value string) {
	parsed, err := url.Parse(value)
	if err != nil || parsed.Scheme != "https" || parsed.Hostname() == "" {
		c.add(key, "write an address such as https://login.epfl.ch", "%s is not an https URL", orEmpty(value))
	}
}

// labels checks the keys and values of a set of labels.
func (c *collector) labels(key string, labels map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		at := key + "[" + name + "]"
		c.labelKey(at, name)
		c.labelValue(at, labels[name])
	}
}

func (c *collector) labelKey(key, name string) {
	if len(validation.IsQualifiedName(name)) != 0 {
		c.add(key, "write it as name or domain/name", "%s is not a label key", quoted(name))
	}
}

func (c *collector) labelValue(key, value string) {
	if len(validation.IsValidLabelValue(value)) != 0 {
		c.add(key, "write letters, digits, dashes, dots or underscores, 63 at most,", "%s is not a label value", quoted(value))
	}
}
