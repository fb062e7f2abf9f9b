package export_test

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// invoked validates, plans and invokes the action, as an engine does, and returns its progress and the problems it ends
// with.
func invoked(
	ctx context.Context, t *testing.T, p *acctest.Protocol, configured arguments,
) (progress, problems []string) {
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
	config := p.Value(p.Schemas.ActionSchemas[name].Schema, configured)
	valid, err := server.ValidateActionConfig(
		ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: name, Config: config},
	)
	if note(valid.Diagnostics, err) {
		return nil, problems
	}
	plan, err := server.PlanAction(ctx, &tfprotov6.PlanActionRequest{ActionType: name, Config: config})
	if note(plan.Diagnostics, err) {
		return nil, problems
	}
	stream, err := server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: name, Config: config})
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
	for name, test := range map[string]struct {
		arguments arguments
		image     arguments
		fault     emulator.Fault
		progress  string
		problem   string // nothing: it goes well
		exports   int
		expires   bool // while it waits
	}{
		"format":      {arguments: arguments{"file_format": "qcow2"}, progress: "Exported to exports:golden", exports: 1},
		"quick":       {arguments: arguments{"quick_export": true}, progress: "%", exports: 1},
		"no format":   {problem: "Either a format or a quick export"},
		"bad timeout": {arguments: arguments{"file_format": "vhd", "timeout": "soon"}, problem: "must be a duration"},
		"ISO": {
			arguments: arguments{"file_format": "vhd"}, image: arguments{"virtual_env_type": "IsoImage"},
			problem: "is an ISO image",
		},
		"job fails": {
			arguments: arguments{"file_format": "vhd"}, fault: emulator.Fault{Path: exportPath, FailJob: "IMG.0079"},
			progress: "job ", problem: "IMG.0079", exports: 1,
		},
		"answer lost": {
			arguments: arguments{"file_format": "vhd"}, fault: emulator.Fault{Path: exportPath, DropAnswer: true},
			problem: "cannot be found out", exports: 1,
		},
		"record gone": {
			arguments: arguments{"file_format": "vhd"}, fault: emulator.Fault{Path: exportPath, ForgetJob: true},
			problem: "could not be waited for", exports: 1,
		},
		"no time":     {arguments: arguments{"file_format": "vhd", "timeout": "1ns"}, problem: "timeout"},
		"out of time": {arguments: vhd, expires: true, problem: "It goes on at the service", exports: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := acctest.Start(t, emulator.Options{Switches: emulator.Switches{OldJobReadProgress: true}})
			if test.fault.Path != "" {
				cloud.Inject(test.fault)
			}
			image := cloud.AddImage(emulator.Image{Name: "golden", Attributes: test.image})
			ctx, expire := acctest.Deadline(t)
			if test.expires {
				cloud.OnRequest(acctest.IsJobPoll, expire)
			}
			progress, problems := invoked(
				ctx, t, cloud.Protocol(t, emulator.Owner), exportOf(image, "exports:golden", test.arguments),
			)
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
