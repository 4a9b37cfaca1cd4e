package config

// authService signs users in and vouches for them.
func authService(domain string) CoreService {
	return CoreService{
		Resources:  NewResources("50m", "64Mi", "200m", "256Mi"),
		Args:       []string{"-addr", ":8080", "-log-service", LogAddress},
		Port:       8080,
		HealthPath: healthz,
		Routes:     []ServiceRoute{{Host: "auth.cloud." + domain}},
		Env: map[string]string{
			"NATS_URL":            natsURL,
			"WEBAUTHN_RP_ID":      "cloud." + domain,
			"WEBAUTHN_RP_ORIGINS": "https://cloud." + domain,
		},
		Secrets: map[string]string{
			"DATABASE_URL":     "auth-db-credentials/DATABASE_URL",
			"JWT_SECRET":       "edd-cloud-auth/JWT_SECRET",
			"DEFAULT_USERNAME": "edd-cloud-auth/DEFAULT_USERNAME",
			"DEFAULT_PASSWORD": "edd-cloud-auth/DEFAULT_PASSWORD",
			"ADMIN_USERNAME":   "edd-cloud-admin/ADMIN_USERNAME",
			"SERVICE_API_KEY":  "service-api-key/SERVICE_API_KEY",
		},
		Makes: makes("AUTH", "auth.>"),
	}
}

// notificationService tells users what happened.
func notificationService(domain string) CoreService {
	return CoreService{
		Resources:  NewResources("25m", "32Mi", "100m", "128Mi"),
		Args:       []string{"-addr", ":8080", "-log-service", LogAddress},
		Port:       8080,
		HealthPath: healthz,
		Routes:     []ServiceRoute{{Host: "notifications.cloud." + domain}},
		Env:        map[string]string{"NATS_URL": natsURL},
		Secrets: map[string]string{
			"DATABASE_URL": "notification-db-credentials/DATABASE_URL",
			"JWT_SECRET":   "edd-cloud-auth/JWT_SECRET",
		},
		Needs: ServiceNeeds{Streams: []StreamReader{{"NOTIFICATIONS", []string{"notification-service"}}}},
		Makes: makes("NOTIFICATIONS", "notify.>"),
	}
}
