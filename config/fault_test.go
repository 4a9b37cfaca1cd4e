package config

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func problem(key string) Error {
	return Error{Key: key, Stack: "prod", Why: "it is wrong", Remedy: "correct it in Pulumi.prod.yaml"}
}

func TestErrorNamesKeyStackReasonAndRemedy(t *testing.T) {
	f := Error{
		Key: "postgres.storageGiB", Stack: "prod",
		Why: "5 is under the 20 GiB floor", Remedy: "raise it in Pulumi.prod.yaml",
	}
	assert.EqualError(t, f, "platform:postgres.storageGiB (stack prod): 5 is under the 20 GiB floor; raise it in Pulumi.prod.yaml")
}

func TestErrorsCountAndSort(t *testing.T) {
	all := Errors{problem("topology.nodes[10].cpu"), problem("redis"), problem("topology.nodes[2].cpu"), problem("redis"), problem("edge.host")}
	assert.Equal(t, Errors{problem("edge.host"), problem("redis"), problem("topology.nodes[2].cpu"), problem("topology.nodes[10].cpu")},
		all.sorted(), "by number where keys have one, each error once")
	assert.EqualError(t, Errors{problem("redis"), problem("edge.host")}, `2 errors in the configuration of stack prod:
  platform:edge.host (stack prod): it is wrong; correct it in Pulumi.prod.yaml
  platform:redis (stack prod): it is wrong; correct it in Pulumi.prod.yaml`)
	assert.Contains(t, Errors{problem("redis")}.Error(), "1 error in the configuration")
}

func TestErrorsAreErrors(t *testing.T) {
	err := fmt.Errorf("load: %w", Errors{problem("redis"), problem("edge")}.Err())
	var all Errors
	require.ErrorAs(t, err, &all)
	assert.Len(t, all, 2)
	var one Error
	require.ErrorAs(t, err, &one)
	assert.Equal(t, problem("redis"), one)
	assert.ErrorIs(t, err, problem("edge"))
	assert.NoError(t, Errors{}.Err())
	assert.NoError(t, Errors(nil).Err())
}

func TestCompareKeysIsAnOrder(t *testing.T) {
	keys := []string{"a", "a.b", "a[1]", "a[2]", "a[10]", "a[01]", "a1b", "a10", "b", ""}
	for _, x := range keys {
		assert.Zero(t, compareKeys(x, x))
		for _, y := range keys {
			assert.Equal(t, compareKeys(x, y), -compareKeys(y, x), "%q %q", x, y)
		}
	}
}
