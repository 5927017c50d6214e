package serve

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// serving runs a Server on a free port to the end of the test.
func serving(t *testing.T, o Options) (address string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- New(o).Serve(ctx, nil, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

// givesUp is after how long the clients lose patience with what never comes.
const givesUp = "0.5"

// TestFaultsToCurl holds what the table says of curl.
func TestFaultsToCurl(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("no curl")
	}
	version, _ := exec.Command(curl, "--version").Output()
	worded := bytes.HasPrefix(version, []byte("curl 7.88.")) // other versions have other words
	address := serving(t, Options{Handler: Site(nil)})
	for _, f := range Faults() {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			seen := faultsSeen[f.Name]
			limit := "30"
			if seen.waits {
				limit = givesUp
			}
			cmd := exec.Command(curl, append([]string{"-q", "-sS", "--noproxy", "*", "-m", limit, "http://" + address + "/fault/" + f.Name}, seen.args...)...)
			var out, errOut bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &errOut
			if err := cmd.Run(); cmd.ProcessState == nil {
				t.Fatal(err)
			}
			if status := cmd.ProcessState.ExitCode(); status != seen.exit {
				t.Errorf("curl exits with %d, not %d: %s", status, seen.exit, &errOut)
			}
			if got := out.String(); got != seen.out && seen.out != "*" {
				t.Errorf("curl prints %q, not %q", got, seen.out)
			}
			if !strings.HasPrefix(errOut.String(), seen.curl) && worded {
				t.Errorf("curl says %q, not %q", &errOut, seen.curl)
			}
		})
	}
}

// logged is what has been logged; it is looked at when there is more.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

// Write implements io.Writer.
func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(p)
	close(l.more)
	l.more = make(chan struct{})
	return len(p), nil
}

func (l *logged) look(words string) (found bool, more chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), words), l.more
}

// TestFaultsToGo holds what the table says of Go's net/http.
func TestFaultsToGo(t *testing.T) {
	all := &logged{more: make(chan struct{})}
	log.SetOutput(all)
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	address := serving(t, Options{Handler: Site(nil)})
	for _, f := range Faults() {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			seen := faultsSeen[f.Name]
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			client := &http.Client{Transport: transport, Timeout: 30 * time.Second}
			if seen.waits {
				client.Timeout = 500 * time.Millisecond
			}
			content := ""
			response, err := client.Get("http://" + address + "/fault/" + f.Name)
			if err == nil {
				var b []byte
				b, err = io.ReadAll(response.Body)
				err = errors.Join(err, response.Body.Close())
				content = string(b)
			}
			want := seen.goOut
			if want == "=" {
				want = seen.out
			}
			if content != want {
				t.Errorf("the content is %q, not %q", content, want)
			}
			if (err == nil) != (seen.goErr == "") || err != nil && !strings.Contains(err.Error(), seen.goErr) {
				t.Errorf("the error is %v, not %q", err, seen.goErr)
			}
			for found, more := all.look(seen.goLog); !found; found, more = all.look(seen.goLog) {
				select {
				case <-more:
				case <-time.After(20 * time.Second):
					t.Fatalf("%q is not logged", seen.goLog)
				}
			}
		})
	}
}
