package engine

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"slices"

	"platform/config"
	"platform/tools/cluster"
)

// pageHosts are the names that a platform answers for, first the one that a
// user opens.
func pageHosts(of config.Platform) []string {
	switch cfg := of.(type) {
	case *config.EPFL:
		return []string{cfg.Edge.Host}
	case *config.EddCloud:
		first := "cloud." + cfg.Domain
		hosts := []string{first}
		for _, route := range cfg.Routes() {
			if !slices.Contains(hosts, route.Host) {
				hosts = append(hosts, route.Host)
			}
		}
		return hosts
	}
	return nil
}

// page is where a browser finds a platform.
type page struct {
	host string
	at   string // host:port on loopback; empty where DNS knows the host
	ca   string // certificate to trust; empty where browsers do already
}

// page is that of the stack.
func (s *Session) page() (page, error) {
	p := page{host: pageHosts(s.Config)[0]}
	if !s.cluster {
		return p, nil
	}
	state, err := cluster.Status(s.clusterDir())
	if err != nil {
		return p, err
	}
	if err := s.usable(state); err != nil {
		return p, err
	}
	p.at, p.ca = state.Page, state.CA
	return p, nil
}

// url works in a browser of this machine: of an embedded cluster's platform by
// the name localhost, for the others are in nobody's DNS.
func (p page) url() string {
	if p.at == "" {
		return "https://" + p.host + "/"
	}
	return "https://" + net.JoinHostPort("localhost", p.port()) + "/"
}

func (p page) port() string {
	_, port, err := net.SplitHostPort(p.at)
	if err != nil {
		return p.at
	}
	return port
}

// lines are what to know about it: the URL is alone on the first.
func (p page) lines() []string {
	lines := []string{p.url()}
	if p.at == "" {
		return lines
	}
	named := net.JoinHostPort(p.host, p.port())
	return append(lines,
		"certificate authority to trust: "+p.ca,
		fmt.Sprintf("curl --cacert %s --resolve %s:127.0.0.1 https://%s/", p.ca, named, named))
}

// Page prints where the platform's page is, and opens it in the browser of the
// desktop, if the user sits at one.
func (s *Session) Page(ctx context.Context) error {
	p, err := s.page()
	if err != nil {
		return err
	}
	if s.cluster {
		if err := cluster.SetHosts(s.clusterDir(), pageHosts(s.Config)); err != nil { // of a stack file that has changed
			return err
		}
	}
	for _, line := range p.lines() {
		fmt.Fprintln(s.attached.out, line)
	}
	opener := desktopOpener(runtime.GOOS, os.Getenv, s.attached.terminal())
	if opener == "" {
		return nil
	}
	if _, err := exec.LookPath(opener); err != nil {
		return nil //nolint:nilerr // the URL is printed, and there is nothing to open it with
	}
	if text, err := exec.CommandContext(ctx, opener, p.url()).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", opener, err, text)
	}
	return nil
}

// desktopOpener is the program that opens a URL on a system's desktop; empty
// where the user sits at none.
func desktopOpener(system string, variable func(string) string, terminal bool) string {
	switch {
	case !terminal:
		return ""
	case system == "darwin":
		return "open"
	case variable("DISPLAY") != "" || variable("WAYLAND_DISPLAY") != "":
		return "xdg-open"
	}
	return ""
}
