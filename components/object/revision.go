package object

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Revision hashes what a pod reads at start, for [pod.Pod.Revision]. The result is no secret, so that
// a pod template stays readable in a diff: the values are the key of the hash
// and together too long to be guessed back from its first 64 bits.
func Revision(config map[string]string, secrets pulumi.StringMap) pulumi.StringOutput {
	hashed := secrets.ToStringMapOutput().ApplyT(func(values map[string]string) string {
		return digest(config, values)
	}).(pulumi.StringOutput)
	return pulumi.Unsecret(hashed).(pulumi.StringOutput)
}

// digest is the same for the same keys and values, in whatever order.
func digest(config, secrets map[string]string) string {
	mac := hmac.New(sha256.New, []byte(serial(secrets)))
	mac.Write([]byte(serial(config)))
	return hex.EncodeToString(mac.Sum(nil))[:16]
}

// serial writes a map so that no two maps write the same text: sorted by key,
// and quoted, since a value may hold whatever would stand between two.
func serial(values map[string]string) string { return fmt.Sprintf("%q", values) }

// Merged is a map with the entries of all; a later one wins.
func Merged(all ...map[string]string) map[string]string {
	sum := map[string]string{}
	for _, one := range all {
		for key, value := range one {
			sum[key] = value
		}
	}
	return sum
}
