package config

import "testing"

func TestPoolRejects(t *testing.T) {
	pool := func(addresses ...any) []change {
		return on("metallb.pools", []any{map[string]any{"name": "a", "addresses": addresses}})
	}
	const gateway = "192.168.3.200-192.168.3.200"
	const form = "write it as 192.168.3.150-192.168.3.200 or 192.168.3.128/26"
	rejectCore(t, map[string]bad{
		"no pools":        {[]change{{"metallb.pools", []any{}}}, "metallb.pools", "it lists none, and the gateway's address comes from one", "list a pool"},
		"no addresses":    {on("metallb.pools[1].addresses", absent), "metallb.pools[1].addresses", "it lists none", "list a range such as 192.168.3.150-192.168.3.200"},
		"pool's name":     {on("metallb.pools[1].name", "Spare"), "metallb.pools[1].name", `"Spare" is not a DNS name: lower-case letters, digits, dashes and dots`, "write the name of the pool"},
		"pool twice":      {on("metallb.pools[1].name", "compute-pool"), "metallb.pools[1].name", `"compute-pool" is the name of metallb.pools[0] already`, "rename one of the two"},
		"one address":     {pool(gateway, "192.168.3.7"), "metallb.pools[0].addresses[1]", `"192.168.3.7" is neither FIRST-LAST nor a network`, form},
		"not an address":  {pool(gateway, "192.168.3.300-192.168.3.7"), "metallb.pools[0].addresses[1]", `"192.168.3.300-192.168.3.7" is neither FIRST-LAST nor a network`, form},
		"nothing":         {pool(gateway, ""), "metallb.pools[0].addresses[1]", "empty is neither FIRST-LAST nor a network", form},
		"with a zone":     {pool(gateway, "fe80::1%eth0-fe80::2%eth0"), "metallb.pools[0].addresses[1]", `"fe80::1%eth0-fe80::2%eth0" is neither FIRST-LAST nor a network`, form},
		"backwards":       {pool(gateway, "192.168.3.50-192.168.3.12"), "metallb.pools[0].addresses[1]", `"192.168.3.50-192.168.3.12" runs backwards`, "swap its ends"},
		"two kinds":       {pool(gateway, "192.168.3.50-2001:db8::1"), "metallb.pools[0].addresses[1]", `"192.168.3.50-2001:db8::1" mixes IPv4 and IPv6`, "write both ends in one"},
		"not masked":      {pool(gateway, "192.168.5.1/24"), "metallb.pools[0].addresses[1]", "192.168.5.1/24 has bits set beyond its length", "write 192.168.5.0/24"},
		"overlap within":  {pool(gateway, "192.168.5.1-192.168.5.9", "192.168.5.8/31"), "metallb.pools[0].addresses[2]", "192.168.5.8/31 overlaps metallb.pools[0].addresses[1], 192.168.5.1-192.168.5.9", "shorten or move one of the two"},
		"overlap between": {on("metallb.pools[1].addresses[0]", "192.168.3.200/32"), "metallb.pools[1].addresses[0]", "192.168.3.200/32 overlaps metallb.pools[0].addresses[0], 192.168.3.150-192.168.3.200", "shorten or move one of the two"},
		"a node's":        {pool(gateway, "192.168.3.90-192.168.3.100"), "metallb.pools[0].addresses[1]", "192.168.3.90-192.168.3.100 holds 192.168.3.100, the address of node big", "leave it out of the range"},
		"the pods'":       {pool(gateway, "10.42.7.0/24"), "metallb.pools[0].addresses[1]", "10.42.7.0/24 lies in the pods' network, 10.42.0.0/16", "choose addresses of the nodes' network"},
		"advertisement":   {on("metallb.advertisement", "L2"), "metallb.advertisement", `"L2" is not a DNS label: lower-case letters, digits and dashes, 63 characters at most`, "write a name such as compute-l2"},
	})
	acceptCore(t, map[string][]change{
		"one address":    pool(gateway),
		"of both kinds":  pool(gateway, "2001:db8::/120"),
		"with spaces":    pool("192.168.3.200 - 192.168.3.200"),
		"neighbours":     pool("192.168.3.150-192.168.3.200", "192.168.3.149-192.168.3.149"),
		"around no node": pool(gateway, "192.168.3.102-192.168.3.120"),
	})
}

func TestHostPolicyRejects(t *testing.T) {
	rejectCore(t, map[string]bad{
		"name":              {on("hostPolicy.name", "Hosts"), "hostPolicy.name", `"Hosts" is not a DNS name: lower-case letters, digits, dashes and dots`, "write the name of the policy, such as allow-host-chunkserver"},
		"order":             {on("hostPolicy.order", -1), "hostPolicy.order", "-1 is under the floor of 1", "raise it to 1 or more"},
		"port":              {on("hostPolicy.ports", []any{22, 70000}), "hostPolicy.ports[1]", "70000 is outside the range 1 to 65535", "choose one within it"},
		"port twice":        {on("hostPolicy.ports", []any{22, 22}), "hostPolicy.ports[1]", "22 is listed already", "remove one of the two"},
		"no API server":     {on("hostPolicy.ports", []any{22, 10250}), "hostPolicy.ports", "they lack 6443: with the API server closed nobody could correct the policy", "list 6443 too"},
		"chunkserver's own": {on("hostPolicy.ports", []any{22, 9081}), "hostPolicy.ports[1]", "9081 is the chunkservers' and open anyway", "remove it"},
	})
	acceptCore(t, map[string][]change{"further port": on("hostPolicy.ports", []any{22, 6443, 10250, 9100})})
}

func TestWildcardRejects(t *testing.T) {
	const name = " is not a DNS name: lower-case letters, digits, dashes and dots"
	rejectCore(t, map[string]bad{
		"source":        {on("tls.source", "acme"), "tls.source", `"acme" is not a value it knows`, "choose one of cert-manager, secrets, existing"},
		"secret":        {on("tls.secret", "Wildcard"), "tls.secret", `"Wildcard"` + name, "write the name of a Secret"},
		"secret taken":  {on("tls.secret", "regcred"), "tls.secret", `"regcred" is another Secret of the platform`, "choose another, such as eddisonso-wildcard-tls"},
		"made up":       {on("tls.source", "secrets"), "tls.source", `"secrets" reads the certificate from the source of secrets, and "generated" makes none`, "choose cert-manager or existing"},
		"issuer":        {on("tls.issuer", "Let's"), "tls.issuer", `"Let's"` + name, "write the name of a ClusterIssuer"},
		"no mailbox":    {on("tls.email", absent), "tls.email", "empty is not the address of a mailbox", "write an address such as admin@eddisonso.com"},
		"no hosts":      {on("tls.hosts", []any{}), "tls.hosts", "it lists none", "list hosts, or leave it out,"},
		"host":          {on("tls.hosts", []any{"*.*.eddisonso.com"}), "tls.hosts[0]", `"*.eddisonso.com" is not a full DNS name, without scheme, port, path or wildcard`, "write a full name such as eddisonso.com or *.eddisonso.com"},
		"host twice":    {on("tls.hosts", []any{"eddisonso.com", "eddisonso.com"}), "tls.hosts[1]", `"eddisonso.com" is listed already`, "remove one of the two"},
		"foreign host":  {on("tls.hosts", []any{"*.example.com"}), "tls.hosts[0]", `"example.com" does not lie under the domain, eddisonso.com`, "write a host such as docs.cloud.eddisonso.com"},
		"similar host":  {on("tls.hosts", []any{"badeddisonso.com"}), "tls.hosts[0]", `"badeddisonso.com" does not lie under the domain, eddisonso.com`, "write a host such as docs.cloud.eddisonso.com"},
		"cleanup at":    {on("imageCleanup.schedule", "@daily"), "imageCleanup.schedule", `"@daily" is not a schedule of five cron fields`, "write minute, hour, day, month and weekday, such as 0 3 * * *"},
		"cleanup image": {on("imageCleanup.image", "busybox"), "imageCleanup.image", `"busybox" names no version`, "pin it as repository:tag or repository@digest"},
	})
	acceptCore(t, map[string][]change{
		"provided needs no mailbox": {{"tls.source", "secrets"}, {"tls.email", absent}, {"secrets.source", "masked"}},
		"existing needs no mailbox": {{"tls.source", "existing"}, {"tls.email", absent}},
		"another Secret":            on("tls.secret", "wildcard"),
	})
}

func TestRouteRejects(t *testing.T) {
	route := func(changes map[string]any) []change {
		one := map[string]any{"host": "a.eddisonso.com", "service": "blog"}
		for key, value := range changes {
			one[key] = value
		}
		return on("gateway.routes", []any{one})
	}
	const host = "write a full name such as docs.cloud.eddisonso.com"
	const twice = "choose another host or path, or remove one of the two,"
	const services = "use one of blog, gfs-master, haproxy, log-service, nats, postgres, postgres-replica, simple-file-share-frontend"
	rejectCore(t, map[string]bad{
		"no host":          {route(map[string]any{"host": ""}), "gateway.routes[0].host", "it is empty", host},
		"wildcard":         {route(map[string]any{"host": "*.eddisonso.com"}), "gateway.routes[0].host", `"*.eddisonso.com" is not a full DNS name, without scheme, port, path or wildcard`, host},
		"foreign host":     {route(map[string]any{"host": "a.example.com"}), "gateway.routes[0].host", `"a.example.com" does not lie under the domain, eddisonso.com`, "write a host such as docs.cloud.eddisonso.com"},
		"relative path":    {route(map[string]any{"path": "docs"}), "gateway.routes[0].path", `"docs" does not start with a slash`, "write /docs"},
		"path with query":  {route(map[string]any{"path": "/a?b"}), "gateway.routes[0].path", `"/a?b" is more than a path`, "write a plain path such as /health"},
		"no service":       {route(map[string]any{"service": ""}), "gateway.routes[0].service", "empty is no Service of the platform", services},
		"misspelt service": {route(map[string]any{"service": "blogg"}), "gateway.routes[0].service", `"blogg" is no Service of the platform`, "did you mean blog? correct it"},
		"unknown service":  {route(map[string]any{"service": "mongo-express"}), "gateway.routes[0].service", `"mongo-express" is no Service of the platform`, services},
		"not the gateway":  {route(map[string]any{"service": "gateway"}), "gateway.routes[0].service", `"gateway" is no Service of the platform`, services},
		"container's port": {route(map[string]any{"port": 8080}), "gateway.routes[0].port", "8080 is no port of the Service blog, which serves 80", "choose one that it serves"},
		"port of NATS":     {route(map[string]any{"service": "nats", "port": 6222}), "gateway.routes[0].port", "6222 is no port of the Service nats, which serves 4222, 8222", "choose one that it serves"},
		"service's twice":  {route(map[string]any{"host": "blog.eddisonso.com"}), "services[blog].routes[0]", "blog.eddisonso.com/ is that of gateway.routes[0] already", twice},
		"catalogue's twice": {
			route(map[string]any{"host": "health.cloud.eddisonso.com", "path": "/ws/logs/"}), "services[log-service].routes[1]",
			"health.cloud.eddisonso.com/ws/logs is that of gateway.routes[0] already", twice,
		},
		"no HTTP": {on("services[blog]", map[string]any{
			"image": "blog:v1", "platforms": []any{"linux/amd64", "linux/arm64"}, "routes": []any{map[string]any{"host": "b.eddisonso.com"}},
		}), "services[blog].routes[0]", "blog serves no HTTP for it to lead to", "set its port, or remove its routes,"},
	})
	acceptCore(t, map[string][]change{
		"the domain":     route(map[string]any{"host": "eddisonso.com"}),
		"a path of blog": route(map[string]any{"host": "blog.eddisonso.com", "path": "/x"}),
		"gRPC":           route(map[string]any{"service": "log-service", "port": 50051}),
		"the monitor":    route(map[string]any{"service": "nats", "port": 8222}),
		"the database":   route(map[string]any{"service": "postgres", "port": 5432}),
	})
}
