// Package reach computes who can reach whom: from the network policies of a
// stack, its Services and its pods, on which ports and protocols, and through
// which policies.
//
// NetworkPolicies are checked as the API describes them, Calico's policies as
// its reference does. Three things are not checked. What a node does with the
// pods that run on it is always allowed, and a pod reaches itself. Protocols
// other than TCP, UDP and SCTP have no ports and are left out. And whatever
// the cluster has beside the stack is not known: pods of other namespaces are
// taken as free to send and to receive.
//
// Where an address is not known but to lie in a network, the answer is the
// wider one: that it may reach.
package reach
