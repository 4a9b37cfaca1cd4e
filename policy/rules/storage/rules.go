package storage

import "platform/policy/pack"

// Rules are all of this package, in the order of the list.
var Rules = []pack.Rule{
	headlessService,
	claimClass,
	claimExists,
	templatesRetained,
	dataProtected,
	claimWriter,
	claimSize,
	claimVolume,
	setKeeps,
}
