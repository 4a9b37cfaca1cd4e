package podsecurity

import "platform/policy/pack"

// Rules are all of this package, in the order of the list.
var Rules = []pack.Rule{
	runAsNonRoot,
	userIDs,
	privilegeEscalation,
	privileged,
	capabilities,
	seccomp,
	readOnlyRoot,
	emptyDirSize,
	hostNamespaces,
	hostNetwork,
	hostPath,
	hostPathSafety,
	hostPort,
	hostPortUnique,
	probeHost,
	procMount,
	sysctls,
	confinement,
	volumeTypes,
	accountToken,
	ownAccount,
	ownIDs,
	processNamespace,
	serviceLinks,
	nodeName,
	hostMemory,
	mountPropagation,
	hostPortSame,
	hostPathListed,
	accountDefault,
	mountedVolumes,
	secretMode,
}
