package config

import "reflect"

// Choices are the values of each setting that takes one of a closed set, by the
// type of the setting, in the order in which errors list them.
func Choices() map[reflect.Type][]any {
	choices := map[reflect.Type][]any{}
	addChoices(choices, CertificateSources)
	addChoices(choices, EdgeKinds)
	addChoices(choices, LogFormats)
	addChoices(choices, LogLevels)
	addChoices(choices, PostgresModes)
	addChoices(choices, PostgresRoles)
	addChoices(choices, SecretDeliveries)
	addChoices(choices, SecretSources)
	addChoices(choices, WaiverKinds)
	addChoices(choices, WorkerKinds)
	return choices
}

func addChoices[T ~string](to map[reflect.Type][]any, values []T) {
	for _, value := range values {
		to[reflect.TypeFor[T]()] = append(to[reflect.TypeFor[T]()], string(value))
	}
}
