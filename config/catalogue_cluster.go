package config

// computeService runs users' containers. The processor was never measured.
func computeService(domain string) CoreService {
	return CoreService{
		Resources:  NewResources("50m", "64Mi", "250m", "256Mi"),
		Args:       []string{"-addr", ":8080", "-log-service", LogAddress},
		Port:       8080,
		HealthPath: healthz,
		Routes:     []ServiceRoute{{Host: "compute.cloud." + domain}},
		Env:        map[string]string{"NATS_URL": natsURL, "AUTH_SERVICE_URL": authURL},
		Secrets: map[string]string{
			"DATABASE_URL":    "compute-db-credentials/DATABASE_URL",
			"ADMIN_USERNAME":  "edd-cloud-admin/ADMIN_USERNAME",
			"JWT_SECRET":      "edd-cloud-auth/JWT_SECRET",
			"SERVICE_API_KEY": "service-api-key/SERVICE_API_KEY",
		},
		// It asks auth-service for the users that there are once, at its start,
		// and looks for the stream once too.
		Needs: ServiceNeeds{
			Services: []string{"auth-service"},
			Streams:  []StreamReader{{"AUTH", []string{"edd-compute"}}},
		},
		Makes: ServiceMakes{Tables: []string{"containers", "ssh_keys", "ingress_rules"}},
	}
}

// clusterMonitor watches nodes and pods. Its resources were never measured.
func clusterMonitor(domain string) CoreService {
	return CoreService{
		Args: []string{
			"-api-server", "https://k3s." + domain + ":6443", "-log-service", LogAddress,
			"-log-source", "$(POD_NAME)", "-nats", natsURL,
		},
		Port:       8080,
		HealthPath: healthz,
		Routes:     []ServiceRoute{{Host: healthHost(domain)}},
		Fields:     map[string]string{"POD_NAME": "metadata.name"},
		Secrets:    map[string]string{"JWT_SECRET": "edd-cloud-auth/JWT_SECRET"},
		Makes:      makes("CLUSTER", "cluster.>"),
	}
}

// healthHost shows the cluster's state, and its logs under paths of their own.
func healthHost(domain string) string { return "health.cloud." + domain }

// logService gathers what the others log. Its resources were never measured.
func logService(domain string) CoreService {
	host := healthHost(domain)
	return CoreService{
		Args:       []string{"-grpc", ":50051", "-http", ":8080", "-master", masterEndpoint, "-nats", natsURL},
		Port:       8080,
		GRPCPort:   50051,
		HealthPath: healthz,
		Routes:     []ServiceRoute{{Host: host, Path: "/sse/logs"}, {Host: host, Path: "/ws/logs"}, {Host: host, Path: "/logs/download"}},
		Secrets: map[string]string{
			"GFS_JWT_SECRET": "gfs-jwt-secret/GFS_JWT_SECRET",
			"JWT_SECRET":     "edd-cloud-auth/JWT_SECRET",
		},
		Needs: ServiceNeeds{Services: []string{GFSMasterName}}, // it keeps the logs in GFS
		Makes: makes("LOGS", "log.>"),
	}
}

// alertingService writes to a channel of Discord when something breaks. Its
// resources were never measured.
func alertingService() CoreService {
	return CoreService{
		Args: []string{
			"-nats", natsURL, "-discord-webhook", "$(DISCORD_WEBHOOK_URL)",
			"-log-service-grpc", LogAddress, "-log-source", "$(POD_NAME)",
		},
		Port:       8080,
		HealthPath: healthz,
		Fields:     map[string]string{"POD_NAME": "metadata.name"},
		Secrets:    map[string]string{"DISCORD_WEBHOOK_URL": "discord-webhook-url/WEBHOOK_URL"},
		Needs: ServiceNeeds{Streams: []StreamReader{
			{"CLUSTER", []string{"alerting-metrics", "alerting-pods"}}, {"LOGS", []string{"alerting-logs"}},
		}},
	}
}
