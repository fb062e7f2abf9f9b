// Command ims-emulator serves an emulated IMS and Keystone on loopback, for demos and tests. Its passwords are public.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/emulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "ims-emulator:", err)
		os.Exit(1)
	}
}

// settings are the command's flags.
type settings struct {
	listen  string
	verbose bool
	options emulator.Options
}

func parse(args []string, stderr io.Writer) (settings, error) {
	s := settings{options: emulator.Options{JobDurations: map[string]time.Duration{}}}
	flags := flag.NewFlagSet("ims-emulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	progress := true
	flags.StringVar(&s.listen, "listen", "127.0.0.1:19090", "loopback `address` to listen on; port 0 picks a free one")
	flags.Func(
		"job-duration",
		"how long jobs take (default 5s), or with a type before it (imsImportImageJob=2s) those of the "+
			"`[type=]duration`; repeatable",
		func(text string) error { return setDuration(&s.options, text) },
	)
	flags.BoolVar(&progress, "progress", true, "jobs report process_percent")
	flags.DurationVar(&s.options.Latency, "latency", 0, "how much longer every answer takes")
	flags.Float64Var(&s.options.Rate, "rate", 0, "requests `per second`; beyond it 429 with Retry-After; 0: no limit")
	flags.StringVar(&s.options.StateFile, "state", "", "`file` to keep the images in, to survive a restart")
	flags.DurationVar(&s.options.TokenLifetime, "token-lifetime", 24*time.Hour, "how long a token is valid")
	flags.IntVar(&s.options.ImageQuota, "quota", 100, "private images a project may have")
	flags.DurationVar(
		&s.options.Switches.GoneLate, "gone-late", 2*time.Second, "how long a deleted image stays in the list",
	)
	flags.Func("fault", "a `fault`; repeatable.\n"+emulator.FaultSyntax, func(text string) error {
		fault, err := emulator.ParseFault(text)
		s.options.Faults = append(s.options.Faults, fault)
		return err
	})
	flags.BoolVar(&s.verbose, "v", false, "log requests to the standard error")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	s.options.NoProgress = !progress
	return s, checkLoopback(s.listen)
}

func setDuration(options *emulator.Options, text string) error {
	jobType, length, typed := strings.Cut(text, "=")
	if !typed {
		length = text
	}
	d, err := time.ParseDuration(length)
	switch {
	case err != nil:
		return err
	case d <= 0:
		return errors.New("a job takes some time")
	case typed:
		options.JobDurations[jobType] = d
	default:
		options.JobDuration = d
	}
	return nil
}

// checkLoopback keeps the emulator, whose passwords everyone knows, off the network.
func checkLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("-listen %s: %w", address, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf(
			"-listen %s: only loopback addresses are allowed, such as 127.0.0.1:0, because the emulator's passwords are public",
			address,
		)
	}
	return nil
}

// run serves until ctx ends, and saves the state.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	s, err := parse(args, stderr)
	if err != nil {
		return err
	}
	emu, err := emulator.New(s.options)
	if err != nil {
		return err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", s.listen)
	if err != nil {
		return err
	}
	var handler http.Handler = emu
	if s.verbose {
		handler = logged(emu, slog.New(slog.NewTextHandler(stderr, nil)))
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	if err := announce(stdout, "http://"+listener.Addr().String()); err != nil {
		return errors.Join(err, listener.Close())
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err = <-served:
	case <-ctx.Done():
	}
	// The pauses of requests under way end with the emulator; half a second is for their answers.
	err = errors.Join(err, emu.Close())
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 500*time.Millisecond)
	defer cancel()
	if server.Shutdown(ending) != nil {
		err = errors.Join(err, server.Close())
	}
	return errors.Join(err, emu.Close())
}

// announce prints the ready line, which scripts wait for, and provider blocks to paste.
func announce(stdout io.Writer, url string) error {
	_, err := fmt.Fprintf(stdout, `ims-emulator ready at %s

%s
# A second project, to share images with.
%s
An image file in OBS: %s
A server:             %s
A volume:             %s
`, url, providerBlock(url, "", emulator.Owner),
		providerBlock(url, "  alias        = \"receiver\"\n", emulator.Receiver),
		emulator.ImageFile, emulator.InstanceID, emulator.VolumeID)
	return err
}

// providerBlock signs a tenant in. first is the block's first line, if it needs one more.
func providerBlock(url, first string, tenant emulator.Tenant) string {
	return fmt.Sprintf(`provider "ims" {
%s  auth_url     = "%s/v3"
  region       = %q
  user_name    = %q
  password     = %q
  domain_name  = %q
  project_name = %q
}
`, first, url, emulator.Region, tenant.UserName, tenant.Password, tenant.DomainName, tenant.ProjectName)
}

// logged logs each request and its answer's status; never a header or a body.
func logged(next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		seen := &statusWriter{ResponseWriter: w}
		next.ServeHTTP(seen, r)
		log.Info("request", "method", r.Method, "path", r.URL.Path, "query", r.URL.RawQuery, "status", seen.status,
			"request_id", w.Header().Get("X-Request-Id"), "took", time.Since(start).Round(time.Millisecond))
	})
}

// statusWriter remembers the status it wrote; 0: the connection was dropped.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
