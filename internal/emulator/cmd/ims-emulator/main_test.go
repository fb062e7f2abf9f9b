package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// serve runs the command until the test ends or stop is called, and returns its URL and everything it printed.
func serve(t *testing.T, args ...string) (url, printed string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := run(ctx, append([]string{"-listen", "127.0.0.1:0"}, args...), writer, io.Discard)
		_ = writer.CloseWithError(io.EOF)
		done <- err
	}()
	lines := bufio.NewScanner(reader)
	for lines.Scan() {
		printed += lines.Text() + "\n"
		if strings.HasPrefix(lines.Text(), "A volume:") {
			break
		}
	}
	firstLine, _, _ := strings.Cut(printed, "\n")
	url, ready := strings.CutPrefix(firstLine, "ims-emulator ready at ")
	if !ready {
		cancel()
		t.Fatalf("the first line is %q: %v", firstLine, <-done)
	}
	return url, printed, func() error {
		cancel()
		return <-done
	}
}

func status(t *testing.T, url string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := (&http.Client{Timeout: 10 * time.Second}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode
}

// TestServe prints the ready line and provider blocks, serves, and keeps its state when told to stop.
func TestServe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	url, printed, stop := serve(
		t, "-state", file, "-v", "-job-duration", "1s", "-job-duration", "imsImportImageJob=2s", "-fault",
		"GET /v2 status=503",
	)
	block := regexp.MustCompile(`(?m)^provider "ims" \{\n(  alias        = "receiver"\n)?  auth_url     = "` +
		regexp.QuoteMeta(url) + `/v3"\n(  \w+ += ".+"\n){5}\}$`)
	blocks := block.FindAllString(printed, -1)
	if len(blocks) != 2 || strings.Contains(blocks[0], "alias") || !strings.Contains(blocks[0], `"builder"`) ||
		!strings.Contains(
			blocks[1], "alias",
		) || !strings.Contains(blocks[1], `"receiver"`) || !strings.Contains(blocks[1], `"eu-de_receiver"`) {
		t.Errorf("%q in %s", blocks, printed)
	}
	if got := status(t, url+"/v3"); got != http.StatusOK {
		t.Errorf("status %d", got)
	}
	if got := status(t, url+"/v2"); got != http.StatusServiceUnavailable {
		t.Errorf("status %d in spite of the fault", got)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if files, err := filepath.Glob(file); err != nil || len(files) != 1 {
		t.Errorf("no state was kept: %v", err)
	}
}

// TestFlags refuses what makes no sense, in words that say why.
func TestFlags(t *testing.T) {
	for _, bad := range []struct {
		args []string
		want string
	}{
		{[]string{"-listen", "0.0.0.0:0"}, "loopback"},
		{[]string{"-listen", ":0"}, "loopback"},
		{[]string{"-listen", "192.0.2.1:0"}, "loopback"},
		{[]string{"-listen", "example.com:0"}, "loopback"},
		{[]string{"-listen", "127.0.0.1"}, "missing port"},
		{[]string{"-job-duration", "long"}, "invalid duration"},
		{[]string{"-job-duration", "x=0s"}, "some time"},
		{[]string{"-fault", "nosuch"}, "nosuch"},
		{[]string{"extra"}, "extra"},
	} {
		if err := run(t.Context(), bad.args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%v: %v, want %q", bad.args, err, bad.want)
		}
	}
	for _, good := range []string{"127.0.0.1:0", "[::1]:0", "localhost:19090"} {
		if err := checkLoopback(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	s, err := parse(
		[]string{
			"-job-duration", "3s", "-job-duration", "a=4s", "-progress=false", "-rate", "5", "-latency", "1ms", "-gone-late",
			"0s",
		},
		io.Discard,
	)
	if err != nil || !s.options.NoProgress ||
		s.options.JobDuration != 3*time.Second || s.options.JobDurations["a"] != 4*time.Second ||
		s.options.Rate != 5 ||
		s.options.Latency != time.Millisecond ||
		s.options.Switches.GoneLate != 0 {
		t.Errorf("%+v: %v", s, err)
	}
}
