package engine

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/cluster"
)

func TestTheNamesOfAPlatform(t *testing.T) {
	assert.Equal(t, []string{"co2-calculator.test"}, pageHosts(prepared(t, Options{Stack: "local"}).Config))
	hosts := pageHosts(prepared(t, Options{Stack: "k3s-local"}).Config)
	assert.Equal(t, "cloud.eddisonso.com", hosts[0], "localhost shows what users open first")
	assert.Contains(t, hosts, "docs.cloud.eddisonso.com")
	seen := map[string]bool{}
	for _, host := range hosts {
		assert.False(t, seen[host], "%s twice", host)
		seen[host] = true
	}
}

func TestWhereTheBrowserGoes(t *testing.T) {
	assert.Equal(t, []string{
		"https://localhost:27443/",
		"certificate authority to trust: /cache/pki/ca.crt",
		"curl --cacert /cache/pki/ca.crt --resolve co2-calculator.test:27443:127.0.0.1 https://co2-calculator.test:27443/",
	}, page{host: "co2-calculator.test", at: "127.0.0.1:27443", ca: "/cache/pki/ca.crt"}.lines())
	shared, err := prepared(t, Options{Stack: "prod"}).page()
	require.NoError(t, err)
	assert.Equal(t, []string{"https://co2calculator.epfl.ch/"}, shared.lines(), "DNS knows it, and browsers trust it")
}

func TestWhoHasNoPage(t *testing.T) {
	s := prepared(t, Options{Stack: "local"})
	for name, tc := range map[string]struct {
		state cluster.State
		want  string
	}{
		"real":                     {cluster.State{Running: true, Ready: true, Nodes: cluster.Real}, ""},
		"away":                     {cluster.State{Nodes: cluster.Real}, "start it with make up STACK=local"},
		"starting":                 {cluster.State{Running: true, Nodes: cluster.Real, Log: "cluster.log"}, "is starting; wait for it, and see cluster.log"},
		"simulated":                {cluster.State{Running: true, Ready: true, Nodes: cluster.Simulated}, "no container runs there; for real ones, as root on Linux: make cluster-down STACK=local, then make up STACK=local NODES=real"},
		"of a version before both": {cluster.State{Running: true, Ready: true}, "simulated"},
	} {
		t.Run(name, func(t *testing.T) {
			err := s.usable(tc.state)
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, tc.want)
		})
	}
}

func TestWhatOpensABrowser(t *testing.T) {
	for name, tc := range map[string]struct {
		system   string
		env      map[string]string
		terminal bool
		want     string
	}{
		"X":           {"linux", map[string]string{"DISPLAY": ":0"}, true, "xdg-open"},
		"Wayland":     {"linux", map[string]string{"WAYLAND_DISPLAY": "wayland-0"}, true, "xdg-open"},
		"no desktop":  {"linux", nil, true, ""},
		"no terminal": {"linux", map[string]string{"DISPLAY": ":0"}, false, ""},
		"Mac":         {"darwin", nil, true, "open"},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tc.want, desktopOpener(tc.system, func(name string) string { return tc.env[name] }, tc.terminal))
		})
	}
}
