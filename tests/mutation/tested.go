package mutation

// KilledByTest is a flip that no rule can check, and a test of the program that
// fails where the program makes it.
type KilledByTest struct {
	Operator string // and what it does, as [Mutant.Operator]
	Kind     string // of the objects
	Test     string // package and name of the test
	Reason   string // why no rule checks it, a sentence without a full stop
}

// Tested are the flips that tests of the program kill.
var Tested = []KilledByTest{
	{
		Operator: "name: removed", Kind: "Certificate", Test: "platform/tests.TestSecretsOfTheDescription",
		Reason: "which hosts browsers ask the gateway for stands in no manifest",
	},
	{
		Operator: "nodePort: to another", Kind: "Service", Test: "platform/tests.TestPromotedReplicaAnswersUnderBothNames",
		Reason: "any port of the range is a port, and the one that was chosen is the description's",
	},
	{
		Operator: "port of a container: to another", Kind: "DaemonSet", Test: "platform/tests.TestGolden",
		Reason: "which port an image listens on stands in no manifest",
	},
	{
		Operator: "port of a container: to another", Kind: "Deployment", Test: "platform/tests.TestGolden",
		Reason: "which port an image listens on stands in no manifest",
	},
	{
		Operator: "protect: dropped", Kind: "DaemonSet", Test: "platform/components.TestGFSProtectsItsChunkservers",
		Reason: "most DaemonSets keep no data, and whether the folder of one does is not to be seen",
	},
	{
		Operator: "protect: dropped", Kind: "L2Advertisement", Test: "platform/components.TestAddressesStay",
		Reason: "an announcement is made again at once; that it is not deleted is the program's own care",
	},
}

// testOf is the test that kills a mutant; empty where none does.
func testOf(m Mutant) string {
	for _, one := range Tested {
		if one.Operator == m.Operator && one.Kind == m.Kind {
			return one.Test
		}
	}
	return ""
}
