package monitoring

import "platform/policy/pack"

// Rules are all of this package, in the order of the list.
var Rules = []pack.Rule{
	monitorTarget,
	metricsScraped,
	prometheusLetIn,
	alertText,
	alertSeverity,
	alertWaits,
	monitorStays,
	alertsExist,
	letInScrapes,
}
