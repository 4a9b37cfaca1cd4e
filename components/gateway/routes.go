package gateway

import (
	"fmt"

	"sigs.k8s.io/yaml"

	"platform/config"
)

// routeEntry is one route as the gateway reads it.
type routeEntry struct {
	Host        string `json:"host"`
	Path        string `json:"path"`
	Target      string `json:"target"` // SERVICE:PORT
	StripPrefix bool   `json:"strip_prefix"`
}

// routesFile is the file of routes, of which the first that matches wins.
func routesFile(routes []config.Route) (string, error) {
	entries := []routeEntry{}
	for _, r := range routes {
		entries = append(entries, routeEntry{
			Host: r.Host, Path: r.Path, Target: fmt.Sprintf("%s:%d", r.Service, r.Port), StripPrefix: r.StripPrefix,
		})
	}
	content, err := yaml.Marshal(map[string][]routeEntry{"routes": entries})
	return string(content), err
}
