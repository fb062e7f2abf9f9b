// Package emulator is IMS, the Image Management Service, with the Keystone in front of it, on one HTTP port: for the
// demo, for tests, and for people who test modules. It keeps state, and it is strict: what the API reference does not
// know, it refuses.
//
// A request takes one path ([Emulator.ServeHTTP] in emulator.go): journal (journal.go), faults (fault.go), rate limit,
// route (route.go), sign-in (authenticate.go, signature.go), the operation. Operations are methods in files named after
// what they do; the rules that they check are in rules.go. What exists is the world (world.go): images, jobs, and what
// images are made of. Jobs need no goroutine: whoever looks at the world first lets the jobs end that the clock says
// are over (job.go).
//
// Nothing here was tried against a live cloud. ASSUMPTIONS.md lists what is guessed; [Switches] turn the doubtful
// guesses around.
package emulator
