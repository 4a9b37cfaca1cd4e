// Package pack is what rules are written with: what a rule is, how it reads
// resources of which not everything is known yet, and how it reports. It knows
// no rule and speaks no protocol.
package pack
