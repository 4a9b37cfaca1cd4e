// Package nginx writes a site as nginx's configuration and runs nginx with it.
package nginx

import (
	"bytes"
	_ "embed"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"

	"platform/tools/edge/site"
)

// Settings are what does not come from the cluster.
type Settings struct {
	Folder  string // absolute, and writable: configuration, certificates and nginx's own files
	Address string // that both ports listen on; empty means every one
	HTTP    int
	HTTPS   int
	User    string // that nginx works as where it is started by root; empty otherwise
}

// OwnCertificate is the ID of the certificate for hosts that have none.
const OwnCertificate = "own"

//go:embed nginx.conf.tmpl
var confText string

var conf = template.Must(template.New("nginx.conf").Funcs(template.FuncMap{
	"serverName": serverName, "locations": locations, "target": target, "within": within,
}).Parse(confText))

// Render writes the configuration for a site.
func Render(settings Settings, s site.Site) ([]byte, error) {
	var out bytes.Buffer
	err := conf.Execute(&out, page{settings, s, liveUpstreams(s)})
	if err != nil {
		return nil, fmt.Errorf("nginx configuration: %w", err)
	}
	return out.Bytes(), nil
}

// page is what the template sees.
type page struct {
	Settings
	site.Site
	live map[string]bool
}

// within is a server together with the page that it stands on.
func within(p page, server site.Server) map[string]any {
	return map[string]any{"page": p, "server": server}
}

// liveUpstreams are those with pods; nginx refuses one without.
func liveUpstreams(s site.Site) map[string]bool {
	live := map[string]bool{}
	for _, one := range s.Upstreams {
		live[one.Name] = len(one.Endpoints) > 0
	}
	return live
}

// Live reports whether an upstream has pods.
func (p page) Live(upstream string) bool { return p.live[upstream] }

// Listen is where a port listens.
func (p page) Listen(tls bool) string {
	port := p.HTTP
	if tls {
		port = p.HTTPS
	}
	if p.Address == "" {
		return strconv.Itoa(port)
	}
	return net.JoinHostPort(p.Address, strconv.Itoa(port))
}

// Default is the server for hosts that no other names.
func (p page) Default(tls bool) site.Server {
	for _, one := range p.Servers {
		if one.Host == "" && one.TLS == tls {
			return one
		}
	}
	return site.Server{TLS: tls}
}

// Named are the servers with a host.
func (p page) Named() []site.Server {
	var named []site.Server
	for _, one := range p.Servers {
		if one.Host != "" {
			named = append(named, one)
		}
	}
	return named
}

// Cert is the file of a certificate; the empty ID is the edge's own.
func (p page) Cert(id string) string { return certFile(p.Folder, id) }

// Key is the file of the key of a certificate.
func (p page) Key(id string) string { return keyFile(p.Folder, id) }

func certFile(folder, id string) string { return pemFile(folder, id, ".crt") }
func keyFile(folder, id string) string  { return pemFile(folder, id, ".key") }

func pemFile(folder, id, end string) string {
	if id == "" {
		id = OwnCertificate
	}
	return filepath.Join(folder, "tls", id+end)
}

// serverName is a host as nginx names it: a wildcard stands for one label, so
// it is no wildcard of nginx's.
func serverName(host string) string {
	domain, wild := strings.CutPrefix(host, "*.")
	if !wild {
		return host
	}
	return `"~^[^.]+\.` + strings.ReplaceAll(domain, ".", `\.`) + `$"`
}

// location is one of nginx's, with the path that it is for.
type location struct {
	Match string
	site.Path
}

// locations are the paths of a server. A path that holds for what lies below it
// is two: nginx's own prefixes do not end at a slash. A server without a root
// answers 404 there.
func locations(server site.Server) []location {
	exact, root := map[string]bool{}, false
	for _, one := range server.Paths {
		exact[one.Path] = exact[one.Path] || one.Exact
		root = root || one.Path == "/" && !one.Exact
	}
	var all []location
	for _, one := range server.Paths {
		switch {
		case one.Exact:
			all = append(all, location{`= "` + one.Path + `"`, one})
		case one.Path == "/":
			all = append(all, location{"/", one})
		default:
			if !exact[one.Path] {
				all = append(all, location{`= "` + one.Path + `"`, one})
			}
			all = append(all, location{`"` + one.Path + `/"`, one})
		}
	}
	if !root {
		all = append(all, location{Match: "/"})
	}
	return all
}

// target is where a redirect leads.
func target(to *site.Redirect) string {
	scheme, host, port := to.Scheme, to.Host, ""
	if scheme == "" {
		scheme = "$scheme"
	}
	if host == "" {
		host = "$host"
	}
	if to.Port != 0 {
		port = ":" + strconv.Itoa(to.Port)
	}
	return scheme + "://" + host + port + "$request_uri"
}
