// Package acctest is the harness of the tests that run whole configurations.
//
// [Start] gives a test an emulator of its own whose clock steps: a wait of the provider moves it on, so no test waits
// for real time. There are three ways to have the provider do something there, the cheapest first.
//
//   - [Cloud.Protocol] talks to the provider as an engine does, in milliseconds: [Protocol.Manage] for a resource,
//     [Protocol.Look] for a data source, [Protocol.List] for a list.
//   - [Cloud.Attached] runs the engine that [Engine] finds, attached to the provider in this process, for what an
//     engine does: values from one resource to another, import and moved blocks, generated configurations.
//   - [Cloud.Workspace] runs the engine with the built provider, for what only a process of its own can show: signals,
//     exit codes, memory.
//
// What a test waits for is an event, never a time: see [Cloud.AwaitRequest], [emulator.Emulator.OnRequest] and
// [Workspace.AwaitLog]. A fault with the delay [Endless] holds a request until it is removed. Nothing that a test
// starts outlives the test run, however that ends.
package acctest
