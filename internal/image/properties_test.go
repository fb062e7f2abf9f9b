package image_test

import (
	"testing"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/acctest"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

// TestProperties: attributes of other names are managed by their names; those of others stay, on every kind of image.
func TestProperties(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]emulator.Options{
		"likely":         {},
		"patch, add":     {Switches: emulator.Switches{PatchAddRefused: true}},
		"patch, replace": {Switches: emulator.Switches{PatchReplaceCreates: true}},
	} {
		cloud := acctest.Start(t, options)
		for typeName, arguments := range ways(cloud) {
			t.Run(name+"/"+typeName, func(t *testing.T) {
				m := cloud.Protocol(t, emulator.Owner).Manage(typeName)
				with := func(properties map[string]string) map[string]any {
					return with(arguments, map[string]any{"properties": properties})
				}
				attribute := func(name string) any {
					for _, image := range cloud.OwnImages() {
						if image.ID == m.Attribute("id") {
							return image.Attributes[name]
						}
					}
					return nil
				}
				acctest.Silent(t, m.Apply(t.Context(), with(map[string]string{"team": "a", "__support_fc_inject": "true"})))
				acctest.Silent(t, m.Refresh())
				if plan, _ := m.Plan(with(map[string]string{"team": "a", "__support_fc_inject": "true"})); !m.IsEmpty(plan) {
					t.Error("the second plan is not empty")
				}
				err := cloud.UpdateImage(m.Attribute("id"), func(i *emulator.Image) {
					i.Attributes["theirs"], i.Attributes["team"] = "x", "drifted"
				})
				if err != nil {
					t.Fatal(err)
				}
				acctest.Silent(t, m.Refresh())
				if plan, _ := m.Plan(with(map[string]string{"team": "a", "__support_fc_inject": "true"})); m.IsEmpty(plan) {
					t.Error("drift is not seen")
				}
				acctest.Silent(t, m.Apply(t.Context(), with(map[string]string{"team": "b"})))
				if attribute("team") != "b" || attribute("theirs") != "x" || attribute("__support_fc_inject") != nil {
					t.Errorf("the image has %v, %v, %v", attribute("team"), attribute("theirs"), attribute("__support_fc_inject"))
				}
				acctest.Silent(t, m.Apply(t.Context(), arguments))
				if attribute("team") != nil || attribute("theirs") != "x" {
					t.Errorf("the image has %v, %v", attribute("team"), attribute("theirs"))
				}
				acctest.Silent(t, m.Destroy(t.Context()))
			})
		}
	}
	cloud := acctest.Start(t, emulator.Options{})
	m := cloud.Protocol(t, emulator.Owner).Manage(isoType)
	for property, words := range map[string]string{
		"Team": "small letters", "min_ram": "argument of its own", "status": "argument of its own", "": "small letters",
	} {
		plan, _ := m.Plan(with(isoArguments, map[string]any{"properties": map[string]string{property: "x"}}))
		acctest.Says(t, acctest.Told(plan.Diagnostics), "Invalid property", words)
	}
	plan, _ := m.Plan(with(isoArguments, map[string]any{"properties": map[string]any{"team": nil}}))
	acctest.Says(t, acctest.Told(plan.Diagnostics), "Invalid property", "is null")
}
