package emulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// What differs between Open Telekom Cloud, Swiss OTC and Huawei Cloud, and what their references leave open. Each is a
// switch; ASSUMPTIONS.md says what each guess rests on.

// checkOffered refuses an operation that this cloud does not have.
func (e *Emulator) checkOffered(c *call) error {
	switches := e.options.Switches
	missing := switches.OldJobReadMissing && c.route.operation == "show job" ||
		switches.JobProgressMissing && c.route.operation == "show job progress" ||
		switches.NativeReadMissing && c.route.operation == "glance show image"
	if missing {
		return notOffered()
	}
	return nil
}

// neverGranted are the operations that no right through an enterprise project allows (API reference of Open Telekom
// Cloud, Permissions and Supported Actions).
var neverGranted = []string{
	"put tag", "change tags", "delete tag", "list image tags", "list project tags", "list images by tags",
	"list tag texts", "put tag text", "add members", "delete members", "answer shares", "glance list members",
	"glance add member", "glance show member", "glance answer share", "glance delete member", "glance put tag",
	"glance delete tag", "list OS versions", "glance create image", "glance upload file", "glance list images",
	"glance show schema",
}

// checkRights refuses what a user with rights through enterprise projects alone may not do.
func (e *Emulator) checkRights(c *call) error {
	if !e.options.Switches.EnterpriseProjectsOnly || c.route.access != toProjects {
		return nil
	}
	denied := gateway(
		http.StatusForbidden, "IMG.0026", "Policy doesn't allow the operation to be performed: "+c.route.operation,
	)
	named := func() bool {
		var body struct {
			Project string `json:"enterprise_project_id"`
		}
		return json.Unmarshal(c.body, &body) == nil && body.Project != ""
	}
	creates := []string{"create image", "quick import", "create data disk image", "create full-ECS image", "copy image"}
	switch operation := c.route.operation; {
	case slices.Contains(neverGranted, operation):
		return denied
	case operation == "list images" && !c.query.Has("enterprise_project_id"):
		return denied
	case slices.Contains(creates, operation) && !named():
		return denied
	}
	return nil
}

// tagRules are how many tags an image has, and what they look like.
type tagRules struct {
	most, longestKey, longestValue int
	symbols                        string // beside letters and digits
}

var (
	tagsOfOTC    = tagRules{most: mostTags, longestKey: longestKey, longestValue: longestValue, symbols: "_-"}
	tagsOfHuawei = tagRules{most: 20, longestKey: 128, longestValue: 255, symbols: " _.:+-@/="}
)

func (e *Emulator) tagRules() tagRules {
	if e.options.Switches.HuaweiTags {
		return tagsOfHuawei
	}
	return tagsOfOTC
}

func (r tagRules) check(t tag) error {
	key, value := utf8.RuneCountInString(t.Key), utf8.RuneCountInString(t.Value)
	if key < 1 || key > r.longestKey || value > r.longestValue ||
		strings.TrimSpace(t.Key) != t.Key || strings.TrimSpace(t.Value) != t.Value ||
		strings.ContainsAny(t.Key, "=/") || !r.allows(t.Key) || !r.allows(t.Value) {
		return refuse("IMG.0115")
	}
	return nil
}

func (r tagRules) allows(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c > 127
		return !letter && !strings.ContainsRune(r.symbols, c)
	})
}

// dataDisk is the range that a data disk image made from a file takes, in GB.
func (e *Emulator) dataDiskRange(osType string) (least, most int) {
	switch {
	case e.options.Switches.DataDiskFrom40:
		return 40, largestDataDisk
	case osType == "Windows":
		return 20, largestSystemDisk
	default:
		return 10, largestSystemDisk
	}
}

// translate puts a refusal's words into Chinese for those who ask for no language, as some clouds do.
func (e *Emulator) translate(c *call, a answer) answer {
	body, isObject := a.body.(map[string]any)
	if !e.options.Switches.ChineseMessages || a.status < http.StatusBadRequest || !isObject ||
		c.request.Header.Get("X-Language") == "en-us" {
		return a
	}
	const message = "请求失败。"
	if inner, ok := body["error"].(map[string]any); ok {
		a.body = map[string]any{"error": map[string]any{"code": inner["code"], "message": message}}
	} else if _, ok := body["error_msg"]; ok {
		a.body = map[string]any{"error_code": body["error_code"], "error_msg": message}
	}
	return a
}
