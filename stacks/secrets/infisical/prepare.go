package infisical

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"regexp"
	"strings"

	"platform/config"
)

// The keys of the stack file that errors name.
const (
	keyAll            = "secrets.infisical"
	keyURL            = keyAll + ".url"
	keyProject        = keyAll + ".project"
	keyEnvironment    = keyAll + ".environment"
	keyPath           = keyAll + ".path"
	keyCA             = keyAll + ".caCertificate"
	keyAttemptTimeout = keyAll + ".attemptTimeout"
	keyTimeout        = keyAll + ".timeout"
	keyValues         = keyAll + ".values"
)

// pathForm is what folders may be called. Newer servers refuse other
// characters, and older ones answer them with status 500.
var pathForm = regexp.MustCompile(`^(/|(/[A-Za-z0-9_-]+)+/?)$`)

// folder is a path without the slash at its end.
func folder(path string) string {
	if path == "/" {
		return path
	}
	return strings.TrimSuffix(path, "/")
}

// prepare checks everything that needs no server.
func (r *reader) prepare(lookup func(string) (string, bool)) (base string, c credentials, roots *x509.CertPool) {
	if len(r.wanted) == 0 {
		return "", credentials{}, nil
	}
	base = r.address()
	c = r.credentials(lookup)
	roots = r.roots()
	r.place()
	r.places()
	if r.settings.AttemptTimeout < 0 {
		r.add(keyAttemptTimeout, "choose a time over 0", "%s is no time to wait", r.settings.AttemptTimeout)
	}
	if r.settings.Timeout < 0 {
		r.add(keyTimeout, "choose a time over 0", "%s is no time to wait", r.settings.Timeout)
	}
	return base, c, roots
}

// address checks the server's URL. An empty one is an error: the SDK would send
// the credentials to the vendor's public service.
func (r *reader) address() string {
	text := strings.TrimRight(r.settings.URL, "/")
	address, err := url.Parse(text)
	const remedy = "write it as https://HOST, or https://HOST:PORT"
	switch {
	case strings.TrimSpace(text) == "":
		r.add(keyURL, remedy, "the address of the Infisical server is missing")
	case err != nil || address.Hostname() == "":
		r.add(keyURL, remedy, "it is not an address with a scheme and a host")
	case address.Scheme != "https":
		r.add(keyURL, remedy, "its scheme is %q, and credentials are sent over https alone", address.Scheme)
	case address.User != nil || address.RawQuery != "" || address.Fragment != "":
		r.add(keyURL, remedy, "it has a user, a query or a fragment")
	case strings.HasSuffix(address.Path, "/api"):
		r.add(keyURL, "leave the /api at its end out", "it ends in /api, which is added to it")
	}
	return text
}

// place checks project and environment. Their case matters to the server.
func (r *reader) place() {
	for _, field := range []struct{ key, value, remedy string }{
		{keyProject, r.settings.Project, "write the project's ID, a UUID that its settings show"},
		{keyEnvironment, r.settings.Environment, "write the environment's slug, such as prod"},
	} {
		if field.value == "" || strings.TrimSpace(field.value) != field.value {
			r.add(field.key, field.remedy, "it is empty or has white space around it")
		}
	}
}

// places checks where each value is looked for.
func (r *reader) places() {
	seen := make(map[string]config.SecretValue)
	for _, value := range r.wanted {
		if !pathForm.MatchString(value.Path) {
			r.add(r.pathKey(value), "write it as /FOLDER/FOLDER, with letters, digits, - and _",
				"%q is no path of a folder, where %s is looked for", value.Path, value)
		}
		if strings.TrimSpace(value.Name) == "" {
			r.add(keyValues+"."+value.String()+".name", "name the secret in Infisical", "%s has no name", value)
		}
		if before, twice := seen[value.String()]; twice && before != value {
			r.add(keyValues+"."+value.String(), "keep one of them", "%s is wanted twice, in different forms", value)
		}
		seen[value.String()] = value
	}
}

// pathKey is the key of the stack file that a value's folder comes from.
func (r *reader) pathKey(value config.SecretValue) string {
	if r.settings.Values[value.String()].Path != "" {
		return keyValues + "." + value.String() + ".path"
	}
	return keyPath
}

// roots are the authorities that the server's certificate must come from: nil
// for the system's, else those in the file and no other.
func (r *reader) roots() *x509.CertPool {
	name := r.settings.CACertificate
	if name == "" {
		return nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		var at *fs.PathError
		if errors.As(err, &at) {
			err = at.Err
		}
		r.add(keyCA, "name a file of PEM with the authority's certificate", "file %q cannot be read: %v", name, err)
		return nil
	}
	pool, blocks := x509.NewCertPool(), 0
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		certificate, err := x509.ParseCertificate(block.Bytes)
		if block.Type != "CERTIFICATE" || err != nil {
			r.add(keyCA, "put certificates in PEM there, and nothing else", "file %q holds a block that is no certificate", name)
			return nil
		}
		pool.AddCert(certificate)
		blocks++
	}
	if blocks == 0 {
		r.add(keyCA, "put the authority's certificate there, in PEM", "file %q holds no certificate", name)
		return nil
	}
	return pool
}
