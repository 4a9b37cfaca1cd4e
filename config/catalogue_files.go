package config

// Both halves of the file share carry one value of the label app, and the
// label tier tells them apart.
const (
	filesApp = "simple-file-share"
	tier     = "tier"
)

// filesBackend keeps users' files in GFS. Its resources were never measured.
func filesBackend(domain string) CoreService {
	host := "storage.cloud." + domain
	return CoreService{
		Command: []string{"/app/sfs"},
		Args: []string{
			"-addr", "0.0.0.0:8080", "-master", masterEndpoint, "-static", "/app/frontend",
			"-log-service", LogAddress, "-log-source", "edd-storage",
		},
		Port: 8080,
		Routes: []ServiceRoute{
			{Host: host}, {Host: host, Path: "/sse"}, {Host: host, Path: "/sse/progress"}, {Host: host, Path: "/ws"},
		},
		Env:    map[string]string{"NATS_URL": natsURL, "AUTH_SERVICE_URL": authURL},
		Fields: map[string]string{"POD_NAME": "metadata.name"},
		Secrets: map[string]string{
			"DATABASE_URL":     "sfs-db-credentials/DATABASE_URL",
			"ADMIN_USERNAME":   "edd-cloud-admin/ADMIN_USERNAME",
			"SERVICE_API_KEY":  "service-api-key/SERVICE_API_KEY",
			"GFS_JWT_SECRET":   "gfs-jwt-secret/GFS_JWT_SECRET",
			"JWT_SECRET":       "edd-cloud-auth/JWT_SECRET",
			"DEFAULT_USERNAME": "edd-cloud-auth/DEFAULT_USERNAME",
			"DEFAULT_PASSWORD": "edd-cloud-auth/DEFAULT_PASSWORD",
		},
		Needs: ServiceNeeds{ // as edd-compute, and GFS, where the files are
			Services: []string{"auth-service", GFSMasterName, ChunkserverName},
			Streams:  []StreamReader{{"AUTH", []string{"sfs-backend"}}},
		},
		App:    filesApp,
		Labels: map[string]string{tier: "backend"},
	}
}

// filesFrontend serves the web interface of the whole platform. Its resources
// were never measured.
func filesFrontend(domain string) CoreService {
	return CoreService{
		Port:     80,
		Routes:   []ServiceRoute{{Host: "cloud." + domain}},
		User:     nginxUser,
		Writable: nginxFolders(),
		App:      filesApp,
		Labels:   map[string]string{tier: "frontend"},
	}
}

// docsSite serves the documentation. Its resources were never measured.
func docsSite(domain string) CoreService {
	return CoreService{
		Port:     80,
		Routes:   []ServiceRoute{{Host: "docs.cloud." + domain}},
		User:     nginxUser,
		Writable: nginxFolders(),
	}
}
