package components

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// Route leads requests of a host to a Service of the namespace.
type Route struct {
	Host        string // such as docs.cloud.eddisonso.com
	Path        string // prefix, from / on
	Service     string
	Port        int  // of the Service
	StripPrefix bool // the service sees the rest of the path alone
}

func (r Route) validate() error {
	faults := []error{required("host", r.Host), required("service", r.Service)}
	if !strings.HasPrefix(r.Path, "/") {
		faults = append(faults, fmt.Errorf("path: %q does not begin with /; write it from there on", r.Path))
	}
	if r.Port < 1 || r.Port > 65535 {
		faults = append(faults, fmt.Errorf("port: %d is no port; use 1 to 65535", r.Port))
	}
	return errors.Join(faults...)
}

// checkRoutes returns every fault at once. Of two routes for the same requests
// only the gateway would know which wins.
func checkRoutes(routes []Route) error {
	var faults []error
	seen := map[string]int{}
	for i, route := range routes {
		if err := route.validate(); err != nil {
			faults = append(faults, fmt.Errorf("routes[%d]: %w", i, err))
		}
		where := route.Host + route.Path
		if first, ok := seen[where]; ok {
			faults = append(faults, fmt.Errorf("routes[%d]: %s is the way of routes[%d] already; remove one of the two", i, where, first))
			continue
		}
		seen[where] = i
	}
	return errors.Join(faults...)
}

// routeEntry is one route as the gateway reads it.
type routeEntry struct {
	Host        string `json:"host"`
	Path        string `json:"path"`
	Target      string `json:"target"` // SERVICE:PORT
	StripPrefix bool   `json:"strip_prefix"`
}

// routesFile is the same for the same routes, in whatever order: by host, and
// the longer paths first, so that the first match is the closest.
func routesFile(routes []Route) (string, error) {
	entries := []routeEntry{}
	for _, r := range slices.SortedFunc(slices.Values(routes), closestFirst) {
		entries = append(entries, routeEntry{
			Host: r.Host, Path: r.Path, Target: fmt.Sprintf("%s:%d", r.Service, r.Port), StripPrefix: r.StripPrefix,
		})
	}
	content, err := yaml.Marshal(map[string][]routeEntry{"routes": entries})
	return string(content), err
}

func closestFirst(a, b Route) int {
	return cmp.Or(strings.Compare(a.Host, b.Host), cmp.Compare(len(b.Path), len(a.Path)), strings.Compare(a.Path, b.Path))
}
