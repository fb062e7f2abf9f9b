package acctest

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

type arguments = map[string]any

// step is something that happens to a resource.
type step struct {
	name      string
	outside   func(cloud *Cloud, image string) // what others do to the image before
	imports   bool                             // of an image that exists
	later     bool                             // the arguments are known only after an apply
	fails     bool
	arguments arguments // nil: it is destroyed
}

// driver makes steps in one way or another.
type driver interface {
	// apply makes a step, with an image to import or "". It returns what was done, as engines put it.
	apply(step *step, id string) string
	state() map[string]string
}

// managed drives a resource on the protocol.
type managed struct {
	*Managed
	t *testing.T
}

// succeeds fails the test if there is an error among the diagnostics.
func (m *managed) succeeds(diagnostics []string) {
	m.t.Helper()
	NoDiagnostics(m.t, slices.DeleteFunc(diagnostics, func(d string) bool { return strings.HasPrefix(d, "WARNING ") }))
}

func (m *managed) apply(step *step, id string) string {
	m.t.Helper()
	if id != "" {
		m.succeeds(m.Import(id))
	} else {
		m.succeeds(m.Refresh())
	}
	if step.arguments == nil {
		m.ExpectDestroyed()
		return "0 created, 0 modified, 1 destroyed"
	}
	planned := step.arguments
	if step.later {
		planned = unknown(planned)
	}
	plan := m.Plan(planned)
	m.succeeds(plan.Diagnostics)
	said := m.CarryOut(m.t.Context(), plan, step.arguments)
	if step.fails {
		return "failed"
	}
	m.succeeds(said)
	return map[Action]string{
		Create: "1 created, 0 modified, 0 destroyed", Update: "0 created, 1 modified, 0 destroyed",
		Replace: "1 created, 0 modified, 1 destroyed", Keep: "0 created, 0 modified, 0 destroyed",
	}[plan.Action]
}

func (m *managed) state() map[string]string {
	attributes := m.Attributes()
	for name := range attributes {
		if strings.HasSuffix(name, ".%") { // a state file does not tell maps from objects
			delete(attributes, name)
		}
	}
	if m.Tainted {
		attributes["tainted"] = "true"
	}
	return attributes
}

// unknown is arguments whose values are not known, nor those within nested blocks.
func unknown(known arguments) arguments {
	all := arguments{}
	for name, value := range known {
		all[name] = Unknown
		if blocks, ok := value.([]arguments); ok {
			var several []arguments
			for _, block := range blocks {
				several = append(several, unknown(block))
			}
			all[name] = several
		}
	}
	return all
}

// engine drives a resource with the real engine.
type engine struct {
	*Workspace
	typeName string
	t        *testing.T
}

func (e *engine) apply(step *step, id string) string {
	e.t.Helper()
	config, configured := "", step.arguments
	if step.later {
		var later Later
		configured = later.Arguments(configured)
		config = later.Block()
	}
	if id != "" {
		config += fmt.Sprintf("import {\n  to = %s.test\n  id = %q\n}\n", e.typeName, id)
	}
	if step.arguments != nil {
		config += Block(e.typeName, "test", configured)
	}
	e.Configure("%s", config)
	if result := e.Run(nil, "apply", "-auto-approve", "-no-color"); !step.fails || result.Code != 1 {
		return e.done(result)
	}
	return "failed"
}

// done is what the engine says that it did with the resource.
func (e *engine) done(result Result) string {
	times := func(what string) int { return strings.Count(result.Output, e.typeName+".test: "+what+" complete") }
	return fmt.Sprintf(
		"%d created, %d modified, %d destroyed", times("Creation"), times("Modifications"), times("Destruction"),
	)
}

func (e *engine) state() map[string]string {
	attributes := map[string]string{}
	state := e.State()[e.typeName+".test"]
	flattenJSON(attributes, "", state.Attributes)
	if state.Status == "tainted" {
		attributes["tainted"] = "true"
	}
	return attributes
}

// flattenJSON is a state file's value as [Managed.Attributes] has it, without the numbers of a map's elements.
func flattenJSON(found map[string]string, path string, value any) {
	switch value := value.(type) {
	case nil:
	case map[string]any:
		for name, element := range value {
			flattenJSON(found, strings.TrimPrefix(path+"."+name, "."), element)
		}
	case []any:
		found[path+".#"] = fmt.Sprint(len(value))
		for i, element := range value {
			flattenJSON(found, fmt.Sprintf("%s.%d", path, i), element)
		}
	case float64:
		found[path] = fmt.Sprintf("%.0f", value)
	default:
		found[path] = fmt.Sprint(value)
	}
}

// What differs from cloud to cloud.
var variable = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[0-9a-f]{32}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`)

// recorder notes what the provider is asked about one resource, with all values.
type recorder struct {
	tfprotov6.ProviderServer
	of   tftypes.Type
	t    *testing.T
	note func(string)
}

func (r *recorder) asked(what string, private []byte, values ...*tfprotov6.DynamicValue) {
	r.t.Helper()
	text := what
	for _, value := range values {
		object, err := value.Unmarshal(r.of)
		if err != nil {
			r.t.Error(err)
			return
		}
		var attributes []string
		for name, attribute := range flat(r.t, object) {
			attributes = append(attributes, name+"="+attribute)
		}
		slices.Sort(attributes)
		text += " " + fmt.Sprint(attributes)
	}
	r.note(variable.ReplaceAllString(text+" "+string(private), "*"))
}

func (r *recorder) ReadResource(
	ctx context.Context, q *tfprotov6.ReadResourceRequest,
) (*tfprotov6.ReadResourceResponse, error) {
	r.asked("read", q.Private, q.CurrentState)
	return r.ProviderServer.ReadResource(ctx, q)
}

func (r *recorder) PlanResourceChange(
	ctx context.Context, q *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	r.asked("plan", q.PriorPrivate, q.Config, q.PriorState, q.ProposedNewState)
	return r.ProviderServer.PlanResourceChange(ctx, q)
}

func (r *recorder) ApplyResourceChange(
	ctx context.Context, q *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	r.asked("apply", q.PlannedPrivate, q.Config, q.PriorState, q.PlannedState)
	return r.ProviderServer.ApplyResourceChange(ctx, q)
}

// sent are the requests but for sign-ins and looks at jobs, with their bodies.
func sent(t *testing.T, cloud *Cloud) []string {
	t.Helper()
	var all []string
	for _, r := range cloud.Journal() {
		if strings.HasPrefix(r.Path, "/v3") || IsJobPoll(r) {
			continue
		}
		body, err := json.Marshal(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, variable.ReplaceAllString(fmt.Sprintf("%s %s?%s %s", r.Method, r.Path, r.Query, body), "*"))
	}
	return all
}

// TestManagedLikeEngine makes the same steps with Managed and with a real engine: the same requests reach the cloud,
// and the states are the same.
func TestManagedLikeEngine(t *testing.T) {
	t.Parallel()
	system := arguments{"name": "golden", "image_url": emulator.ImageFile, "min_disk": 40}
	disks := func(sizes ...int) arguments {
		var blocks []arguments
		for i, size := range sizes {
			blocks = append(blocks, arguments{"image_url": fmt.Sprintf("golden-images:data-%d.qcow2", i), "min_disk": size})
		}
		return arguments{"data_disk": blocks}
	}
	tags := func(tags map[string]string) arguments { return arguments{"tags": tags} }
	renamed := func(cloud *Cloud, image string) {
		cloud.Change(image, func(i *emulator.Image) { i.Name, i.Tags["stranger"] = "drifted", "1" })
	}
	project := func(number int) string { return fmt.Sprintf("e%031d", number) }
	shared := func(projects ...string) arguments { return arguments{"image_id": sharedImage, "project_ids": projects} }

	for typeName, steps := range map[string][]step{
		"ims_system_disk_image": {
			{
				name:      "create",
				arguments: With(system, disks(20, 30), tags(map[string]string{"a": "1"}), arguments{"min_ram": 512}),
			},
			{
				name:      "nothing",
				arguments: With(system, disks(20, 30), tags(map[string]string{"a": "1"}), arguments{"min_ram": 512}),
			},
			{name: "update", arguments: With(system, disks(20, 30), tags(map[string]string{"b": "2"}), arguments{
				"name": "new", "description": "d", "timeouts": arguments{"create": "2h"},
			})},
			{name: "leave out", arguments: With(system, disks(20, 30))},
			{name: "drift", outside: renamed, arguments: With(system, disks(20, 30), tags(map[string]string{}))},
			{name: "known later", later: true, arguments: With(system, disks(20, 30), tags(map[string]string{"c": "3"}))},
			{
				name: "replace", arguments: With(system, disks(20), arguments{"os_version": "CentOS 7.0 64bit", "is_config": true}),
			},
			{name: "gone", outside: (*Cloud).Remove, arguments: With(system, arguments{"protected": false})},
			{name: "destroy"},
			{name: "create, known later", later: true, arguments: With(system, disks(20))},
		},
		"ims_iso_image": {
			{
				name: "import", imports: true,
				arguments: arguments{"name": "golden", "image_url": emulator.ISOFile, "min_disk": 20, "os_version": debian},
			},
			{name: "replace imported", arguments: arguments{
				"name": "golden", "image_url": emulator.ISOFile, "min_disk": 30, "os_version": debian, "multi_queue": true,
			}},
			{name: "destroy"},
			{name: "fail", fails: true, outside: func(cloud *Cloud, _ string) {
				cloud.Inject(emulator.Fault{Method: "PATCH", Times: 1, Status: 403, Code: "IMG.0161"})
			}, arguments: arguments{
				"name": "golden", "image_url": emulator.ISOFile, "min_disk": 30, "os_version": debian, "multi_queue": true,
			}},
			{name: "tainted", arguments: arguments{
				"name": "golden", "image_url": emulator.ISOFile, "min_disk": 30, "os_version": debian,
			}},
		},
		"ims_image_share": {
			{name: "create", arguments: shared(project(2), project(1))},
			{name: "update", arguments: shared(project(3), project(1))},
			{name: "drift", outside: func(cloud *Cloud, _ string) {
				cloud.Change(sharedImage, func(i *emulator.Image) { i.Members = i.Members[:1] })
			}, arguments: shared(project(3), project(1))},
			{name: "known later", later: true, arguments: shared(project(2))},
			{name: "none", arguments: shared()},
			{name: "destroy"},
		},
	} {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			var questions, requests, states [2][]string
			for way := range 2 {
				cloud := Start(t, emulator.Options{})
				for number := range 4 {
					cloud.AddProject(project(number))
					cloud.AddObject(fmt.Sprintf("golden-images:data-%d.qcow2", number), 1<<30)
				}
				cloud.AddImage(emulator.Image{ID: sharedImage, Name: "shared"})
				cloud.wrap = func(server tfprotov6.ProviderServer) tfprotov6.ProviderServer {
					schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
					if err != nil {
						t.Fatal(err)
					}
					var mu sync.Mutex
					note := func(question string) {
						mu.Lock()
						defer mu.Unlock()
						questions[way] = append(questions[way], question)
					}
					return &recorder{server, schemas.ResourceSchemas[typeName].ValueType(), t, note}
				}
				var d driver = &managed{cloud.Protocol(t, emulator.Owner).Manage(typeName), t}
				if way == 1 {
					d = &engine{cloud.Attached(t), typeName, t}
				}
				for _, step := range steps {
					if step.outside != nil {
						step.outside(cloud, d.state()["id"])
					}
					id := ""
					if step.imports {
						id = cloud.AddImage(emulator.Image{Name: "golden", MinDisk: 20, Attributes: map[string]any{
							"virtual_env_type": "IsoImage", "disk_format": "iso", "__data_origin": "file," + emulator.ISOFile,
						}})
					}
					cloud.ResetJournal()
					asked := len(questions[way])
					requests[way] = append(requests[way], step.name+": "+d.apply(&step, id))
					if step.arguments == nil { // engines plan to destroy before they read
						slices.Sort(questions[way][asked:])
					}
					for _, request := range sent(t, cloud) {
						requests[way] = append(requests[way], step.name+": "+request)
					}
					var attributes []string
					for name, value := range d.state() {
						attributes = append(
							attributes, fmt.Sprintf("%s: %s = %s", step.name, name, variable.ReplaceAllString(value, "*")),
						)
					}
					slices.Sort(attributes)
					states[way] = append(states[way], attributes...)
				}
			}
			if diff := cmp.Diff(questions[1], questions[0]); diff != "" {
				t.Errorf("questions (-engine +managed):\n%s", diff)
			}
			if diff := cmp.Diff(requests[1], requests[0]); diff != "" {
				t.Errorf("requests (-engine +managed):\n%s", diff)
			}
			if diff := cmp.Diff(states[1], states[0]); diff != "" {
				t.Errorf("states (-engine +managed):\n%s", diff)
			}
		})
	}
}

const (
	debian      = "Debian GNU/Linux 12.0.0 64bit"
	sharedImage = "70000000-0000-4000-8000-000000000001"
)
