package components

import "fmt"

// Made collects the names of what people ask a stack for, while its components
// register it. A nil one collects nothing.
type Made struct {
	Services []string
	Claims   []string // those that a StatefulSet makes for its pods among them
	CronJobs []string
}

func (m *Made) service(name string) {
	if m != nil {
		m.Services = append(m.Services, name)
	}
}

func (m *Made) claim(name string) {
	if m != nil {
		m.Claims = append(m.Claims, name)
	}
}

// claims are those that a StatefulSet makes of a template, one for each pod.
func (m *Made) claims(template, set string, replicas int) {
	for pod := range replicas {
		m.claim(fmt.Sprintf("%s-%s-%d", template, set, pod))
	}
}

func (m *Made) cronJob(name string) {
	if m != nil {
		m.CronJobs = append(m.CronJobs, name)
	}
}
