package config

import "maps"

// catalogue is what the services of Edd Cloud expect when they run, by name,
// for a domain: what their images do, not what operators decide. A service
// that is not in it says all of that in its stack file.
func catalogue(domain string) map[string]CoreService {
	return map[string]CoreService{
		"auth-service":               authService(domain),
		"simple-file-share-backend":  filesBackend(domain),
		"simple-file-share-frontend": filesFrontend(domain),
		"edd-compute":                computeService(domain),
		"cluster-monitor":            clusterMonitor(domain),
		"log-service":                logService(domain),
		"notification-service":       notificationService(domain),
		"edd-cloud-docs":             docsSite(domain),
		"alerting-service":           alertingService(),
	}
}

// LogAddress is where components of Edd Cloud send what they log.
const LogAddress = "log-service:50051"

// Where the services find each other inside the namespace.
const (
	natsURL        = "nats://nats:4222"
	authURL        = "http://auth-service:80"
	masterEndpoint = "gfs-master:9000"
)

// healthz answers the probes of every service that has one.
const healthz = "/healthz"

// nginxUser is the account of the images that serve files with nginx.
const nginxUser = 101

// nginxFolders are what nginx writes to.
func nginxFolders() []string { return []string{"/var/cache/nginx", "/run"} }

// makes is one stream, which keeps what is published under a subject.
func makes(stream, subject string) ServiceMakes {
	return ServiceMakes{Streams: []Stream{{Name: stream, Subjects: []string{subject}}}}
}

// fill takes from the catalogue's entry, which is empty for a service that is
// not in it, what the stack file leaves out.
func (s *CoreService) fill(name string, entry CoreService) {
	setDefault(&s.Replicas, DefaultServiceReplicas)
	s.Resources.fill(entry.Resources)
	s.Resources.fill(defaultServiceResources)
	setList(&s.Command, entry.Command)
	setList(&s.Args, entry.Args)
	setDefault(&s.Port, entry.Port)
	setDefault(&s.GRPCPort, entry.GRPCPort)
	setDefault(&s.HealthPath, entry.HealthPath)
	setList(&s.Routes, entry.Routes)
	for i := range s.Routes {
		setDefault(&s.Routes[i].Path, DefaultRoutePath)
	}
	s.fillVariables(entry)
	setDefault(&s.User, entry.User)
	setDefault(&s.User, DefaultCoreUser)
	setList(&s.Writable, entry.Writable)
	setList(&s.Needs.Services, entry.Needs.Services)
	setList(&s.Needs.Streams, entry.Needs.Streams)
	setList(&s.Makes.Streams, entry.Makes.Streams)
	setList(&s.Makes.Tables, entry.Makes.Tables)
	for i := range s.Makes.Streams {
		setDefault(&s.Makes.Streams[i].Retention, DefaultStreamRetention)
		setDefault(&s.Makes.Streams[i].ReservedMiB, DefaultStreamReservedMiB)
	}
	setDefault(&s.App, entry.App)
	setDefault(&s.App, name)
	s.Labels = entry.Labels
}

// fillVariables adds the entry's variables one by one. One that the stack file
// sets is not taken, so that it may come from elsewhere than the entry says.
func (s *CoreService) fillVariables(entry CoreService) {
	written := map[string]bool{}
	for _, variables := range []map[string]string{s.Env, s.Fields, s.Secrets} {
		for name := range variables {
			written[name] = true
		}
	}
	s.Env = beside(written, s.Env, entry.Env)
	s.Fields = beside(written, s.Fields, entry.Fields)
	s.Secrets = beside(written, s.Secrets, entry.Secrets)
}

// beside is the variables and those further ones that are not written.
func beside(written map[string]bool, variables, further map[string]string) map[string]string {
	all := maps.Clone(variables)
	for name, value := range further {
		if written[name] {
			continue
		}
		if all == nil {
			all = map[string]string{}
		}
		all[name] = value
	}
	return all
}
