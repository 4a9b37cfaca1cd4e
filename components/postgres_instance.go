package components

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// The roles of a PostgreSQL server.
const (
	PostgresPrimary  = "primary"  // takes writes
	PostgresReplica  = "replica"  // follows the one that takes writes
	PostgresPromoted = "promoted" // was a replica and takes writes since
)

// postgresRoles lists every role of a server.
var postgresRoles = []string{PostgresPrimary, PostgresReplica, PostgresPromoted}

// PostgresInstance is one server. Its Deployment is NAME, its claim NAME-data.
type PostgresInstance struct {
	Name         string
	Role         string // PostgresPrimary, PostgresReplica or PostgresPromoted
	Enabled      bool   // else it has no pod and keeps its claim
	NodeSelector map[string]string
	StorageGiB   int
	StorageClass string
}

func (s PostgresInstance) writes() bool { return s.Role != PostgresReplica }

func (s PostgresInstance) follows() bool { return s.Role == PostgresReplica }

func (s PostgresInstance) validate(args PostgresServersArgs) error {
	faults := []error{s.workload(args, pulumi.String(""), pulumi.String("")).Validate(), s.claim(args).Validate()}
	if !slices.Contains(postgresRoles, s.Role) {
		faults = append(faults, fmt.Errorf("role: %q is none of %s", s.Role, strings.Join(postgresRoles, ", ")))
	}
	return errors.Join(faults...)
}

// register makes the server, whose pods wait for after. The role is not among
// what restarts it: a standby that stops to be promoted would miss what the
// server before it still sends.
func (s PostgresInstance) register(ctx *pulumi.Context, args PostgresServersArgs, parent pulumi.Resource, after []pulumi.Resource) (*appsv1.Deployment, error) {
	claim, err := newClaim(ctx, s.Name, s.claim(args), pulumi.Parent(parent))
	if err != nil {
		return nil, err
	}
	files := map[string]string{"postgresql.conf": s.conf(args.Resources), "pg_hba.conf": args.hba()}
	config, err := corev1.NewConfigMap(ctx, s.Name, &corev1.ConfigMapArgs{
		Metadata: args.App.unnamed(s.Name), Data: pulumi.ToStringMap(merged(files, map[string]string{"role": s.Role})),
	}, pulumi.Parent(parent))
	if err != nil {
		return nil, fmt.Errorf("config map: %w", err)
	}
	workload := s.workload(args, config.Metadata.Name().Elem(), claim)
	// The superuser's password is not here: the image reads it for an empty volume only.
	workload.Pod.Revision = Revision(files, pulumi.StringMap{"replication": args.ReplicationPassword})
	made, err := NewWorkload(ctx, s.Name, workload, after, pulumi.Parent(parent))
	if err != nil {
		return nil, err
	}
	return made.Deployment, nil
}

func (s PostgresInstance) claim(args PostgresServersArgs) claimArgs {
	return claimArgs{
		app: args.App, component: s.Name, name: s.Name + "-data",
		storageGiB: s.StorageGiB, storageClass: s.StorageClass, protect: args.Protect,
	}
}

func (s PostgresInstance) workload(args PostgresServersArgs, config, claim pulumi.StringInput) WorkloadArgs {
	mounts := []Mount{
		{Volume: Claim("data", claim), Path: postgresVolume},
		{Volume: ConfigFiles("config", config), Path: "/etc/postgresql", ReadOnly: true},
		{Volume: Scratch("run", 1), Path: "/var/run/postgresql"},
		{Volume: Scratch("tmp", 256), Path: "/tmp"},
		{Volume: SharedMemory("shm", memoryMiB(args.Resources)/4), Path: "/dev/shm"},
	}
	return WorkloadArgs{
		App: args.App, Component: s.Name, Replicas: 1, Off: !s.Enabled, Recreate: true,
		Pod: Pod{
			Init:         []Container{s.prepare(args, mounts)},
			Containers:   []Container{s.server(args, mounts)},
			User:         PostgresServer{Image: args.Image}.user(),
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
func (s PostgresInstance) server(args PostgresServersArgs, mounts []Mount) Container {
	// Over TCP: while the image sets up a new volume, the server answers on its socket only.
	const ask = "pg_isready -q -h 127.0.0.1 -U " + PostgresSuperuser
	// A server that answers and takes no connections yet is no dead one.
	alive := []string{"sh", "-c", ask + "; test $? -le 1"}
	ready := strings.Split(ask, " ")
	return Container{
		Name: PostgresName, Image: args.Image, Resources: args.Resources, Mounts: mounts,
		Command: []string{"sh", "-c", postgresData + "export PGPASSWORD=\"$" + replicationKey + "\"\nexec docker-entrypoint.sh \"$@\"\n", PostgresName},
		Args: []string{
			"-c", "config_file=/etc/postgresql/postgresql.conf", "-c", "hba_file=/etc/postgresql/pg_hba.conf",
			"-c", "primary_conninfo=" + followed(), "-c", "primary_slot_name=",
		},
		Env: []EnvVar{
			FromSecret("POSTGRES_USER", postgresSecret, "POSTGRES_USER"),
			FromSecret("POSTGRES_PASSWORD", postgresSecret, "POSTGRES_PASSWORD"),
			FromSecret("POSTGRES_DB", postgresSecret, "POSTGRES_DB"),
			Literal("POSTGRES_INITDB_ARGS", "--data-checksums"),
			FromSecret(replicationKey, postgresSecret, replicationKey),
		},
		Ports: []Port{postgresPort()},
		Probes: Probes{
			Startup:   &Probe{Command: ready, PeriodSeconds: 5, FailureThreshold: 240}, // 20 minutes to replay the log
			Readiness: &Probe{Command: ready},
			Liveness:  &Probe{Command: alive, PeriodSeconds: 20, TimeoutSeconds: 5, FailureThreshold: 6},
		},
	}
}
