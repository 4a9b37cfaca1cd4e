package object

import "fmt"

// Made collects the names of what people ask a stack for, while its components
// register it. A nil one collects nothing.
type Made struct {
	Services []string
	Claims   []string // those that a StatefulSet makes for its pods among them
	CronJobs []string
}

// AddService notes the name of a Service.
func (m *Made) AddService(name string) {
	if m != nil {
		m.Services = append(m.Services, name)
	}
}

// AddClaim notes the name of a PersistentVolumeClaim.
func (m *Made) AddClaim(name string) {
	if m != nil {
		m.Claims = append(m.Claims, name)
	}
}

// AddClaims notes those that a StatefulSet makes of a template, one for each pod.
func (m *Made) AddClaims(template, set string, replicas int) {
	for pod := range replicas {
		m.AddClaim(fmt.Sprintf("%s-%s-%d", template, set, pod))
	}
}

// AddCronJob notes the name of a CronJob.
func (m *Made) AddCronJob(name string) {
	if m != nil {
		m.CronJobs = append(m.CronJobs, name)
	}
}
