// Package acctest is the harness of the tests that run whole configurations.
//
// [Start] gives a test an emulator of its own whose clock steps: a wait of the provider moves it on, so no test waits
// for real time. [Cloud.Test] runs configurations with the provider in this process, [Cloud.Workspace] with the built
// binary, for what only a process of its own can show: signals, exit codes, output. Both use the engine that [Engine]
// finds.
package acctest
