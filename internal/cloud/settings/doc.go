// Package settings decides how to sign in. It merges the provider block, clouds.yaml and the environment, and knows
// of each value where it came from. It sends no request; of agencies it knows names and what they need, nothing more.
//
// From the provider block to the settings of a session:
//
//	Config, Environment   the provider block, and what is around the process
//	sources.go            which source outranks which
//	table.go              every setting, with the places that can give it
//	clouds*.go            one of these places: an entry of clouds.yaml, its profile, secure.yaml
//	ways*.go              the ways to sign in: what chooses each, what it needs, what it uses
//	Resolve               merges the sources, chooses the way, drops what it does not use, checks the rest
//	Settings              the outcome: package cloud signs in with it
//
// To add a setting: a name (names.go), a row (table.go) and the way that uses it (ways.go).
package settings
