package image_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestProperties: attributes of other names are managed by their names; those of others stay, on every type of image.
func TestProperties(t *testing.T) {
	t.Parallel()
	for name, switches := range map[string]emulator.Switches{
		"likely": {}, "patch, add": {PatchAddRefused: true}, "patch, replace": {PatchReplaceCreates: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := emulator.Options{Switches: switches}
			eachIn(t, options, ofTypes(specimens(t)), func(t *testing.T, cloud *acctest.Cloud, s *specimen, m *acctest.Managed) {
				t.Helper()
				with := func(properties map[string]string) arguments { return s.arguments(arguments{"properties": properties}) }
				has := func(name string, want any) {
					t.Helper()
					for _, image := range cloud.OwnImages() {
						if image.ID == m.Attribute("id") && image.Attributes[name] != want {
							t.Errorf("%s is %v, want %v", name, image.Attributes[name], want)
						}
					}
				}
				both := with(map[string]string{"team": "a", "__support_fc_inject": "true"})
				m.ExpectApplied(both, acctest.Create)
				cloud.Change(m.Attribute("id"), func(i *emulator.Image) {
					i.Attributes["theirs"], i.Attributes["team"] = "x", "drifted"
				})
				acctest.NoDiagnostics(t, m.Refresh())
				m.ExpectPlan(both, acctest.Update)

				m.ExpectApplied(with(map[string]string{"team": "b"}), acctest.Update)
				has("team", "b")
				has("theirs", "x")
				has("__support_fc_inject", nil)

				m.ExpectApplied(s.arguments(), acctest.Update)
				has("team", nil)
				has("theirs", "x")
				m.ExpectDestroyed()
			})
		})
	}
}

// TestPropertiesRefused: what is no name of an attribute that users may have is refused at plan.
func TestPropertiesRefused(t *testing.T) {
	t.Parallel()
	m := acctest.Start(t, emulator.Options{}).Protocol(t, emulator.Owner).Manage(isoType)
	for name, words := range map[string]string{
		"Team": "small letters", "": "small letters", "min_ram": "argument of its own", "status": "argument of its own",
	} {
		plan := m.Plan(with(isoArguments, arguments{"properties": map[string]string{name: "x"}}))
		acctest.HasDiagnostic(t, plan.Diagnostics, "Invalid property", words)
	}
	plan := m.Plan(with(isoArguments, arguments{"properties": arguments{"team": nil}}))
	if !strings.Contains(strings.Join(plan.Diagnostics, "\n"), "is null") {
		t.Errorf("the plan says %v", plan.Diagnostics)
	}
}
