package config

// ImageCleanup configures the Job that removes unused images from every node.
type ImageCleanup struct {
	Build
	Schedule  string    `key:"schedule"` // five cron fields, UTC; default 0 3 * * *
	Resources Resources `key:"resources"`
}

// DefaultCleanupSchedule is at night.
const DefaultCleanupSchedule = "0 3 * * *"

var defaultCleanupResources = NewResources("25m", "32Mi", "250m", "128Mi") // chosen
