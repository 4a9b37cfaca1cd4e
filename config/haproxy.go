package config

// HAProxy configures the way to the database.
type HAProxy struct {
	Build
	NodeSelector map[string]string `key:"nodeSelector"`
	Resources    Resources         `key:"resources"`
}

var defaultHAProxyResources = NewResources("100m", "32Mi", "500m", "128Mi")
