// Command standin plays applications.
package main

func main() {}
