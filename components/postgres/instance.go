package postgres

import (
	"strings"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/claim"
	"platform/components/object"
	"platform/components/pod"
	"platform/components/workload"
	"platform/config"
)

// instance is one server. Its Deployment is NAME, its claim NAME-data.
type instance struct {
	config.PostgresServer
	name string
}

// register makes the server, which starts after what an option names. The role
// is not among what restarts it: a standby that stops to be promoted would miss
// what the server before it still sends.
func (s instance) register(ctx *pulumi.Context, args ServersArgs, child, after pulumi.ResourceOption) (*appsv1.Deployment, error) {
	claimName, err := claim.New(ctx, s.name, claim.Args{
		App: args.App, Component: s.name, Name: s.name + "-data",
		StorageGiB: s.StorageGiB, StorageClass: s.StorageClass, Protect: args.Protect,
	}, child)
	if err != nil {
		return nil, err
	}
	files := map[string]string{"postgresql.conf": s.conf(args.Resources), "pg_hba.conf": args.hba()}
	configMap, err := object.NewConfigMap(ctx, s.name, args.App.Unnamed(s.name), object.Merged(files, map[string]string{"role": string(s.Role)}), child)
	if err != nil {
		return nil, err
	}
	server := s.workload(args, configMap.Metadata.Name().Elem(), claimName)
	// The superuser's password is not here: the image reads it for an empty volume only.
	server.Pod.Revision = object.Revision(files, pulumi.StringMap{"replication": args.Secrets[config.PostgresSecret][replicationKey]})
	made, err := workload.New(ctx, s.name, server, after)
	if err != nil {
		return nil, err
	}
	return made.Deployment, nil
}

func (s instance) workload(args ServersArgs, configMap, claimName pulumi.StringInput) workload.Args {
	mounts := []pod.Mount{
		{Volume: pod.Claim("data", claimName), Path: volumePath},
		{Volume: pod.ConfigFiles("config", configMap), Path: "/etc/postgresql", ReadOnly: true},
		{Volume: pod.Scratch("run", 1), Path: "/var/run/postgresql"},
		{Volume: pod.Scratch("tmp", 256), Path: "/tmp"},
		{Volume: pod.SharedMemory("shm", args.Resources.LimitMiB()/4), Path: "/dev/shm"},
	}
	return workload.Args{
		App: args.App, Component: s.name, Replicas: 1, Off: !s.Enabled, Recreate: true,
		Pod: pod.Pod{
			Init:         []pod.Container{s.prepare(args, mounts)},
			Containers:   []pod.Container{s.server(args, mounts)},
			User:         imageUser(args.Image),
			NodeSelector: s.NodeSelector,
			GraceSeconds: 120, // the image stops on SIGINT, PostgreSQL's fast shutdown, which writes a checkpoint
			// The operator knows Secrets and no keys: for any password it would
			// restart both servers at once, and before the Job has set it.
			Unreloaded: true,
		},
	}
}

// server starts as the image does. What a replica's data say of the server to
// follow may be of another day; the command line overrules it. The password
// to follow it with is the server's alone: pg_isready would try it too.
func (s instance) server(args ServersArgs, mounts []pod.Mount) pod.Container {
	// Over TCP: while the image sets up a new volume, the server answers on its socket only.
	const ask = "pg_isready -q -h 127.0.0.1 -U " + config.PostgresSuperuser
	// A server that answers and takes no connections yet is no dead one.
	alive := []string{"sh", "-c", ask + "; test $? -le 1"}
	ready := strings.Split(ask, " ")
	return pod.Container{
		Name: config.PostgresName, Image: args.Image, Resources: args.Resources, Mounts: mounts,
		Command: []string{"sh", "-c", dataPath + "export PGPASSWORD=\"$" + replicationKey + "\"\nexec docker-entrypoint.sh \"$@\"\n", config.PostgresName},
		Args: []string{
			"-c", "config_file=/etc/postgresql/postgresql.conf", "-c", "hba_file=/etc/postgresql/pg_hba.conf",
			"-c", "primary_conninfo=" + followed(), "-c", "primary_slot_name=",
		},
		Env: []pod.EnvVar{
			pod.FromSecret("POSTGRES_USER", config.PostgresSecret, "POSTGRES_USER"),
			pod.FromSecret("POSTGRES_PASSWORD", config.PostgresSecret, "POSTGRES_PASSWORD"),
			pod.FromSecret("POSTGRES_DB", config.PostgresSecret, "POSTGRES_DB"),
			pod.Literal("POSTGRES_INITDB_ARGS", "--data-checksums"),
			pod.FromSecret(replicationKey, config.PostgresSecret, replicationKey),
		},
		Ports: []pod.Port{serverPort()},
		Probes: pod.Probes{
			Startup:   &pod.Probe{Command: ready, PeriodSeconds: 5, FailureThreshold: 240}, // 20 minutes to replay the log
			Readiness: &pod.Probe{Command: ready},
			Liveness:  &pod.Probe{Command: alive, PeriodSeconds: 20, TimeoutSeconds: 5, FailureThreshold: 6},
		},
	}
}
