package nginx

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/edge/site"
)

var settings = Settings{Folder: "/tmp/edge", HTTP: 8080, HTTPS: 8443}

// squeezed is a configuration with one space wherever there is any.
func squeezed(t *testing.T, s site.Site) string {
	t.Helper()
	text, err := Render(settings, s)
	require.NoError(t, err)
	return regexp.MustCompile(`\s+`).ReplaceAllString(string(text), " ")
}

func TestRender(t *testing.T) {
	web := site.Upstream{Name: "shop_web_80", Endpoints: []site.Endpoint{{Address: "10.0.0.1:8080", Weight: 1}, {Address: "10.0.0.2:8080", Weight: 1}}}
	pass := `proxy_pass http://shop_web_80; }`
	for name, tc := range map[string]struct {
		server site.Server
		want   []string
		not    []string
	}{
		"prefix": {
			site.Server{Host: "shop.test", Paths: []site.Path{{Path: "/api", Upstream: "shop_web_80", Source: "Ingress shop/edge"}}},
			[]string{
				`server_name shop.test; listen 8080;`, `location = "/api" { # Ingress shop/edge ` + pass, `location "/api/" { # Ingress shop/edge ` + pass,
				`location / { return 404; }`, `upstream shop_web_80 {`, `server 10.0.0.1:8080 weight=1 max_fails=0;`,
			},
			nil,
		},
		"exact beats prefix": {
			site.Server{Host: "shop.test", Paths: []site.Path{
				{Path: "/api", Exact: true, Upstream: "none"}, {Path: "/api", Upstream: "shop_web_80"},
			}},
			[]string{`location = "/api" { # return 503; }`, `location "/api/" { # ` + pass},
			[]string{`location = "/api" { # ` + pass},
		},
		"root": {
			site.Server{Host: "shop.test", Paths: []site.Path{{Path: "/", Upstream: "shop_web_80"}}},
			[]string{`location / { # ` + pass},
			nil,
		},
		"body size": {
			site.Server{Host: "shop.test", Paths: []site.Path{{Path: "/", Upstream: "shop_web_80", BodySize: "8m"}}},
			[]string{`client_max_body_size 8m; ` + pass},
			nil,
		},
		"no pods": {
			site.Server{Host: "shop.test", Paths: []site.Path{{Path: "/", Upstream: "none"}}},
			[]string{`location / { # return 503; }`},
			[]string{"upstream none"},
		},
		"redirect": {
			site.Server{Host: "shop.test", Paths: []site.Path{{Path: "/", Redirect: &site.Redirect{Scheme: "https", Status: 308}}}},
			[]string{`return 308 https://$host$request_uri;`},
			nil,
		},
		"redirect elsewhere": {
			site.Server{Host: "shop.test", Paths: []site.Path{{Path: "/", Redirect: &site.Redirect{Host: "new.test", Port: 81, Status: 301}}}},
			[]string{`return 301 $scheme://new.test:81$request_uri;`},
			nil,
		},
		"tls": {
			site.Server{Host: "shop.test", TLS: true, Certificate: "abc"},
			[]string{`listen 8443 ssl http2; ssl_certificate /tmp/edge/tls/abc.crt; ssl_certificate_key /tmp/edge/tls/abc.key;`},
			nil,
		},
		"tls without certificate": {
			site.Server{Host: "shop.test", TLS: true},
			[]string{`server_name shop.test; listen 8443 ssl http2; ssl_certificate /tmp/edge/tls/own.crt;`},
			nil,
		},
		"wildcard is one label": {
			site.Server{Host: "*.shop.test"}, []string{`server_name "~^[^.]+\.shop\.test$";`}, nil,
		},
		"every other host": {
			site.Server{Paths: []site.Path{{Path: "/", Upstream: "shop_web_80"}}},
			[]string{`server_name _; listen 8080 default_server; location / { # ` + pass},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			text := squeezed(t, site.Site{Servers: []site.Server{tc.server}, Upstreams: []site.Upstream{web, {Name: "none"}}})
			for _, want := range tc.want {
				assert.Contains(t, text, want)
			}
			for _, not := range tc.not {
				assert.NotContains(t, text, not)
			}
		})
	}
}

func TestNothingToServe(t *testing.T) {
	text := squeezed(t, site.Site{})
	assert.Equal(t, 2, strings.Count(text, "location / { return 404; }"), "one on each port")
	assert.Contains(t, text, "listen 8443 default_server ssl http2; ssl_certificate /tmp/edge/tls/own.crt;")
	assert.NotContains(t, text, "user ")
}
