package config

import (
	"errors"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/distribution/reference"
	"k8s.io/apimachinery/pkg/util/validation"
)

// oneOf checks membership of a closed set and lists the set.
func oneOf[T ~string](into *collector, key string, value T, set []T) bool {
	if slices.Contains(set, value) {
		return true
	}
	into.add(key, "choose one of "+listed(set), "%s is not a value it knows", orEmpty(string(value)))
	return false
}

func listed[T ~string](set []T) string {
	names := make([]string, 0, len(set))
	for _, member := range set {
		names = append(names, string(member))
	}
	return strings.Join(names, ", ")
}

func (c *collector) positive(key string, value int) {
	if value < 1 {
		c.add(key, "raise it to 1 or more", "%d is under the floor of 1", value)
	}
}

func (c *collector) between(key string, value, low, high int) {
	if value < low || value > high {
		c.add(key, "choose one within it", "%d is outside the range %d to %d", value, low, high)
	}
}

// unique checks that no earlier item of a list has the same name.
func (c *collector) unique(key, name, list string, index int, seen map[string]int) {
	if first, taken := seen[name]; taken {
		c.add(key, "rename one of the two", "%q is the name of %s[%d] already", name, list, first)
		return
	}
	seen[name] = index
}

// image checks that an image is named, and named so that it stays the same.
func (c *collector) image(key, image string) {
	const form = "pin it as repository:tag or repository@digest"
	if image == "" {
		c.add(key, form, "it is empty")
		return
	}
	named, err := reference.ParseNormalizedNamed(image)
	if err != nil {
		c.add(key, form, "%s is not an image: %s", quoted(image), innermost(err))
		return
	}
	if tagged, ok := named.(reference.Tagged); ok && tagged.Tag() == "latest" {
		c.add(key, form, "%q is tagged latest, which changes without notice", image)
		return
	}
	if reference.IsNameOnly(named) {
		c.add(key, form, "%q names no version", image)
	}
}

func innermost(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

// prefix checks that a network is set and that its host bits are zero.
func (c *collector) prefix(key string, network netip.Prefix) bool {
	switch {
	case !network.IsValid():
		c.add(key, "write a network such as 10.0.0.0/8", "it is empty")
	case network.Addr().Is4In6():
		c.add(key, "write it in the form of IPv4, such as 10.0.0.0/8,", "%s is a network of IPv4 in the form of IPv6, which Kubernetes refuses", network)
	case network != network.Masked():
		c.add(key, "write "+network.Masked().String(), "%s has bits set beyond its length", network)
	default:
		return true
	}
	return false
}

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
