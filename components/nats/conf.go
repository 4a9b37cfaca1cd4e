package nats

import (
	"fmt"
	"strings"

	"platform/config"
)

// lameDuckGrace is between telling clients that the server goes and closing the
// first connection. It is short: NATS 2.10 stops JetStream before it begins.
const lameDuckGrace = "5s"

// conf is the file of a single server, which ends at SIGTERM: its streams are
// away as long as it is, and there is no other server to send clients to. NATS
// counts 2^20 bytes to an MB.
func (a Args) conf() string {
	return fmt.Sprintf(`port: %d
http_port: %d
jetstream {
  store_dir: %s
  max_memory_store: %dMB
  max_file_store: %dMB
}
`, config.NATSPort, config.NATSMonitorPort, dataFolder, a.MemoryMiB, a.FileMiB)
}

// clusterConf is the file of every server of a cluster. Each is named after
// its pod, by which the others know it again after a restart. Clients come by
// the Service: the addresses of pods, which change, are not advertised.
func (a Args) clusterConf() string {
	return a.conf() + fmt.Sprintf(`pid_file: %s
lame_duck_duration: "%s"
lame_duck_grace_period: "%s"
server_name: $POD_NAME
cluster {
  name: %s
  port: %d
  no_advertise: true
  routes: [
%s  ]
}
`, pidFile, a.LameDuckDrain, lameDuckGrace, config.NATSName, routePort, a.routes())
}

func (a Args) routes() string {
	var routes strings.Builder
	for i := range a.Replicas {
		fmt.Fprintf(&routes, "    nats://%s-%d.%s:%d\n", config.NATSName, i, headlessName, routePort)
	}
	return routes.String()
}
