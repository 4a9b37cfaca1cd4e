package postgres

import (
	"fmt"
	"strings"

	"platform/config"
)

// haproxyConf is the part of the configuration that is the same for all
// servers. Times, frontend and connections are the observed ones.
//
// Two servers that take writes hold two truths: nobody gets in until there is
// one. Sessions end when their server is down, since another may take its
// place. A client that finds all sessions taken waits as long as an idle one
// may last. The check logs out in advance: the answer then has an end, and a
// standby's fails at once. A DNS that fails takes no address away: those of
// Services stay.
const haproxyConf = `global
    log stdout format raw local0 notice
    maxconn 1000
    hard-stop-after %[1]ds

defaults
    log global
    mode tcp
    option redispatch
    timeout connect 5s
    timeout client 30s
    timeout server 30s
    timeout queue 30s
    timeout check 3s

resolvers cluster
    parse-resolv-conf
    hold nx 1d
    hold refused 1d
    hold timeout 1d
    hold other 1d

frontend stats
    mode http
    bind :%[2]d
    http-request use-service prometheus-exporter if { path /metrics }
    http-request return status 200 content-type text/plain string "it runs" if { path /live }
    http-request return status 200 content-type text/plain string "one server takes writes" if { path /ready } { nbsrv(postgres) eq 1 }
    http-request return status 503 content-type text/plain string "not one server takes writes" if { path /ready }
    stats enable
    stats uri /

frontend clients
    bind :%[3]d
    tcp-request connection reject if { nbsrv(postgres) gt 1 }
    default_backend postgres

backend postgres
    option tcp-check
    tcp-check connect
    tcp-check send-binary %[4]x comment "log in"
    tcp-check send-binary %[5]x comment "log out"
    tcp-check expect binary %[6]x comment "is let in"
    tcp-check expect binary %[7]x comment "takes writes"
    default-server check inter 3s fastinter 1s fall 3 rise 2 on-marked-down shutdown-sessions maxconn %[8]d resolvers cluster init-addr libc,none
`

// conf is haproxy.cfg. A server has the name of its Service.
func (a HAProxyArgs) conf() string {
	var conf strings.Builder
	fmt.Fprintf(&conf, haproxyConf, haproxyStopSeconds, HAProxyStatsPort, config.PostgresPort,
		startupMessage(config.PostgresCheckRole, config.PostgresAdmin), terminate, authenticationOK, parameterStatus("in_hot_standby", "off"),
		maxConnections-reservedConnections)
	for _, server := range a.Servers {
		fmt.Fprintf(&conf, "    server %s \"%s.${NAMESPACE}.svc.cluster.local:%d\"\n", server, server, config.PostgresPort)
	}
	return conf.String()
}
