package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/recorder"
)

// fault is a mutation of valid arguments and what is said of them; nothing
// means that they are accepted.
type fault[A any] struct {
	mutate func(*A)
	want   string
}

// refuses runs the valid arguments, then each row's mutation of them, and
// expects the row's fault before anything is registered.
func refuses[A any](t *testing.T, valid func() A, register func(*pulumi.Context, A) error, rows map[string]fault[A]) {
	t.Helper()
	judges(t, valid, rows, func(t *testing.T, args A) error {
		resources, err := recorder.Run("dev", func(ctx *pulumi.Context) error { return register(ctx, args) })
		if err != nil {
			assert.Empty(t, resources)
		}
		return err
	})
}

// rejects is refuses for what is validated as a part of other arguments.
func rejects[A interface{ Validate() error }](t *testing.T, valid func() A, rows map[string]fault[A]) {
	t.Helper()
	judges(t, valid, rows, func(_ *testing.T, args A) error { return args.Validate() })
}

func judges[A any](t *testing.T, valid func() A, rows map[string]fault[A], judge func(*testing.T, A) error) {
	t.Helper()
	rows["valid"] = fault[A]{func(*A) {}, ""}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			args := valid()
			row.mutate(&args)
			err := judge(t, args)
			if row.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, row.want)
		})
	}
}

// registers is registering for arguments yet to come, as refuses has them.
func registers[A, C any](
	name string, construct func(*pulumi.Context, string, A, ...pulumi.ResourceOption) (C, error),
) func(*pulumi.Context, A) error {
	return func(ctx *pulumi.Context, args A) error { return registering(name, construct, args)(ctx) }
}

// starts is starting for arguments yet to come.
func starts[A, C any](
	name string, construct func(*pulumi.Context, string, A, []pulumi.Resource, ...pulumi.ResourceOption) (C, error),
) func(*pulumi.Context, A) error {
	return func(ctx *pulumi.Context, args A) error { return starting(name, construct, args)(ctx) }
}
