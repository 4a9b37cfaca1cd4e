package config

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func fault(key string) Fault {
	return Fault{Key: key, Stack: "prod", Why: "it is wrong", Remedy: "correct it in Pulumi.prod.yaml"}
}

func TestFaultNamesKeyStackReasonAndRemedy(t *testing.T) {
	f := Fault{
		Key: "postgres.storageGiB", Stack: "prod",
		Why: "5 is under the 20 GiB floor", Remedy: "raise it in Pulumi.prod.yaml",
	}
	assert.EqualError(t, f, "platform:postgres.storageGiB (stack prod): 5 is under the 20 GiB floor; raise it in Pulumi.prod.yaml")
}

func TestFaultsCountAndSort(t *testing.T) {
	all := Faults{fault("topology.nodes[10].cpu"), fault("redis"), fault("topology.nodes[2].cpu"), fault("redis"), fault("edge.host")}
	assert.Equal(t, Faults{fault("edge.host"), fault("redis"), fault("topology.nodes[2].cpu"), fault("topology.nodes[10].cpu")},
		all.sorted(), "by number where keys have one, each fault once")
	assert.EqualError(t, Faults{fault("redis"), fault("edge.host")}, `2 faults in the configuration of stack prod:
  platform:edge.host (stack prod): it is wrong; correct it in Pulumi.prod.yaml
  platform:redis (stack prod): it is wrong; correct it in Pulumi.prod.yaml`)
	assert.Contains(t, Faults{fault("redis")}.Error(), "1 fault in the configuration")
}

func TestFaultsAreErrors(t *testing.T) {
	err := fmt.Errorf("load: %w", Faults{fault("redis"), fault("edge")}.Err())
	var all Faults
	require.ErrorAs(t, err, &all)
	assert.Len(t, all, 2)
	var one Fault
	require.ErrorAs(t, err, &one)
	assert.Equal(t, fault("redis"), one)
	assert.ErrorIs(t, err, fault("edge"))
	assert.NoError(t, Faults{}.Err())
	assert.NoError(t, Faults(nil).Err())
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
