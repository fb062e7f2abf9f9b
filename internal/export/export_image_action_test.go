package export_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// invoked validates, plans and invokes the action, as an engine does, and returns the progress it tells and the
// problems it ends with.
func invoked(t *testing.T, p *acctest.Protocol, arguments map[string]any) (progress, problems []string) {
	t.Helper()
	const name = "ims_export_image"
	server, ok := p.ProviderServer.(tfprotov6.ActionServer)
	if !ok {
		t.Fatal("the provider has no actions")
	}
	note := func(diagnostics []*tfprotov6.Diagnostic, err error) bool {
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range diagnostics {
			problems = append(problems, d.Summary+": "+d.Detail)
		}
		return len(problems) > 0
	}
	config := p.Value(p.Schemas.ActionSchemas[name].Schema, arguments)
	valid, err := server.ValidateActionConfig(t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: name, Config: config})
	if note(valid.Diagnostics, err) {
		return nil, problems
	}
	plan, err := server.PlanAction(t.Context(), &tfprotov6.PlanActionRequest{ActionType: name, Config: config})
	if note(plan.Diagnostics, err) {
		return nil, problems
	}
	stream, err := server.InvokeAction(t.Context(), &tfprotov6.InvokeActionRequest{ActionType: name, Config: config})
	if err != nil {
		t.Fatal(err)
	}
	for event := range stream.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, e.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			note(e.Diagnostics, nil)
		}
	}
	return progress, problems
}

// TestExportImageAction speaks the protocol: the engines that know actions are newer than those that the suite has.
func TestExportImageAction(t *testing.T) {
	t.Parallel()
	const path = "/v1/cloudimages/*/file"
	for name, test := range map[string]struct {
		arguments map[string]any
		image     map[string]any
		fault     emulator.Fault
		progress  string
		problem   string // nothing: it goes well
		exports   int
	}{
		"format":      {arguments: map[string]any{"file_format": "qcow2"}, progress: "Exported to exports:golden", exports: 1},
		"quick":       {arguments: map[string]any{"quick_export": true}, progress: "%", exports: 1},
		"no format":   {problem: "Either a format or a quick export"},
		"bad timeout": {arguments: map[string]any{"file_format": "vhd", "timeout": "soon"}, problem: "must be a duration"},
		"ISO":         {arguments: map[string]any{"file_format": "vhd"}, image: map[string]any{"virtual_env_type": "IsoImage"}, problem: "is an ISO image"},
		"job fails":   {arguments: map[string]any{"file_format": "vhd"}, fault: emulator.Fault{Path: path, FailJob: "IMG.0079"}, progress: "job ", problem: "IMG.0079", exports: 1},
		"answer lost": {arguments: map[string]any{"file_format": "vhd"}, fault: emulator.Fault{Path: path, DropAnswer: true}, problem: "cannot be found out", exports: 1},
		"record gone": {arguments: map[string]any{"file_format": "vhd"}, fault: emulator.Fault{Path: path, ForgetJob: true}, problem: "could not be waited for", exports: 1},
		"out of time": {arguments: map[string]any{"file_format": "vhd", "timeout": "1ms"}, problem: "", exports: -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{Switches: emulator.Switches{OldJobReadProgress: true}})
			if test.fault.Path != "" {
				cloud.Inject(test.fault)
			}
			arguments := map[string]any{"image_id": cloud.AddImage(emulator.Image{Name: "golden", Attributes: test.image}), "bucket_url": "exports:golden"}
			for name, value := range test.arguments {
				arguments[name] = value
			}
			progress, problems := invoked(t, cloud.Protocol(t, emulator.Owner), arguments)
			if test.exports < 0 {
				if len(problems) == 0 {
					t.Error("it ended well")
				}
				return
			}
			if all := strings.Join(problems, "\n"); !strings.Contains(all, test.problem) || (all == "") != (test.problem == "") {
				t.Errorf("it ended with %q", all)
			}
			if all := strings.Join(progress, "\n"); !strings.Contains(all, test.progress) {
				t.Errorf("its progress was %q", all)
			}
			if got := exports(cloud); got != test.exports {
				t.Errorf("%d requests to export, want %d", got, test.exports)
			}
		})
	}
}
